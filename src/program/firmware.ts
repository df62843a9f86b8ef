import type { FetchOptions } from '../commands/firmware/fetch.js';
import type { FirmwareListOptions } from '../commands/firmware/list.js';
import type { PruneOptions } from '../commands/firmware/prune.js';
import type { FirmwareServeOptions } from '../commands/firmware/serve.js';
import type { WhereOptions } from '../commands/firmware/where.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';
import { firmwareSettings } from './settings.js';

const variant: OptionDefinition = { flags: '--variant <name>', what: 'another build for it, such as SPIRAM' };
const refresh: OptionDefinition = { flags: '--refresh', what: 'ask again for what was looked up today' };

/** Which of a board's builds is meant: of `firmware fetch` and of `flash`. */
export const releaseOptions: readonly OptionDefinition[] = [
  variant,
  { flags: '--version <version>', what: 'this version, such as 1.26.1 (the newest release)' },
  { flags: '--preview', what: 'the newest preview build' },
  { flags: '--update', what: 'what is newest now, and hold the project to that' },
  refresh,
];

/** `upyw firmware …`: MicroPython's releases, and the cache of them. */
export const firmwareCommand: CommandDefinition = {
  call: 'firmware',
  summary: "find, get and keep MicroPython's firmware files",
  description:
    "Find, get and keep MicroPython's firmware files. They come from micropython.org, or from a mirror: UPYW_FIRMWARE_URL.",
  examples: [
    { line: 'upyw firmware list', what: 'all boards' },
    { line: 'upyw firmware list ESP32_GENERIC', what: 'what there is for one' },
    { line: 'upyw firmware fetch', what: 'the right one for the chip that is plugged in' },
    { line: 'upyw firmware serve --listen 0.0.0.0:8032', what: 'offer it to a room without internet' },
  ],
  flags: [],
  commands: [
    {
      call: 'list [board]',
      summary: 'list the boards that MicroPython has firmware for, or what it has for one',
      options: [
        { flags: '--preview', what: 'preview builds too' },
        { flags: '--variant <name>', what: 'only this build, such as SPIRAM' },
        refresh,
      ],
      examples: [
        { line: 'upyw firmware list' },
        { line: 'upyw firmware list ESP32_GENERIC_S3 --preview' },
        { line: 'upyw firmware list --json' },
      ],
      flags: ['--json'],
      settings: firmwareSettings,
      run: async (context, board: string | undefined, options: FirmwareListOptions) =>
        (await import('../commands/firmware/list.js')).firmwareList(context, board, options),
    },
    {
      call: 'fetch [board]',
      summary: 'get a firmware into the cache, checked; without a name for the chip that is plugged in',
      options: [
        ...releaseOptions,
        { flags: '--to <folder>', what: 'put it here as well, such as on a USB stick' },
      ],
      examples: [
        { line: 'upyw firmware fetch', what: 'the newest release for this chip' },
        { line: 'upyw firmware fetch ESP32_GENERIC --version 1.26.1' },
        { line: 'upyw firmware fetch ESP32_GENERIC_S3 --variant SPIRAM_OCT --to /media/stick' },
      ],
      flags: ['--port', '--dry-run', '--json'],
      settings: firmwareSettings,
      run: async (context, board: string | undefined, options: FetchOptions) =>
        (await import('../commands/firmware/fetch.js')).firmwareFetch(context, board, options),
    },
    {
      call: 'where [board]',
      summary: "show the cache's folder, or the newest file in it for a board",
      options: [
        variant,
        { flags: '--version <version>', what: 'this version' },
        { flags: '--preview', what: 'the newest preview build' },
      ],
      examples: [{ line: 'upyw firmware where' }, { line: 'upyw firmware where ESP32_GENERIC' }],
      flags: ['--json'],
      settings: firmwareSettings,
      run: async (context, board: string | undefined, options: WhereOptions) =>
        (await import('../commands/firmware/where.js')).firmwareWhere(context, board, options),
    },
    {
      call: 'prune',
      summary: 'take out of the cache all but the newest release for each board',
      options: [{ flags: '--all', what: 'those too' }],
      examples: [{ line: 'upyw firmware prune' }, { line: 'upyw firmware prune --dry-run' }],
      flags: ['--yes', '--dry-run'],
      run: async (context, options: PruneOptions) =>
        (await import('../commands/firmware/prune.js')).firmwarePrune(context, options),
    },
    {
      call: 'serve',
      summary: 'offer the cache to other computers, read only',
      options: [
        {
          flags: '--listen <address>',
          what: 'where to listen; other computers reach it only on 0.0.0.0',
          byDefault: '127.0.0.1:8032',
        },
      ],
      examples: [{ line: 'upyw firmware serve --listen 0.0.0.0:8032', what: 'for a room without internet' }],
      flags: ['--json'],
      run: async (context, options: FirmwareServeOptions) =>
        (await import('../commands/firmware/serve.js')).firmwareServe(context, options),
    },
  ],
};
