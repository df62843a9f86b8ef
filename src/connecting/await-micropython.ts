import { setTimeout as delay } from 'node:timers/promises';
import { Board } from '../board/board.js';
import type { BoardInfo } from '../board/board-info.js';
import type { Context } from '../context.js';
import { UpywError, isOfFamily, isUpywError } from '../errors.js';
import { ByteReader } from '../transport/byte-reader.js';
import { RestartCounter } from '../rawrepl/restart-loop.js';
import type { Port } from '../transport/port.js';
import { quoteBytes } from '../transport/quote-bytes.js';

/** First boot makes a file system, which must not be interrupted: MicroPython is left alone for so long, or until its prompt. */
const bootTimeoutMs = 8000;
const answerTimeoutMs = 10_000;

/**
 * Watches a board start after `restart`, then asks it for its version. Throws `loader/no-micropython`, `rawrepl/restarts`, `port/…`,
 * `run/interrupted`.
 */
export async function awaitMicroPython(
  { world, reporter }: Context,
  port: Port,
  restart: () => Promise<void>,
): Promise<BoardInfo> {
  const { signal } = world;
  const done = reporter.busy('waiting for MicroPython to start');
  const reader = new ByteReader(port);
  try {
    await restart();
    const restarts = new RestartCounter();
    const onData = (bytes: Uint8Array) => {
      restarts.push(bytes);
      if (restarts.loop !== undefined)
        throw new UpywError('rawrepl/restarts', { port: port.name, ...restarts.loop });
    };
    await reader.readUntil('>>> ', { timeoutMs: bootTimeoutMs, signal, onData }).catch((error: unknown) => {
      // A board that runs its main.py shows no prompt; it is asked all the same.
      if (isUpywError(error, 'port/silent')) return;
      throw error;
    });
    // The prompt is there a moment before MicroPython listens.
    await delay(20, undefined, { signal });
    const board = await Board.connect(port, { timeoutMs: answerTimeoutMs, signal });
    try {
      return await board.info();
    } finally {
      await board.disconnect();
    }
  } catch (error) {
    if (!isOfFamily(error, 'rawrepl') || isUpywError(error, 'rawrepl/restarts')) throw error;
    const waitedMs = bootTimeoutMs + answerTimeoutMs;
    const lastBytes = quoteBytes(reader.tail);
    throw new UpywError('loader/no-micropython', { port: port.name, waitedMs, lastBytes }, { cause: error });
  } finally {
    reader.dispose();
    done();
  }
}
