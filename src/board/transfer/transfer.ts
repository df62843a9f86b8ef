import { Buffer } from 'node:buffer';
import { concealed } from '../../transport/concealed.js';
import type { BoardSession, TransferOptions } from '../board-session.js';
import { atHigherSpeed, giveUpSpeed } from '../speed/console-speed.js';
import { isNoException, wasGarbled, wasGarbledText } from '../helpers/device-code.js';
import { download } from './download.js';
import { downloadText } from './download-text.js';
import type { TargetOpener } from './file-arrivals.js';
import { FileArrivals } from './file-arrivals.js';
import { fileError } from '../file-errors.js';
import { Retry, wasTheLine } from './retry.js';
import type { TransferResult } from './upload.js';
import { upload } from './upload.js';
import type { FileToWrite } from './upload-content.js';
import { uploadText } from './upload-text.js';
import { writeError } from './write-error.js';

/** Names and sizes travel with the helper's call and live in the board's RAM while it runs. */
const batchFiles = 64;
const batchNameBytes = 2_000;

/** What is about left of Python source; of other files it may be more. */
const compressedShare = 0.4;

/**
 * Writes files so that each target is either the whole old or the whole new file at any moment. Throws the typed error
 * of the first file that fails; those before it are in their places.
 */
export function writeFiles(
  session: BoardSession,
  files: readonly FileToWrite[],
  options: TransferOptions,
): Promise<TransferResult[]> {
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const wireBytes = totalBytes * (session.compresses ? compressedShare : 1);
  const plan = { wireBytes, direction: 'to board', signal: options.signal } as const;
  const write = () => atHigherSpeed(session, plan, () => writeAll(session, files, options));
  return files.some(({ isSecret }) => isSecret === true) ? concealed(session.repl.port, write) : write();
}

async function writeAll(
  session: BoardSession,
  files: readonly FileToWrite[],
  options: TransferOptions,
): Promise<TransferResult[]> {
  const results: TransferResult[] = [];
  const retry = new Retry(session);
  while (results.length < files.length) {
    const batch = nextBatch(files, results.length);
    const before = results.length;
    try {
      await (session.rawBytes ? upload : uploadText)(session, batch, results, options);
      session.tidied = true;
    } catch (error) {
      if (wasTheLine(error)) await giveUpSpeed(session);
      if (!retry.helps(error, results.length))
        throw writeError(heardError(session, error), batch, results.length - before);
    }
  }
  return results;
}

/** What was heard as an exception, and is none, is the line's fault. */
function heardError({ repl }: BoardSession, error: unknown): unknown {
  return isNoException(error) || wasGarbled(error) || wasGarbledText(error)
    ? repl.nonsense('what came of it')
    : error;
}

/** Gets each file that was asked for, whole and verified, in the order of the request. */
export type FileReceiver = (path: string, bytes: Uint8Array) => Promise<void> | void;

/** Reads files whole, verified, and hands each over. Throws the typed error of the first that fails. */
export async function readFiles(
  session: BoardSession,
  paths: readonly string[],
  onFile: FileReceiver,
  options: TransferOptions,
): Promise<void> {
  const open: TargetOpener = (path) => {
    const pieces: Uint8Array[] = [];
    return {
      write: (bytes) => void pieces.push(bytes),
      finish: () => onFile(path, new Uint8Array(Buffer.concat(pieces))),
      abandon: () => undefined,
    };
  };
  await receiveFiles(session, paths, open, options);
}

/**
 * Reads files piece by piece, so that none need be in memory. A target is finished only when its file is whole and verified.
 * Throws the typed error of the first that fails.
 */
export function receiveFiles(
  session: BoardSession,
  paths: readonly string[],
  open: TargetOpener,
  options: TransferOptions,
): Promise<void> {
  const { totalBytes = 0, signal } = options;
  const plan = { wireBytes: totalBytes, direction: 'from board', signal } as const;
  return atHigherSpeed(session, plan, () => receiveAll(session, paths, open, options));
}

async function receiveAll(
  session: BoardSession,
  paths: readonly string[],
  open: TargetOpener,
  options: TransferOptions,
): Promise<void> {
  const arrivals = new FileArrivals(paths, open, options.onProgress);
  const retry = new Retry(session);
  try {
    while (arrivals.pending.length > 0) {
      try {
        await (session.rawBytes ? download : downloadText)(session, arrivals, batchFiles, options);
      } catch (error) {
        if (wasTheLine(error)) await giveUpSpeed(session);
        if (!retry.helps(error, arrivals.progress))
          throw fileError(heardError(session, error), arrivals.pending[0] ?? '');
      }
    }
  } finally {
    await arrivals.restart();
  }
}

function nextBatch(files: readonly FileToWrite[], from: number): FileToWrite[] {
  const batch: FileToWrite[] = [];
  let nameBytes = 0;
  for (const file of files.slice(from, from + batchFiles)) {
    nameBytes += file.path.length;
    if (batch.length > 0 && nameBytes > batchNameBytes) break;
    batch.push(file);
  }
  return batch;
}
