import { Buffer } from 'node:buffer';
import type { RawChannel } from '../../rawrepl/raw-repl.js';
import type { Port } from '../../transport/port.js';
import { protocolError } from '../../rawrepl/send-code.js';
import type { BoardSession, OperationOptions } from '../board-session.js';
import { isUart } from '../speed/console-rates.js';
import { helperCall } from '../helpers/device-code.js';
import type { DownloadFrame } from './download-frames.js';
import { DownloadFrames } from './download-frames.js';
import type { FileArrivals } from './file-arrivals.js';

/**
 * A write that finds the ESP32's transmit FIFO of 128 bytes full sleeps for a tick of 10 ms (MicroPython from 1.20 on). Up to this rate the
 * FIFO outlasts that, and nothing is gained by pacing.
 */
const tickBaud = 128_000;

/** The time of a byte on the line, in sixteenths of a microsecond, for a board that has to keep to it; else 0. */
function paceOf(port: Port): number {
  const isPaced = isUart(port) && port.baudRate > tickBaud;
  return isPaced ? Math.ceil((16 * 10_000_000) / port.baudRate) : 0;
}

/**
 * Reads `count` files by way of device/helpers/send_frames.py, raw: everything in frames, each a byte for its kind, a length in two
 * bytes, its content and the CRC-32 over all frames up to there: a frame, or a short file, that was lost on its way is missed.
 * Per file a frame with its size, those with its content, one with its SHA-256.
 * Lengths frame everything, so 0x04 in the content means nothing. A garbled or missing frame ends it; what had arrived before
 * stays, and the next call asks for the rest. Throws the board's exception, `rawrepl/protocol`, `board/verify`.
 */
export async function download(
  { repl, patienceMs }: BoardSession,
  arrivals: FileArrivals,
  count: number,
  { signal }: OperationOptions,
): Promise<void> {
  const paths = arrivals.pending.slice(0, count);
  /** Returns the channel when the program on the board ended too early: the exception that it raised follows. */
  const talk = async (channel: RawChannel): Promise<RawChannel | undefined> => {
    const frames = new DownloadFrames(channel, patienceMs, signal);
    for (let left = paths.length; left > 0;) {
      const frame = await frames.next();
      if (frame === undefined) return channel;
      await take(channel, arrivals, frame);
      if (frame.kind === 'digest') left -= 1;
    }
    return undefined;
  };
  const pace = paceOf(repl.port);
  const { hereBytes } = arrivals;
  const code =
    pace === 0
      ? await helperCall('send', paths, hereBytes)
      : await helperCall('send_paced', paths, hereBytes, pace);
  const ended = await repl.session(code, talk, { signal });
  if (ended !== undefined) throw protocolError(ended, 'more files');
}

async function take(
  channel: RawChannel,
  arrivals: FileArrivals,
  { kind, content }: DownloadFrame,
): Promise<void> {
  if (kind === 'size') await arrivals.begin(Buffer.from(content).readUInt32LE(0));
  else if (kind === 'digest') await arrivals.finish(content);
  else if (content.length <= arrivals.missingBytes) await arrivals.take(content);
  else throw protocolError(channel, `${arrivals.missingBytes} bytes of the file`);
}
