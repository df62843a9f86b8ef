import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { isUpywError } from '../../errors.js';
import type { RawChannel } from '../../rawrepl/raw-repl.js';
import { protocolError } from '../../rawrepl/send-code.js';
import { BlockSender, ReceiverEnded } from './block-sender.js';
import type { BoardSession, TransferOptions } from '../board-session.js';
import { helperCall } from '../helpers/device-code.js';
import { uploadStream } from './upload-stream.js';
import type { FileToWrite } from './upload-content.js';

export type { FileToWrite } from './upload-content.js';

/** A file that is on the board now, or here. */
export interface TransferResult {
  readonly path: string;
  readonly sizeBytes: number;
  /** Of the content, in hex; the board and this computer agree on it. */
  readonly sha256: string;
}

/**
 * Writes files by way of device/helpers/receive.py: one stream of raw bytes for all of them, in blocks with a CRC-32 that
 * are repeated when they arrive damaged, sent in windows of 32 bytes that are each acknowledged, so that the wire never rests
 * and the board's input ring never overflows. Per file its content, compressed where that makes it shorter and the
 * board can inflate, then its SHA-256; the board hashes what is on its flash, compares, renames, and says so.
 * `results` grows with every file that is in its place, also when a later one fails. Throws the board's exception.
 */
export async function upload(
  session: BoardSession,
  files: readonly FileToWrite[],
  results: TransferResult[],
  { onProgress, signal }: TransferOptions,
): Promise<void> {
  const tag = randomBytes(4).toString('hex');
  const manifest = files.map(({ path, sizeBytes }) => [path, sizeBytes]);
  const code = await helperCall('receive', tag, manifest);
  const startBytes = results.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const placed = new PlacedFiles(files, results);
  /** When the receiver ended too early, the exception that it raised follows. */
  const talk = async (channel: RawChannel): Promise<{ endedEarly?: RawChannel; hasProbed?: boolean }> => {
    const sender = new BlockSender(channel, {
      signal,
      patienceMs: session.patienceMs,
      onDelivered: (doneBytes) => onProgress?.(startBytes + doneBytes),
      onFinished: (beginning) => {
        placed.tell(beginning);
      },
      onRepeat: () => session.onNote?.('the line garbled something, which is sent again'),
    });
    let blocks = 0;
    try {
      await sender.ready();
      const compress = session.compresses && sender.inflates;
      for await (const block of uploadStream(files, compress, placed.digests)) {
        blocks += 1;
        await sender.send(block);
      }
      await sender.ended();
      return { hasProbed: sender.hasProbed };
    } catch (error) {
      if (error instanceof ReceiverEnded) await sender.skipToEnd();
      else {
        if (!isLost(error)) await sender.stop(blocks).catch(() => undefined);
        throw error;
      }
      return { endedEarly: channel };
    }
  };
  const { endedEarly, hasProbed } = await session.repl.session(code, talk, { signal });
  if (endedEarly !== undefined) throw protocolError(endedEarly, 'that the receiver goes on');
  if (hasProbed === true) await session.repl.settle();
  if (!placed.areAll) throw session.repl.nonsense('that the last file is in its place');
}

/** Turns what the board says of files in their places into results, in order. */
class PlacedFiles {
  /** Of the files' contents, known as they are sent. */
  readonly digests: Buffer[] = [];
  readonly #files: readonly FileToWrite[];
  readonly #results: TransferResult[];
  #count = 0;

  constructor(files: readonly FileToWrite[], results: TransferResult[]) {
    this.#files = files;
    this.#results = results;
  }

  /** The file whose SHA-256 begins so is in its place, and all before it: what told of them may have been lost. */
  tell(beginning: Uint8Array): void {
    const isMeant = (digest: Buffer, index: number) =>
      index >= this.#count && Buffer.compare(digest.subarray(0, beginning.length), beginning) === 0;
    const index = this.digests.findIndex(isMeant);
    while (this.#count <= index) this.#tellNext();
  }

  /** That the receiver ended without an exception is no proof of it: a bad line makes noise of one. */
  get areAll(): boolean {
    return this.#count === this.#files.length;
  }

  #tellNext(): void {
    const { path, sizeBytes } = this.#files[this.#count] ?? { path: '', sizeBytes: 0 };
    this.#results.push({ path, sizeBytes, sha256: this.digests[this.#count]?.toString('hex') ?? '' });
    this.#count += 1;
  }
}

/** Whether there is no receiver any more that could be told. */
function isLost(error: unknown): boolean {
  return isUpywError(error, 'port/silent', 'port/lost', 'run/restarted');
}
