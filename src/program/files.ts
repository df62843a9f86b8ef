import type { Command } from 'commander';
import type { GetOptions } from '../commands/files/get.js';
import type { LsOptions } from '../commands/files/ls.js';
import type { MkdirOptions } from '../commands/files/mkdir.js';
import type { PutOptions } from '../commands/files/put.js';
import type { RmOptions } from '../commands/files/rm.js';
import type { SyncOptions } from '../commands/files/sync.js';
import { type Choose, declare } from './declare.js';

const outsideLinks = ['--outside-links', 'follow links that lead out of the folder, too'] as const;
const noTurbo = "do not raise the console's rate, however much there is to transfer";

/** Commands on the board's files. */
export function addFileCommands(program: Command, choose: Choose): void {
  program.commandsGroup('Files on the board:');
  addLooking(program, choose);
  addCopying(program, choose);
  addSyncing(program, choose);
  addChanging(program, choose);
}

function addLooking(program: Command, choose: Choose): void {
  declare(program, 'ls [path]', 'list a folder', 'upyw ls', 'upyw ls -l :lib', 'upyw ls -R')
    .option('-l, --long', 'with sizes')
    .option('-R, --recursive', 'with all that is in the folders')
    .action((path: string | undefined, options: LsOptions) => {
      choose(async (context) => (await import('../commands/files/ls.js')).ls(context, path, options));
    });
  declare(program, 'tree [path]', 'draw everything below a folder', 'upyw tree', 'upyw tree :lib').action(
    (path: string | undefined) => {
      choose(async (context) => (await import('../commands/files/tree.js')).tree(context, path));
    },
  );
  declare(program, 'cat <file...>', 'show files', 'upyw cat boot.py', 'upyw cat :lib/a.py :lib/b.py').action(
    (files: string[]) => {
      choose(async (context) => (await import('../commands/files/cat.js')).cat(context, files));
    },
  );
  declare(program, 'df', 'show the space on the board', 'upyw df').action(() => {
    choose(async (context) => (await import('../commands/files/df.js')).df(context));
  });
}

function addCopying(program: Command, choose: Choose): void {
  declare(
    program,
    'put <local...>',
    'copy files to the board',
    'upyw put main.py                 to the same name on the board',
    'upyw put blink.py :main.py       under another name; ":" marks the board',
    'upyw put a.py b.py :lib          into a folder',
    'upyw put -r lib :                a folder with all that is in it; what is there already is not sent',
  )
    .usage('[options] <local...> [:dest]')
    .option('-r, --recursive', 'copy folders too, without the files that are the same on the board')
    .option('-f, --force', 'send those, too')
    .option(...outsideLinks)
    .option('--no-turbo', noTurbo)
    .action((operands: string[], options: PutOptions) => {
      choose(async (context) => (await import('../commands/files/put.js')).put(context, operands, options));
    });
  declare(
    program,
    'get <remote...>',
    'copy files from the board',
    'upyw get main.py                 to the same name here',
    'upyw get :main.py old.py         under another name; the colon says that old.py is here',
    'upyw get :a.py :b.py             two files of the board',
    'upyw get :a.py :b.py backup/     into a folder',
    'upyw get -r : backup             everything on the board',
    'upyw get log.txt -               to stdout',
  )
    .usage('[options] [:]<remote...> [local]')
    .addHelpText('after', '\nOn a terminal it asks before a file here with another content is replaced.')
    .option('-r, --recursive', 'copy folders too')
    .option('--no-turbo', noTurbo)
    .action((operands: string[], options: GetOptions) => {
      choose(async (context) => (await import('../commands/files/get.js')).get(context, operands, options));
    });
}

function addSyncing(program: Command, choose: Choose): void {
  declare(
    program,
    'sync <folder> [dest]',
    'send what differs in a folder, compared by content',
    'upyw sync src                    what is in src goes to the top of the board',
    'upyw sync src :app               … into its folder app',
    'upyw sync src --watch            … and again whenever something changes here',
    'upyw sync src --delete -n        what would go, since it is not in src; nothing is changed',
  )
    .usage('[options] <folder> [:dest]')
    .option('--delete', 'remove what is in the folder on the board and not here (asks first)')
    .option('-w, --watch', 'go on as files change, until Ctrl-C')
    .option(...outsideLinks)
    .option('--no-turbo', noTurbo)
    .addHelpText('after', '\nA file .upywignore names what stays here, in the words of a .gitignore.')
    .action((folder: string, dest: string | undefined, options: SyncOptions) => {
      choose(async (context) =>
        (await import('../commands/files/sync.js')).sync(context, folder, dest, options),
      );
    });
}

function addChanging(program: Command, choose: Choose): void {
  declare(program, 'rm <path...>', 'remove files', 'upyw rm old.py', 'upyw rm -r :lib')
    .option('-r, --recursive', 'remove folders with all that is in them')
    .action((paths: string[], options: RmOptions) => {
      choose(async (context) => (await import('../commands/files/rm.js')).rm(context, paths, options));
    });
  declare(program, 'mkdir <folder...>', 'make folders', 'upyw mkdir lib', 'upyw mkdir -p lib/umqtt')
    .option('-p, --parents', 'make the folders above too; fine if it is there (the port is --port here)')
    .action((folders: string[], options: MkdirOptions) => {
      choose(async (context) =>
        (await import('../commands/files/mkdir.js')).mkdir(context, folders, options),
      );
    });
  declare(program, 'rmdir <folder...>', 'remove empty folders', 'upyw rmdir lib').action(
    (folders: string[]) => {
      choose(async (context) => (await import('../commands/files/rmdir.js')).rmdir(context, folders));
    },
  );
}
