import type { CpOptions } from '../commands/files/cp.js';
import type { GetOptions } from '../commands/files/get.js';
import type { LsOptions } from '../commands/files/ls.js';
import type { MkdirOptions } from '../commands/files/mkdir.js';
import type { PutOptions } from '../commands/files/put.js';
import type { RmOptions } from '../commands/files/rm.js';
import type { Sha256sumOptions } from '../commands/files/sha256sum.js';
import type { SyncOptions } from '../commands/files/sync.js';
import type { CommandGroup, OptionDefinition } from './definition.js';
import { transferSettings } from './settings.js';

const outsideLinks: OptionDefinition = {
  flags: '--outside-links',
  what: 'follow links that lead out of the folder, too',
};
const mpyFlag: OptionDefinition = {
  flags: '--mpy',
  what: 'compile .py here and send .mpy; main.py and boot.py stay as they are',
};
const noTurbo = "do not raise the console's rate, however much there is to transfer";

/** Commands on the board's files. */
export const fileCommands: CommandGroup = {
  title: 'Files on the board:',
  commands: [
    {
      call: 'ls [path]',
      summary: 'list a folder',
      options: [
        { flags: '-l, --long', what: 'with sizes' },
        { flags: '-R, --recursive', what: 'with all that is in the folders' },
      ],
      examples: [{ line: 'upyw ls' }, { line: 'upyw ls -l :lib' }, { line: 'upyw ls -R' }],
      flags: ['--port', '--json'],
      many: 'prompt',
      run: async (context, path: string | undefined, options: LsOptions) =>
        (await import('../commands/files/ls.js')).ls(context, path, options),
    },
    {
      call: 'tree [path]',
      summary: 'draw everything below a folder',
      examples: [{ line: 'upyw tree' }, { line: 'upyw tree :lib' }],
      flags: ['--port'],
      many: 'prompt',
      run: async (context, path: string | undefined) =>
        (await import('../commands/files/tree.js')).tree(context, path),
    },
    {
      call: 'cat <file...>',
      summary: 'show files',
      examples: [{ line: 'upyw cat boot.py' }, { line: 'upyw cat :lib/a.py :lib/b.py' }],
      flags: ['--port'],
      many: 'prompt',
      run: async (context, files: string[]) => (await import('../commands/files/cat.js')).cat(context, files),
    },
    {
      call: 'df',
      summary: 'show the space on the board',
      examples: [{ line: 'upyw df' }],
      flags: ['--port', '--json'],
      many: 'prompt',
      run: async (context) => (await import('../commands/files/df.js')).df(context),
    },
    {
      call: 'put <local...>',
      summary: 'copy files to the board',
      usage: '[options] <local...> [:dest]',
      options: [
        {
          flags: '-r, --recursive',
          what: 'copy folders too, without the files that are the same on the board',
        },
        { flags: '-f, --force', what: 'send those, too' },
        mpyFlag,
        outsideLinks,
        { flags: '--no-turbo', what: noTurbo },
      ],
      examples: [
        { line: 'upyw put main.py', what: 'to the same name on the board' },
        { line: 'upyw put blink.py :main.py', what: 'under another name; ":" marks the board' },
        { line: 'upyw put a.py b.py :lib', what: 'into a folder' },
        {
          line: 'upyw put -r lib :',
          what: 'a folder with all that is in it; what is there already is not sent',
        },
      ],
      flags: ['--port', '--dry-run'],
      settings: transferSettings,
      many: 'prompt',
      run: async (context, operands: string[], options: PutOptions) =>
        (await import('../commands/files/put.js')).put(context, operands, options),
    },
    {
      call: 'get <remote...>',
      summary: 'copy files from the board',
      usage: '[options] [:]<remote...> [local]',
      note: 'On a terminal it asks before a file here with another content is replaced.',
      options: [
        { flags: '-r, --recursive', what: 'copy folders too' },
        { flags: '--no-turbo', what: noTurbo },
      ],
      examples: [
        { line: 'upyw get main.py', what: 'to the same name here' },
        { line: 'upyw get :main.py old.py', what: 'under another name; the colon says that old.py is here' },
        { line: 'upyw get :a.py :b.py', what: 'two files of the board' },
        { line: 'upyw get :a.py :b.py backup/', what: 'into a folder' },
        { line: 'upyw get -r : backup', what: 'everything on the board' },
        { line: 'upyw get log.txt -', what: 'to stdout' },
      ],
      flags: ['--port', '--yes', '--dry-run'],
      settings: transferSettings,
      many: 'prompt',
      run: async (context, operands: string[], options: GetOptions) =>
        (await import('../commands/files/get.js')).get(context, operands, options),
    },
    {
      call: 'sync <folder> [dest]',
      summary: 'send what differs in a folder, compared by content',
      usage: '[options] <folder> [:dest]',
      note: 'A file .upywignore names what stays here, in the words of a .gitignore.',
      options: [
        { flags: '--delete', what: 'remove what is in the folder on the board and not here (asks first)' },
        { flags: '-w, --watch', what: 'go on as files change, until Ctrl-C' },
        mpyFlag,
        outsideLinks,
        { flags: '--no-turbo', what: noTurbo },
      ],
      examples: [
        { line: 'upyw sync src', what: 'what is in src goes to the top of the board' },
        { line: 'upyw sync src :app', what: '… into its folder app' },
        { line: 'upyw sync src --watch', what: '… and again whenever something changes here' },
        {
          line: 'upyw sync src --delete -n',
          what: 'what would go, since it is not in src; nothing is changed',
        },
      ],
      flags: ['--port', '--yes', '--dry-run'],
      settings: transferSettings,
      many: 'prompt',
      run: async (context, folder: string, dest: string | undefined, options: SyncOptions) =>
        (await import('../commands/files/sync.js')).sync(context, folder, dest, options),
    },
    {
      call: 'cp <path...>',
      summary: 'copy files on the board',
      usage: '[options] <from...> <to>',
      options: [{ flags: '-r, --recursive', what: 'copy folders too' }],
      examples: [
        { line: 'upyw cp main.py main.old.py' },
        { line: 'upyw cp :a.py :b.py :lib/', what: 'into a folder' },
        { line: 'upyw cp -r lib lib.old' },
      ],
      note: 'From this computer to the board: upyw put. Back: upyw get.',
      flags: ['--port', '--dry-run'],
      many: 'prompt',
      run: async (context, paths: string[], options: CpOptions) =>
        (await import('../commands/files/cp.js')).cp(context, paths, options),
    },
    {
      call: 'mv <path...>',
      summary: 'rename or move files and folders on the board',
      usage: '[options] <from...> <to>',
      examples: [
        { line: 'upyw mv old.py new.py' },
        { line: 'upyw mv :a.py :b.py :lib/', what: 'into a folder' },
      ],
      flags: ['--port', '--dry-run'],
      many: 'prompt',
      run: async (context, paths: string[]) => (await import('../commands/files/mv.js')).mv(context, paths),
    },
    {
      call: 'touch <file...>',
      summary: 'make empty files',
      examples: [{ line: 'upyw touch debug' }],
      note: 'A file that is there keeps its content, and counts as changed now.',
      flags: ['--port', '--dry-run'],
      many: 'prompt',
      run: async (context, files: string[]) =>
        (await import('../commands/files/touch.js')).touch(context, files),
    },
    {
      call: 'sha256sum <file...>',
      summary: 'show or check the SHA-256 of files',
      options: [
        {
          flags: '-c, --check',
          what: 'check those that a list names: a file here, with a colon on the board',
        },
      ],
      examples: [
        { line: 'upyw sha256sum main.py' },
        { line: 'upyw sha256sum ":*.py" > SHA256SUMS' },
        { line: 'upyw sha256sum -c SHA256SUMS' },
      ],
      flags: ['--port', '--json'],
      many: 'prompt',
      run: async (context, files: string[], options: Sha256sumOptions) =>
        (await import('../commands/files/sha256sum.js')).sha256sum(context, files, options),
    },
    {
      call: 'rm <path...>',
      summary: 'remove files',
      options: [{ flags: '-r, --recursive', what: 'remove folders with all that is in them' }],
      examples: [{ line: 'upyw rm old.py' }, { line: 'upyw rm -r :lib' }],
      flags: ['--port', '--yes', '--dry-run'],
      many: 'prompt',
      run: async (context, paths: string[], options: RmOptions) =>
        (await import('../commands/files/rm.js')).rm(context, paths, options),
    },
    {
      call: 'mkdir <folder...>',
      summary: 'make folders',
      options: [
        {
          flags: '-p, --parents',
          what: 'make the folders above too; fine if it is there (the port is --port here)',
        },
      ],
      examples: [{ line: 'upyw mkdir lib' }, { line: 'upyw mkdir -p lib/umqtt' }],
      flags: ['--port', '--dry-run'],
      many: 'prompt',
      run: async (context, folders: string[], options: MkdirOptions) =>
        (await import('../commands/files/mkdir.js')).mkdir(context, folders, options),
    },
    {
      call: 'rmdir <folder...>',
      summary: 'remove empty folders',
      examples: [{ line: 'upyw rmdir lib' }],
      flags: ['--port', '--dry-run'],
      many: 'prompt',
      run: async (context, folders: string[]) =>
        (await import('../commands/files/rmdir.js')).rmdir(context, folders),
    },
  ],
};
