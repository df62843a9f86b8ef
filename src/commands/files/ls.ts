import type { FileStore } from '../../board/file-store.js';
import type { BoardEntry } from '../../board/folders.js';
import type { Context } from '../../context.js';
import { formatTable } from '../../ui/format.js';
import { printableName } from '../../printable.js';
import { tellEmpty } from '../../ui/describe-files.js';
import { findOnBoard } from '../../copying/board-patterns.js';
import { boardPath } from '../../copying/board-operand.js';
import { withFiles } from '../../connecting/open-files.js';
import { type Match, isPattern } from '../../copying/patterns.js';

export interface LsOptions {
  readonly long?: true;
  readonly recursive?: true;
}

/** `upyw ls [PATH]`: names, folders with a slash; sizes with `-l`. Of a pattern what fits it, with its path. */
export async function ls(context: Context, operand: string | undefined, options: LsOptions): Promise<void> {
  const path = boardPath(operand ?? '', context.world.platform);
  const recursive = options.recursive === true;
  const { signal } = context.world;
  const entries = await withFiles(context, async (board) => {
    const matches = await findOnBoard(board, path, signal);
    if (matches.length === 0 || matches[0]?.path === path) return board.list(path, { recursive, signal });
    return listMatches(board, matches, { recursive, signal });
  });
  const showsPaths = recursive || isPattern(path);
  const name = (entry: BoardEntry) =>
    printableName(showsPaths ? entry.path : entry.name) + (entry.type === 'folder' ? '/' : '');
  const size = (entry: BoardEntry) => (entry.type === 'folder' ? '' : String(entry.sizeBytes));
  const text =
    options.long === true
      ? formatTable(
          entries.map((entry) => [size(entry), name(entry)]),
          [0],
        )
      : entries.map(name).join('\n');
  if (entries.length === 0) tellEmpty(context, path);
  context.reporter.result({ path, entries }, text);
}

async function listMatches(
  board: FileStore,
  matches: readonly Match<BoardEntry>[],
  options: { recursive: boolean; signal: AbortSignal },
): Promise<BoardEntry[]> {
  const entries: BoardEntry[] = [];
  for (const { entry } of matches) {
    entries.push(entry);
    if (options.recursive && entry.type === 'folder')
      entries.push(...(await board.list(entry.path, options)));
  }
  return entries;
}
