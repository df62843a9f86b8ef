import type { FileStore } from '../board/file-store.js';
import type { Finding } from '../board/inspection.js';
import type { FileToWrite } from '../board/upload.js';
import type { Context } from '../context.js';
import { printableName } from '../printable.js';
import type { Progress, Reporter } from '../ui/reporter.js';
import { holdsSecret } from './holds-secret.js';
import { piecesOf } from '../local/local-files.js';
import type { FileToPut } from './put-plan.js';
import type { Skipped } from '../local/read-folder.js';
import { withProgress } from '../ui/with-progress.js';

/** Writes files of this computer to the board, with a bar under `label`. A trace gets no byte of those that hold secrets. */
export async function writeLocalFiles(
  { reporter, world, flags }: Context,
  board: FileStore,
  files: readonly FileToPut[],
  label: string,
): Promise<void> {
  if (files.length === 0) return;
  const written: FileToWrite[] = [];
  for (const file of files) {
    const { remote, sizeBytes } = file;
    const isSecret = flags.trace !== undefined && (await holdsSecret(file));
    written.push({ path: remote, sizeBytes, isSecret, load: () => piecesOf(file) });
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

const whySkipped: Readonly<Record<Skipped['why'], string>> = {
  'leads nowhere': 'a link that leads nowhere',
  'not ordinary': 'no ordinary file',
  outside: 'a link out of this folder. To copy what it leads to as well: --outside-links',
  'same name':
    'on a board it would be one with another file here, whose name looks the same. Give it another name',
  'not UTF-8': 'its name is not UTF-8, which a board needs. Give it another name',
};

/** What is here but is not copied is not passed over in silence. */
export function tellSkipped(reporter: Reporter, skipped: readonly Skipped[]): void {
  for (const { local, why } of skipped) {
    reporter.warn(`${printableName(local)} is left out: ${whySkipped[why]}`);
  }
}
