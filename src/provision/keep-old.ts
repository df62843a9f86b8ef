import { createHash } from 'node:crypto';
import type { FileStore } from '../board/file-store.js';
import type { OperationOptions } from '../board/board-session.js';
import { UpywError } from '../errors.js';
import type { PlannedFile, WantedFile } from './planned-file.js';
import { readIfThere } from './read-if-there.js';

/** A file that provisioning did not make, and under which name it is kept. */
export interface KeptFile extends WantedFile {
  readonly oldPath: string;
}

/** Behind the name of a file that somebody else made. */
const suffix = '.before-upyw';
const mostCopies = 9;

/** The names for copies of a file, oldest first. */
export function copyNames(path: string): string[] {
  return Array.from(
    { length: mostCopies },
    (_, index) => path + suffix + (index === 0 ? '' : `-${index + 1}`),
  );
}

/**
 * What is on the board under a name that provisioning needs, and is not of its making: it gets another name, in which `--undo`
 * finds it. What is kept already is not kept twice. Changes nothing.
 */
export async function planKept(
  board: FileStore,
  files: readonly PlannedFile[],
  { signal }: OperationOptions,
): Promise<KeptFile[]> {
  const kept: KeptFile[] = [];
  for (const { path, state, keepsOld } of files) {
    if (state !== 'changed' || keepsOld === undefined) continue;
    const bytes = await readIfThere(board, path, { signal });
    if (bytes === undefined || keepsOld.isOurs?.(bytes) === true) continue;
    const names = copyNames(path);
    const found = await board.hashFiles(names, { signal });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const isThere = found.some((copy) => copy?.sha256 === sha256);
    if (isThere || (keepsOld.onlyFirst === true && found.some((copy) => copy !== undefined))) continue;
    const free = names[found.indexOf(undefined)];
    if (free === undefined) throw new UpywError('board/exists', { path: names.at(-1) ?? path });
    kept.push({ path: free, oldPath: path, bytes, isSecret: true });
  }
  return kept;
}
