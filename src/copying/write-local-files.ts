import type { FileStore } from '../board/file-store.js';
import type { FileToWrite } from '../board/transfer/upload.js';
import { piecesOf } from '../local/local-files.js';
import type { CopyOptions } from './copy-options.js';
import { holdsSecret } from './holds-secret.js';
import type { FileToPut } from './put-plan.js';

/** Writes files of this computer to a board. A record of the wire gets no byte of those that hold secrets. Throws `file/…`, `board/…`. */
export async function writeLocalFiles(
  board: FileStore,
  files: readonly FileToPut[],
  { during, isRecorded, signal }: CopyOptions,
): Promise<void> {
  if (files.length === 0) return;
  const written: FileToWrite[] = [];
  for (const file of files) {
    const { remote, sizeBytes } = file;
    const isSecret = isRecorded === true && (await holdsSecret(file));
    written.push({ path: remote, sizeBytes, isSecret, load: () => piecesOf(file) });
  }
  await during('copy', files, (onProgress) => board.writeFiles(written, { onProgress, signal }));
}
