import type { FileStore } from '../board/file-store.js';
import { hashLocalFiles } from '../local/hash-local.js';
import { compareFiles } from './compare-files.js';
import type { CopyOptions } from './copy-options.js';
import type { FileToPut, PutPlan } from './put-plan.js';
import { writeLocalFiles } from './write-local-files.js';

/** A plan of which some files turned out to be on the board already. */
export interface SparingPlan extends PutPlan {
  readonly unchanged: readonly FileToPut[];
}

/** Looks at all of them in one exchange, which takes less time than to send the smallest of them. */
export async function withoutUnchanged(
  board: FileStore,
  { folders, files }: PutPlan,
  options: CopyOptions,
): Promise<SparingPlan> {
  const hashes = await hashLocalFiles(files);
  const isSame = await compareFiles(board, files, hashes, options);
  return {
    folders,
    files: files.filter((_, index) => isSame[index] !== true),
    unchanged: files.filter((_, index) => isSame[index] === true),
  };
}

/** Makes the folders and writes the files of a plan. Throws `file/…`, `board/…`. */
export async function putFiles(
  board: FileStore,
  { folders, files }: PutPlan,
  options: CopyOptions,
): Promise<void> {
  await board.makeFolders(folders, { parents: true, signal: options.signal });
  await writeLocalFiles(board, files, options);
}
