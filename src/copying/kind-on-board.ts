import type { FileStore } from '../board/file-store.js';
import { isUpywError } from '../errors.js';

/** What is at a path of the board; undefined: nothing. */
export async function kindOnBoard(
  board: Pick<FileStore, 'stat'>,
  path: string,
): Promise<'file' | 'folder' | undefined> {
  try {
    return (await board.stat(path)).type;
  } catch (error) {
    if (isUpywError(error, 'board/not-found')) return undefined;
    throw error;
  }
}
