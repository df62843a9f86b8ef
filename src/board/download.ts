import { createHash } from 'node:crypto';
import { UpywError } from '../errors.js';
import type { RawChannel } from '../rawrepl/raw-repl.js';
import { protocolError } from '../rawrepl/send-code.js';
import type { BoardSession, TransferOptions } from './board-session.js';
import { helperCall } from './device-code.js';
import { DownloadFrames } from './download-frames.js';

/** Gets each file that was asked for, whole and verified, in the order of the request. */
export type FileReceiver = (path: string, bytes: Uint8Array) => Promise<void> | void;

/**
 * Reads files by way of device/helpers/send.py, raw: per file 0x11 and its size in four bytes; 0x0E, a length in two
 * bytes and so much content, until a length of 0; then its SHA-256. Lengths frame everything, so 0x04 in the content
 * means nothing. Throws the board's exception, `board/verify` for a file that arrived damaged.
 */
export async function download(
  { repl }: BoardSession,
  paths: readonly string[],
  onFile: FileReceiver,
  { onProgress, signal }: TransferOptions,
): Promise<void> {
  let doneBytes = 0;
  /** Returns the channel when the program on the board ended too early: the exception that it raised follows. */
  const talk = async (channel: RawChannel): Promise<RawChannel | undefined> => {
    const frames = new DownloadFrames(channel, signal);
    for (const path of paths) {
      const file = await frames.next((count) => {
        doneBytes += count;
        onProgress?.(doneBytes);
      });
      if (file === undefined) return channel;
      verify(path, file.bytes, file.sha256);
      await onFile(path, file.bytes);
    }
    return undefined;
  };
  const ended = await repl.session(await helperCall('send', paths), talk, { signal });
  if (ended !== undefined) throw protocolError(ended, 'more files');
}

/** Throws `board/verify` unless the content has the hash that the board computed. */
export function verify(path: string, bytes: Uint8Array, expected: string): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== expected) throw new UpywError('board/verify', { path, expected, actual });
}
