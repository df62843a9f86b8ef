import type { MipInstallOptions } from '../commands/board/mip/install.js';
import type { MipTargetOption } from '../commands/board/mip/list.js';
import type { IndexFlags } from '../commands/board/mip/session.js';
import type { MipUpdateOptions } from '../commands/board/mip/update.js';
import type { MemOptions } from '../commands/board/mem.js';
import type { RtcOptions } from '../commands/board/rtc.js';
import type { CommandDefinition, CommandGroup, OptionDefinition } from './definition.js';
import { packageSettings, transferSettings } from './settings.js';

const indexFlag: OptionDefinition = {
  flags: '--index <place>',
  what: "an index, or a mirror's folder (micropython.org)",
};
const targetFlag: OptionDefinition = {
  flags: '--target <folder>',
  what: "the board's folder for libraries (the first of sys.path that ends in /lib)",
};
const formFlags: readonly OptionDefinition[] = [
  { flags: '--mpy', what: 'compile here what comes as .py' },
  { flags: '--no-mpy', what: 'take sources, no bytecode' },
  { flags: '--no-turbo', what: "do not raise the console's rate" },
];

const mipCommands: readonly CommandDefinition[] = [
  {
    call: 'install [package...]',
    summary: 'install packages and what they need; without names those of the configuration',
    options: [
      targetFlag,
      indexFlag,
      ...formFlags,
      { flags: '--save', what: 'also write them into the configuration, and the lock file' },
    ],
    examples: [
      { line: 'upyw mip install umqtt.simple aioble@0.5.0' },
      { line: 'upyw mip install github:ORG/REPO@v1.2', what: 'a package.json of a repository' },
      { line: 'upyw mip install https://example.com/sensor.py' },
      { line: 'upyw mip install ./mylib --save', what: 'a folder here that has a package.json' },
      { line: 'upyw mip install', what: 'what upyw.config.yaml has under packages:' },
    ],
    flags: ['--port', '--yes', '--dry-run', '--json'],
    many: 'prompt',
    settings: [...packageSettings, ...transferSettings],
    run: async (context, packages: string[], options: MipInstallOptions) =>
      (await import('../commands/board/mip/install.js')).mipInstall(context, packages, options),
  },
  {
    call: 'list',
    summary: 'what was installed, from where, and what was changed since',
    options: [targetFlag],
    examples: [{ line: 'upyw mip list' }, { line: 'upyw mip list --json' }],
    flags: ['--port', '--json'],
    many: 'prompt',
    run: async (context, options: MipTargetOption) =>
      (await import('../commands/board/mip/list.js')).mipList(context, options),
  },
  {
    call: 'remove <package...>',
    summary: 'remove packages, and what was there for them alone',
    alias: 'uninstall',
    options: [targetFlag],
    examples: [{ line: 'upyw mip remove umqtt.simple' }],
    flags: ['--port', '--yes', '--dry-run', '--json'],
    many: 'prompt',
    run: async (context, packages: string[], options: MipTargetOption) =>
      (await import('../commands/board/mip/remove.js')).mipRemove(context, packages, options),
  },
  {
    call: 'update [package...]',
    summary: 'install the newest of what was installed',
    note: 'What was asked for with a version (@0.5.0) keeps it.',
    options: [targetFlag, indexFlag, ...formFlags],
    examples: [{ line: 'upyw mip update' }, { line: 'upyw mip update aioble -n', what: 'what is new' }],
    flags: ['--port', '--yes', '--dry-run', '--json'],
    many: 'prompt',
    settings: ['mip.index', ...transferSettings],
    run: async (context, packages: string[], options: MipUpdateOptions) =>
      (await import('../commands/board/mip/update.js')).mipUpdate(context, packages, options),
  },
  {
    call: 'search [word...]',
    summary: 'look for packages in the index',
    options: [indexFlag],
    examples: [{ line: 'upyw mip search mqtt' }],
    flags: ['--json'],
    settings: ['mip.index'],
    run: async (context, words: string[], options: IndexFlags) =>
      (await import('../commands/board/mip/search.js')).mipSearch(context, words, options),
  },
  {
    call: 'show <package>',
    summary: 'what a package is, and what it brings',
    options: [indexFlag],
    examples: [{ line: 'upyw mip show aioble' }],
    flags: ['--json'],
    settings: ['mip.index'],
    run: async (context, name: string, options: IndexFlags) =>
      (await import('../commands/board/mip/show.js')).mipShow(context, name, options),
  },
  {
    call: 'mirror <name...>',
    summary: 'copy packages to a folder that serves as an index, such as one on a USB stick',
    usage: '[options] <name...> <folder>',
    options: [indexFlag],
    examples: [
      { line: 'upyw mip mirror aioble umqtt.simple mirror' },
      { line: 'upyw mip install --index mirror aioble' },
    ],
    flags: ['--dry-run', '--json'],
    settings: ['mip.index'],
    run: async (context, names: string[], options: IndexFlags) =>
      (await import('../commands/board/mip/mirror.js')).mipMirror(context, names, options),
  },
];

/** Commands on what else a board has. */
export const boardCommands: CommandGroup = {
  title: 'Libraries, memory, clock:',
  commands: [
    {
      call: 'mip',
      summary: 'libraries for the board: install, list, remove, update, search',
      examples: [
        {
          line: 'upyw mip install umqtt.simple',
          what: 'this computer downloads it; the board needs no network',
        },
        { line: 'upyw mip list' },
      ],
      flags: ['--port'],
      commands: mipCommands,
    },
    {
      call: 'mem',
      summary: "show how the board's memory is used",
      description:
        "show how the board's memory is used: free before and after a garbage collection, the largest piece, the firmware's, the flash",
      options: [{ flags: '-w, --watch', what: 'look again each second, and draw it, until Ctrl-C' }],
      examples: [{ line: 'upyw mem' }, { line: 'upyw mem --watch' }],
      flags: ['--port', '--json'],
      many: 'prompt',
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
      many: 'prompt',
      run: async (context, options: RtcOptions) =>
        (await import('../commands/board/rtc.js')).rtc(context, options),
    },
  ],
};
