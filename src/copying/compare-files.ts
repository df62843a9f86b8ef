import type { FileStore } from '../board/file-store.js';
import type { FileHash, Finding } from '../board/inspection.js';
import type { CopyOptions } from './copy-options.js';

interface Compared {
  readonly remote: string;
  readonly sizeBytes: number;
}

/** For each file whether the board has the same content as `hashes` says of the one here; what is not known is not the same. */
export async function compareFiles(
  board: Pick<FileStore, 'hashFiles'>,
  files: readonly Compared[],
  hashes: readonly (FileHash | undefined)[],
  { during, onNote, signal }: CopyOptions,
): Promise<boolean[]> {
  const paths = files.map(({ remote }) => remote);
  const found = await during('compare', files, (onProgress) =>
    board.hashFiles(paths, { expected: hashes, onProgress, signal }),
  );
  noteUnknown(found, onNote);
  return files.map((_, index) => {
    const there = found[index]?.sha256;
    return there !== undefined && there === hashes[index]?.sha256;
  });
}

/** Why everything is sent again to a board that cannot say what it has. */
export function noteUnknown(found: readonly Finding[], onNote: CopyOptions['onNote']): void {
  const isUnknown = found.some((each) => typeof each === 'object' && each.sha256 === undefined);
  if (isUnknown) onNote?.('this firmware cannot hash files, so all of them are sent');
}
