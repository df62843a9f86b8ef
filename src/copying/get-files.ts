import type { FileTarget } from '../board/transfer/file-arrivals.js';
import type { FileStore } from '../board/file-store.js';
import { localError } from '../errors/local-error.js';
import { type LocalHash, hashLocalFile } from '../local/hash-local.js';
import { isOrdinaryFile } from '../local/local-files.js';
import { openLocalTarget } from '../local/local-target.js';
import { makeFolders } from '../local/make-folders.js';
import { compareFiles } from './compare-files.js';
import { type CopyOptions, totalBytesOf } from './copy-options.js';
import type { FileToGet, GetPlan } from './get-plan.js';
import { SecretWatch } from './holds-secret.js';

/** Those of the files that are here with another content, which would be lost. */
export async function findReplaced(
  board: FileStore,
  files: readonly FileToGet[],
  options: CopyOptions,
): Promise<FileToGet[]> {
  const areThere = await Promise.all(files.map(({ local }) => isOrdinaryFile(local)));
  const there = files.filter((_, index) => areThere[index]);
  if (there.length === 0) return [];
  // One after the other, so that few files are open at a time. What cannot be read is not known to be the same.
  const hashes: (LocalHash | undefined)[] = [];
  for (const { local } of there) hashes.push(await hashLocalFile(local).catch(() => undefined));
  const isSame = await compareFiles(board, there, hashes, options);
  return there.filter((_, index) => isSame[index] !== true);
}

/** Makes the folders and fetches the files of a plan. Returns which of them hold secrets. Throws `file/…`, `board/…`. */
export async function getFiles(
  board: FileStore,
  { folders, files }: GetPlan,
  { during, signal }: CopyOptions,
): Promise<{ readonly secret: readonly string[] }> {
  for (const folder of folders) {
    try {
      makeFolders(folder);
    } catch (error) {
      throw localError(error, folder);
    }
  }
  const secret: string[] = [];
  if (files.length === 0) return { secret };
  const paths = files.map(({ remote }) => remote);
  const onSecret = (local: string) => void secret.push(local);
  const totalBytes = totalBytesOf(files);
  await during('copy', files, (onProgress) =>
    board.receiveFiles(paths, (path, _, index) => openWatched(files[index]?.local ?? path, onSecret), {
      totalBytes,
      onProgress,
      signal,
    }),
  );
  return { secret };
}

/** A new file that turns out to hold a secret is for its owner's eyes only; one that was there keeps its mode. */
async function openWatched(local: string, onSecret: (local: string) => void): Promise<FileTarget> {
  const target = await openLocalTarget(local);
  const watch = new SecretWatch();
  return {
    write: (bytes) => {
      watch.see(bytes);
      return target.write(bytes);
    },
    finish: async () => {
      if (watch.found && target.isNew) await target.setMode(0o600);
      await target.finish();
      if (watch.found) onSecret(local);
    },
    abandon: () => target.abandon(),
  };
}
