import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { UpywError } from '../errors.js';
import type { RawChannel } from '../rawrepl/raw-repl.js';
import { protocolError } from '../rawrepl/send-code.js';
import type { BoardSession, TransferOptions } from './board-session.js';
import { helperCall } from './device-code.js';
import { ReceiverEnded, UploadSigns } from './upload-signs.js';

/** A file to be written: its size is told to the board first, its content is asked for when its turn has come. */
export interface FileToWrite {
  /** On the board. */
  readonly path: string;
  readonly sizeBytes: number;
  load(): Promise<Uint8Array> | Uint8Array;
}

/** A file that is on the board now, or here. */
export interface TransferResult {
  readonly path: string;
  readonly sizeBytes: number;
  /** Of the content, in hex; the board and this computer agree on it. */
  readonly sha256: string;
}

/** Reading back and hashing on the slowest board, per byte; littlefs may have to move much before it writes. */
const checkMsPerByte = 1 / 50;
/** Per file: finding its folder and its old version, and all that may be in the way. */
const locateMsPerFile = 200;

/**
 * Writes files by way of device/helpers/receive.py: raw bytes in windows of 32, each acknowledged by one byte, so that
 * the wire never rests and the board's input ring never overflows. Per file its content, then its SHA-256, each
 * filled up to whole windows; the board hashes what is on its flash, compares, renames, and answers with the hash.
 * `results` grows with every file that is in its place, also when a later one fails. Throws the board's exception.
 */
export async function upload(
  { repl }: BoardSession,
  files: readonly FileToWrite[],
  results: TransferResult[],
  { onProgress, signal }: TransferOptions,
): Promise<void> {
  const tag = randomBytes(4).toString('hex');
  const code = await helperCall(
    'receive',
    tag,
    files.map(({ path, sizeBytes }) => [path, sizeBytes]),
  );
  let doneBytes = results.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const digests: string[] = [];
  const waiting = [...files];
  /** Returns the channel when the receiver ended too early: the exception that it raised follows. */
  const talk = async (channel: RawChannel): Promise<RawChannel | undefined> => {
    const signs = new UploadSigns(channel, tag, {
      signal,
      onDelivered: (payloadBytes) => {
        doneBytes += payloadBytes;
        if (payloadBytes > 0) onProgress?.(doneBytes);
      },
      onFinished: (digest) => {
        const file = waiting.shift();
        if (file !== undefined) results.push(confirm(file, digests.shift() ?? '', digest));
      },
    });
    try {
      await sendAll(signs, files, digests);
      return undefined;
    } catch (error) {
      const failedOnItsOwn = error instanceof ReceiverEnded;
      await signs.end(error).catch((silence: unknown) => {
        throw failedOnItsOwn ? silence : error;
      });
      if (!failedOnItsOwn) throw error;
      return channel;
    }
  };
  const ended = await repl.session(code, talk, { signal });
  if (ended !== undefined) throw protocolError(ended, 'that the receiver goes on');
}

async function sendAll(signs: UploadSigns, files: readonly FileToWrite[], digests: string[]): Promise<void> {
  signs.extraPatienceMs = files.length * locateMsPerFile;
  await signs.ready();
  for (const file of files) {
    const bytes = await loadWhole(file);
    const digest = createHash('sha256').update(bytes).digest();
    digests.push(digest.toString('hex'));
    await signs.send(bytes);
    await signs.sendDigest(digest);
    signs.extraPatienceMs = file.sizeBytes * checkMsPerByte;
  }
  await signs.finished(files.length);
}

function confirm({ path, sizeBytes }: FileToWrite, expected: string, digest: Uint8Array): TransferResult {
  const actual = Buffer.from(digest).toString('hex');
  if (actual !== expected) throw new UpywError('board/verify', { path, expected, actual });
  return { path, sizeBytes, sha256: actual };
}

/** The file's content, which must be as long as the board was told. */
export async function loadWhole(file: FileToWrite): Promise<Uint8Array> {
  const bytes = await file.load();
  if (bytes.length === file.sizeBytes) return bytes;
  throw new UpywError('file/failed', { path: file.path, reason: 'it changed while it was being copied' });
}
