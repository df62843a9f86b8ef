import { namedPath } from '../board/board-path.js';
import type { Board } from '../board/board.js';
import type { Context } from '../context.js';
import { UpywError } from '../errors.js';
import { hasTerminal } from '../ui/prompts.js';
import { boardPath, shownPath } from './support/board-path.js';
import { withBoard } from './support/open-board.js';

export interface RmOptions {
  readonly recursive?: true;
}

/** `upyw rm PATH…`: files, and with `-r` folders with all that is in them. */
export async function rm(context: Context, operands: readonly string[], options: RmOptions): Promise<void> {
  const paths = operands.map(boardPath);
  const recursive = options.recursive === true;
  const { flags, reporter, world } = context;
  if (!flags.dryRun) await confirmEverything(context, paths);
  const removed = await withBoard(context, async (board) => {
    if (flags.dryRun) return listRemoved(board, paths, recursive);
    await board.removePaths(paths, { recursive, signal: world.signal });
    return paths;
  });
  if (flags.dryRun) for (const path of removed) reporter.info(`would remove ${shownPath(path)}`);
  reporter.result({ removed, dryRun: flags.dryRun });
}

/** Emptying the whole board by a slip of the finger is asked about, where somebody can answer. */
async function confirmEverything({ world, flags }: Context, paths: readonly string[]): Promise<void> {
  const everything = paths.find((path) => path === '' || path === '/');
  if (everything === undefined || flags.yes || !hasTerminal(world)) return;
  const where = everything === '/' ? 'on the board' : "in the board's current folder";
  const what = `remove everything ${where}`;
  if (!(await world.prompts.confirm(`This will ${what}. Go on?`))) {
    throw new UpywError('usage/declined', { what });
  }
}

/** What `rm` would take away; the same things are refused. */
async function listRemoved(board: Board, paths: readonly string[], recursive: boolean): Promise<string[]> {
  const removed: string[] = [];
  for (const path of paths) {
    const { type } = await board.stat(path);
    if (type === 'folder' && !recursive) {
      throw new UpywError('board/is-folder', { path: namedPath(path), recursive: true });
    }
    if (type === 'folder')
      removed.push(...(await board.list(path, { recursive: true })).map((entry) => entry.path));
    removed.push(path);
  }
  return removed;
}
