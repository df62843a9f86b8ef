import type { Board } from '../board/board.js';
import type { OperationOptions } from '../board/board-session.js';
import { isUpywError } from '../errors.js';

/** A file as it is; undefined where there is none. */
export async function readIfThere(
  board: Board,
  path: string,
  { signal }: OperationOptions,
): Promise<Uint8Array | undefined> {
  try {
    return await board.read(path, { signal });
  } catch (error) {
    if (isUpywError(error, 'board/not-found')) return undefined;
    throw error;
  }
}
