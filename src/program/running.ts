import type { EvalOptions } from '../commands/running/eval.js';
import type { ReplOptions } from '../commands/running/repl.js';
import type { ResetOptions } from '../commands/running/reset.js';
import type { RunFileOptions } from '../commands/running/run.js';
import type { RunOptions } from '../commands/running/run-code.js';
import type { CommandGroup, OptionDefinition } from './definition.js';

const rawFlag: OptionDefinition = {
  flags: '--raw',
  what: "leave the board's line ends (\\r\\n) as they are",
};

/** Commands that run Python on the board. */
export const runningCommands: CommandGroup = {
  title: 'Running code:',
  commands: [
    {
      call: 'run <file> [args...]',
      summary: 'run a file of this computer on the board',
      options: [
        { flags: '--no-follow', what: 'start it, and do not wait for what it prints' },
        { flags: '--keep', what: 'let it see the names that are there, and leave its own' },
        rawFlag,
      ],
      examples: [
        { line: 'upyw run blink.py' },
        { line: 'upyw run blink.py 3 fast', what: 'sys.argv is ["blink.py", "3", "fast"]' },
        { line: 'upyw run --no-follow main.py', what: 'start it and leave' },
        { line: 'upyw run tool.mpy', what: 'bytecode; its __name__ is not "__main__"' },
      ],
      flags: ['--port', '--dry-run'],
      many: 'prompt',
      run: async (context, file: string, args: string[], options: RunFileOptions) =>
        (await import('../commands/running/run.js')).run(context, file, args, options),
    },
    {
      call: 'exec <code>',
      summary: 'run Python code',
      options: [{ flags: '--no-follow', what: 'start it, and do not wait for what it prints' }, rawFlag],
      examples: [{ line: 'upyw exec "import os; print(os.uname())"' }, { line: 'upyw exec - < code.py' }],
      flags: ['--port', '--dry-run'],
      many: 'prompt',
      run: async (context, code: string, options: RunOptions) =>
        (await import('../commands/running/exec.js')).exec(context, code, options),
    },
    {
      call: 'eval <expression>',
      summary: 'show the value of an expression',
      options: [rawFlag],
      examples: [{ line: 'upyw eval "2 ** 10"' }],
      flags: ['--port', '--json'],
      many: 'prompt',
      run: async (context, expression: string, options: EvalOptions) =>
        (await import('../commands/running/eval.js')).evaluate(context, expression, options),
    },
    {
      call: 'repl',
      summary: "type Python at the board's prompt; Ctrl-] or Ctrl-X leaves",
      options: [{ flags: '--capture <file>', what: 'also write what the board says to a file' }],
      examples: [{ line: 'upyw repl' }, { line: 'upyw repl --capture session.txt' }],
      flags: ['--port'],
      run: async (context, options: ReplOptions) =>
        (await import('../commands/running/repl.js')).repl(context, options),
    },
    {
      call: 'reset',
      summary: 'restart the board',
      options: [
        { flags: '--soft', what: 'restart MicroPython only' },
        { flags: '--hard', what: 'by the reset line, as the EN button does (default where there is one)' },
        { flags: '--bootloader', what: 'into the ROM loader, ready for new firmware' },
      ],
      examples: [{ line: 'upyw reset' }, { line: 'upyw reset --soft' }],
      flags: ['--port', '--dry-run'],
      many: 'prompt',
      run: async (context, options: ResetOptions) =>
        (await import('../commands/running/reset.js')).reset(context, options),
    },
  ],
};
