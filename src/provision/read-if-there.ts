import type { FileStore } from '../board/file-store.js';
import type { OperationOptions } from '../board/board-session.js';
import { isUpywError } from '../errors.js';

/** A file as it is; undefined where there is none. */
export async function readIfThere(
  board: FileStore,
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
