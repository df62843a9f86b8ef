import type { ByteReader } from '../transport/byte-reader.js';
import { cameInTime } from '../transport/came-in-time.js';
import type { Port } from '../transport/port.js';
import type { ChipListener } from './chip-listener.js';
import { ctrlC, encodeText } from './control-bytes.js';

/** A program that goes to sleep at its start was caught each time so; it is interrupted between any two of its steps. */
const everyMs = 20;
/** From the last reset that was heard to the prompt, at most: 1 to 1.5 s, or what a main.py does before it can be interrupted. */
const startMs = 3_000;
const friendlyPrompt = '>>> ';

/**
 * Sends Ctrl-C steadily to a chip that has just been reset, so that boot.py or main.py meets one as soon as MicroPython listens. Returns at the
 * prompt, or when it is clear that there is none; a chip that resets again begins anew, until it is known to do nothing else.
 */
export async function interruptStart(
  port: Port,
  reader: ByteReader,
  heard: ChipListener,
  { deadline, signal }: { readonly deadline: number; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const onData = (bytes: Uint8Array): void => {
    heard.push(bytes);
  };
  let starts = heard.starts;
  let until = performance.now() + startMs;
  const isEnough = (): boolean => heard.loop !== undefined || heard.verdict?.inLoader === true;
  while (performance.now() < Math.min(until, deadline) && !isEnough()) {
    await port.write(encodeText(ctrlC));
    const wait = { timeoutMs: everyMs, signal, keep: false, onData };
    if (await cameInTime(reader.readUntil(friendlyPrompt, wait))) return;
    if (heard.starts > starts) until = performance.now() + startMs;
    starts = heard.starts;
  }
}
