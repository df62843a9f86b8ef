import type { FileStore } from '../board/file-store.js';
import type { OperationOptions } from '../board/board-session.js';
import { withAftermath } from '../errors.js';
import { type ProvisionPlan, bootPath, isToBeWritten, toWrite } from './plan.js';
import type { PlannedFile, WantedFile } from './planned-file.js';

export interface ApplyOptions extends OperationOptions {
  readonly onProgress?: (doneBytes: number) => void;
}

/** The bytes that `applyPlan` will write. */
export function bytesToWrite({ files, kept, boot }: ProvisionPlan): number {
  const sizes = [...kept, ...files.filter(isToBeWritten)].map(({ bytes }) => bytes.length);
  return sizes.reduce((sum, size) => sum + size, boot?.content?.length ?? 0);
}

/**
 * Writes what the plan says, copies of what it replaces first, each file verified before it takes its place, boot.py last: until then the board starts as
 * before, and every step can be repeated. Throws as `Board.writeFiles` does, with what state the board is in.
 */
export async function applyPlan(
  board: FileStore,
  { folders, files, kept, boot }: ProvisionPlan,
  { onProgress, signal }: ApplyOptions,
): Promise<void> {
  let doneBytes = 0;
  const write = async (some: readonly WantedFile[]) => {
    const startBytes = doneBytes;
    const update = (bytes: number) => onProgress?.(startBytes + bytes);
    await board.writeFiles(some.map(toWrite), { onProgress: update, signal });
    doneBytes += some.reduce((sum, { bytes }) => sum + bytes.length, 0);
  };
  const pending = files.filter(isToBeWritten);
  const isSecret = (file: PlannedFile) => file.isSecret === true;
  let isBootTurn = false;
  try {
    if (folders.length > 0) await board.makeFolders(folders, { parents: true, signal });
    if (kept.length > 0) await write(kept);
    const plain = pending.filter((file) => !isSecret(file));
    if (plain.length > 0) await write(plain);
    const secret = pending.filter(isSecret);
    if (secret.length > 0) await write(secret);
    const content = boot?.content;
    isBootTurn = true;
    if (content !== undefined) await write([{ path: bootPath, bytes: content, isSecret: true }]);
  } catch (error) {
    throw withAftermath(error, {
      // The connection may end between the board's last step and its answer.
      state: isBootTurn
        ? 'boot.py is whole, with the new lines or without; all that they need is there'
        : 'boot.py is as it was before, so the board starts as before',
      mend: `${hintOf(error)}; then run upyw provision again: it goes on where it stopped`,
    });
  }
}

function hintOf(error: unknown): string {
  return error instanceof Error && 'hint' in error ? String(error.hint) : 'Look at cable and port';
}
