import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { UpywError, isUpywError } from '../errors.js';
import { errnoOf } from '../rawrepl/board-exception.js';
import { nameBatches } from './batches.js';
import { parentPath } from './board-path.js';
import type { BoardSession, TransferOptions } from './board-session.js';
import { changePaths, countBehind, doneSign } from './change-paths.js';
import { fileError } from './file-errors.js';
import { helperCall } from './helpers/device-code.js';
import { runHelper } from './helpers/run-helper.js';
import type { PathPair } from './path-pair.js';
import { writeError } from './transfer/write-error.js';

/** What device/helpers/copy.py reads at a time, and it reads all twice. */
const bufferBytes = 1024;
const readings = 2;

/** Copies files on the board; each target is the whole old file or the whole new one at any moment. */
export async function copyFiles(
  session: BoardSession,
  pairs: readonly PathPair[],
  { onProgress, signal }: TransferOptions,
): Promise<void> {
  let buffers = 0;
  for (const batch of nameBatches(pairs, ({ from, to }) => from + to)) {
    const printed: Uint8Array[] = [];
    const onOutput = (bytes: Uint8Array) => {
      printed.push(bytes);
      buffers += bytes.filter((byte) => byte === progressSign).length;
      onProgress?.((buffers * bufferBytes) / readings);
    };
    const count = (sign: string) => countBehind(sign, new TextDecoder().decode(Buffer.concat(printed)));
    const tag = randomBytes(4).toString('hex');
    const names = batch.map(({ from, to }) => [from, to]);
    try {
      await runHelper(session, await helperCall('copy', tag, names), { signal, onOutput });
    } catch (error) {
      const lacking = batch[count(missingSign) ?? NaN];
      throw lacking === undefined
        ? copyError(error, batch, count(doneSign) ?? 0)
        : fileError(error, lacking.from);
    }
    if (count(doneSign) !== batch.length) throw session.repl.nonsense('how many files are copied');
  }
}

const missingSign = '\x01';
const progressSign = '.'.charCodeAt(0);

function copyError(error: unknown, batch: readonly PathPair[], done: number): unknown {
  const pair = batch[done];
  const { from = '', to = '' } = pair ?? {};
  if (isUpywError(error, 'board/exception') && error.details.exception.startsWith('ValueError'))
    return new UpywError('board/copy-differs', { path: from, to }, { cause: error });
  return writeError(
    error,
    batch.map((each) => ({ path: each.to })),
    done,
  );
}

/** Renames; a file takes the place of another one. Throws `board/other-disk` where the new place is on another file system. */
export async function movePaths(
  session: BoardSession,
  pairs: readonly PathPair[],
  options: TransferOptions,
): Promise<void> {
  let at = 0;
  const call = (batch: readonly string[]) => {
    const part = pairs.slice(at, at + batch.length);
    at += batch.length;
    return helperCall(
      'move',
      part.map(({ from, to }) => [from, to]),
    );
  };
  const failed: { error?: unknown; from?: string } = {};
  const froms = pairs.map(({ from }) => from);
  try {
    await changePaths(
      session,
      froms,
      call,
      options,
      (error, from) => Object.assign(failed, { from, error }).error,
    );
  } catch (error) {
    const pair = pairs.find(({ from }) => from === failed.from);
    throw pair === undefined ? error : await moveError(session, pair, error);
  }
}

async function moveError(session: BoardSession, pair: PathPair, error: unknown): Promise<unknown> {
  const { from, to } = pair;
  const number = errnoOf(error);
  if (number === exdev) return new UpywError('board/other-disk', { path: from, to }, { cause: error });
  return fileError(error, number === enoent ? await missingOf(session, pair) : to);
}

const enoent = 2;
const exdev = 18;

/** What is not there: what is to be moved, or the folder that it is to go to. */
async function missingOf(session: BoardSession, { from, to }: PathPair): Promise<string> {
  const { statPath } = await import('./folders.js');
  const isThere = await statPath(session, from, {}).then(
    () => true,
    () => false,
  );
  return isThere ? parentPath(to) : from;
}

/** Makes files that are not there, empty; those that are there count as changed now. */
export async function touchFiles(
  session: BoardSession,
  paths: readonly string[],
  options: TransferOptions,
): Promise<void> {
  const call = (batch: readonly string[]) => helperCall('touch', batch);
  await changePaths(session, paths, call, options, (error, path) =>
    errnoOf(error) === enoent && parentPath(path) !== ''
      ? new UpywError('board/not-found', { path: parentPath(path), asFolder: true }, { cause: error })
      : fileError(error, path),
  );
}
