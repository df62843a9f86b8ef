import { Buffer } from 'node:buffer';
import { cameInTime } from '../transport/came-in-time.js';
import { ctrlA, encodeText, rawBanner } from './control-bytes.js';
import { throwIfRestarted } from './restarted.js';
import { type Link, protocolError } from './send-code.js';

export interface OutputOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onOutput: (bytes: Uint8Array) => void;
}

/** How long it must be quiet behind what looks like a program's end. */
const quietMs = 2_000;
/** A board at its prompt answers at once. */
const answerMs = 1_000;

/**
 * Everything that a user's program prints up to `mark`, however long it takes. A program that has ended, and whose mark a bad line has garbled,
 * is found by what stands behind it. Throws `rawrepl/protocol` then, `run/restarted`, `run/interrupted`, `port/lost`.
 */
export async function readOutput(
  link: Link,
  mark: Uint8Array | string,
  { signal, onOutput }: OutputOptions,
): Promise<void> {
  const { reader } = link;
  let heardAt = performance.now();
  let isAsked = false;
  const onData = (bytes: Uint8Array) => {
    heardAt = performance.now();
    isAsked = false;
    onOutput(bytes);
    throwIfRestarted(reader);
  };
  while (!(await cameInTime(reader.readUntil(mark, { timeoutMs: quietMs, signal, keep: false, onData })))) {
    if (isAsked || performance.now() - heardAt < quietMs || !looksLikeEnd(reader.tail)) continue;
    if (await isAtPrompt(link, signal)) throw protocolError(link, 'the end of the program');
    isAsked = true;
  }
}

/** Whether the last that came is `0x04 0x04 >`, the end of an answer, or that with one of the three garbled or lost. */
function looksLikeEnd(tail: Uint8Array): boolean {
  const [first, second, third] = Array.from(tail.subarray(-3), (byte) => String.fromCharCode(byte));
  const right = [first === '\x04', second === '\x04', third === '>'].filter(Boolean).length;
  return right >= 2 || `${second ?? ''}${third ?? ''}` === '\x04\x04';
}

/**
 * Asks for the raw prompt's banner, which a running program does not print. Only where all looks like an end: a program that reads its
 * input would get the question.
 */
async function isAtPrompt({ port, reader }: Link, signal: AbortSignal | undefined): Promise<boolean> {
  const said: Uint8Array[] = [];
  const onData = (bytes: Uint8Array) => void said.push(bytes);
  await port.write(encodeText(ctrlA));
  const wait = { timeoutMs: answerMs, signal, keep: false, onData };
  if (await cameInTime(reader.readUntil(rawBanner, wait))) return true;
  reader.unread(Buffer.concat(said));
  return false;
}
