import type { FileStore } from '../board/file-store.js';
import type { BoardEntry } from '../board/folders.js';
import { isUpywError } from '../errors.js';
import { type Match, findMatches, isPattern } from './patterns.js';

/** Of a board, what patterns need. */
type Lister = Pick<FileStore, 'list'>;

/** What on the board fits a pattern; a path without one fits nothing. */
export async function findOnBoard(
  board: Lister,
  path: string,
  signal: AbortSignal,
): Promise<Match<BoardEntry>[]> {
  if (!isPattern(path)) return [];
  return findMatches(path, async (folder) => {
    try {
      return await board.list(folder, { signal });
    } catch (error) {
      if (isUpywError(error, 'board/not-found', 'board/not-a-folder')) return [];
      throw error;
    }
  });
}

/** Paths on the board, with patterns as what they stand for; what fits nothing stays, to be told as not found. */
export async function expandOnBoard(
  board: Lister,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const expanded: string[] = [];
  for (const path of paths) {
    const matches = await findOnBoard(board, path, signal);
    expanded.push(...(matches.length === 0 ? [path] : matches.map((match) => match.path)));
  }
  return expanded;
}
