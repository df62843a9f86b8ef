import { namedPath } from '../../board/board-path.js';
import type { FileStore } from '../../board/file-store.js';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { hasTerminal } from '../../world.js';
import type { World } from '../../world.js';
import { boardPath } from '../../copying/board-operand.js';
import { shownPath } from '../../ui/shown-path.js';
import { expandOnBoard } from '../../copying/board-patterns.js';
import { firstOf } from '../../ui/describe-files.js';
import { withFiles } from '../../connecting/open-files.js';

export interface RmOptions {
  readonly recursive?: true;
}

/** `upyw rm PATH…`: files, and with `-r` folders with all that is in them. */
export async function rm(context: Context, operands: readonly string[], options: RmOptions): Promise<void> {
  const { flags, reporter, world } = context;
  const named = operands.map((operand) => boardPath(operand, world.platform));
  const recursive = options.recursive === true;
  if (!flags.dryRun) await confirmEverything(context, named);
  const removed = await withFiles(context, async (board) => {
    const paths = await expandOnBoard(board, named, world.signal);
    if (flags.dryRun) return listRemoved(board, paths, recursive);
    await confirmPattern(context, named, paths);
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
  await confirm(world, `remove everything ${where}`);
}

/** What a pattern stands for is seen first by who can answer. */
async function confirmPattern(
  { world, flags }: Context,
  named: readonly string[],
  paths: readonly string[],
): Promise<void> {
  if (paths.length === named.length || flags.yes || !hasTerminal(world)) return;
  await confirm(world, `remove ${firstOf(paths.map(shownPath))}`);
}

async function confirm({ prompts }: World, what: string): Promise<void> {
  if (!(await prompts.confirm(`This will ${what}. Go on?`))) throw new UpywError('usage/declined', { what });
}

/** What `rm` would take away; the same things are refused. */
async function listRemoved(
  board: FileStore,
  paths: readonly string[],
  recursive: boolean,
): Promise<string[]> {
  const removed: string[] = [];
  for (const path of paths) {
    const { type } = await board.stat(path);
    if (type === 'folder' && !recursive) {
      throw new UpywError('board/is-folder', { path: namedPath(path), recursive: true });
    }
    if (type === 'folder')
      removed.push(...(await board.list(path, { recursive: true })).map((entry) => entry.path));
    // Of all that is on the board, the root itself stays.
    if (path !== '' && path !== '/') removed.push(path);
  }
  return removed;
}
