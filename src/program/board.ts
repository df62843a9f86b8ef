import type { MemOptions } from '../commands/board/mem.js';
import type { RtcOptions } from '../commands/board/rtc.js';
import type { CommandGroup } from './definition.js';

/** Commands on what else a board has. */
export const boardCommands: CommandGroup = {
  title: 'Libraries, memory, clock:',
  commands: [
    {
      call: 'mem',
      summary: "show how the board's memory is used",
      description:
        "show how the board's memory is used: free before and after a garbage collection, the largest piece, the firmware's, the flash",
      options: [{ flags: '-w, --watch', what: 'look again each second, and draw it, until Ctrl-C' }],
      examples: [{ line: 'upyw mem' }, { line: 'upyw mem --watch' }],
      flags: ['--port', '--json'],
      run: async (context, options: MemOptions) =>
        (await import('../commands/board/mem.js')).mem(context, options),
    },
    {
      call: 'rtc',
      summary: "show or set the board's clock",
      options: [
        { flags: '--set', what: "give it this computer's local time" },
        { flags: '--utc', what: 'UTC instead of local time, as upyw provision sets it' },
      ],
      examples: [{ line: 'upyw rtc' }, { line: 'upyw rtc --set' }, { line: 'upyw rtc --set --utc' }],
      flags: ['--port', '--dry-run', '--json'],
      run: async (context, options: RtcOptions) =>
        (await import('../commands/board/rtc.js')).rtc(context, options),
    },
  ],
};
