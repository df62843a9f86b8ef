import type { Board } from '../../board/board.js';
import type { Finding } from '../../board/hash-files.js';
import type { FileToWrite } from '../../board/upload.js';
import type { Context } from '../../context.js';
import { printableName } from '../../printable.js';
import type { Progress, Reporter } from '../../ui/reporter.js';
import { holdsSecret } from './holds-secret.js';
import { readLocalPieces } from './local-files.js';
import type { FileToPut } from './put-plan.js';
import { withProgress } from './with-progress.js';

/** Writes files of this computer to the board, with a bar under `label`. A trace gets no byte of those that hold secrets. */
export async function writeLocalFiles(
  { reporter, world, flags }: Context,
  board: Board,
  files: readonly FileToPut[],
  label: string,
): Promise<void> {
  if (files.length === 0) return;
  const written: FileToWrite[] = [];
  for (const file of files) {
    const { local, remote, sizeBytes } = file;
    const isSecret = flags.trace !== undefined && (await holdsSecret(file));
    written.push({ path: remote, sizeBytes, isSecret, load: () => readLocalPieces(local, sizeBytes) });
  }
  await withProgress(reporter, label, totalBytesOf(files), (onProgress) =>
    board.writeFiles(written, { onProgress, signal: world.signal }),
  );
}

/** A bar for as long as the board hashes its files. */
export function showComparison(
  reporter: Reporter,
  files: readonly { readonly sizeBytes: number }[],
): Progress {
  return reporter.progress('compare', totalBytesOf(files));
}

function totalBytesOf(files: readonly { readonly sizeBytes: number }[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Why everything is sent again to a board that cannot say what it has. */
export function tellUnknown(reporter: Reporter, found: readonly Finding[]): void {
  const isUnknown = found.some((each) => typeof each === 'object' && each.sha256 === undefined);
  if (isUnknown) reporter.debug('this firmware cannot hash files, so all of them are sent');
}

/** What is here but cannot be copied is not passed over in silence. */
export function tellSkipped(reporter: Reporter, skipped: readonly string[]): void {
  for (const path of skipped) {
    reporter.warn(`${printableName(path)} is left out: a link that leads nowhere, or no ordinary file`);
  }
}
