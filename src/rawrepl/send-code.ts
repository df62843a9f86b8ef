import { setTimeout as delay } from 'node:timers/promises';
import { UpywError } from '../errors.js';
import type { ByteReader, WaitOptions } from '../transport/byte-reader.js';
import type { Port } from '../transport/port.js';
import { quoteBytes } from '../transport/quote-bytes.js';
import { ctrlA, ctrlD, ctrlE, encodeText, rawBanner } from './control-bytes.js';
import { isInStep } from './in-step.js';

/** The wire to a board that waits at the raw REPL's prompt. */
export interface Link {
  readonly port: Port;
  readonly reader: ByteReader;
  /** Told of what came where only the prompt speaks: the line garbled something, or a program prints from an interrupt. */
  readonly onOdd?: (() => void) | undefined;
}

const windowFreed = 0x01;
const boardEnds = 0x04;
const encodedCtrlD = encodeText(ctrlD);

/** What mpremote sends between pauses: less than any port's input ring holds. */
const plainChunkBytes = 256;
const plainPauseMs = 10;

/**
 * Sends code the old way: no flow control, so chunks that fit a board's input ring with pauses to read them, as
 * mpremote does. Returns when the board has taken it (`OK`).
 */
export async function sendPlain(link: Link, code: Uint8Array, wait: WaitOptions): Promise<void> {
  const { port, reader, onOdd } = link;
  for (let at = 0; at < code.length; at += plainChunkBytes) {
    if (at > 0) {
      // The plain raw REPL gives no sign of having read anything: time is all there is to wait for.
      await port.drain();
      await delay(plainPauseMs);
      if (wait.signal?.aborted === true) throw new UpywError('run/interrupted', {});
    }
    await port.write(code.subarray(at, at + plainChunkBytes));
  }
  await port.write(encodedCtrlD);
  const answer = await reader.readUntil('OK', wait);
  if (answer.length > 'OK'.length) onOdd?.();
}

/**
 * Asks for raw paste. Returns the window in bytes (two are free at first), or `undefined` where the firmware has no
 * raw paste; the board is then back at the raw prompt.
 */
export async function openRawPaste(link: Link, wait: WaitOptions): Promise<number | undefined> {
  const { port, reader, onOdd } = link;
  await port.write(encodeText(`${ctrlE}A${ctrlA}`));
  // Before its answer may come what the board prints of its own accord, or still had to say after trouble on the line.
  for (let said = ''; ;) {
    said = (said + String.fromCharCode(...(await reader.read(1, wait)))).slice(-rawBanner.length);
    if (said.endsWith('R\x01')) {
      if (said !== 'R\x01') onOdd?.();
      const [low = 0, high = 0] = await reader.read(2, wait);
      return low + high * 256;
    }
    if (said.endsWith('R\x00')) return undefined;
    if (said === rawBanner) {
      // Firmware older than raw paste took the Ctrl-A for itself and shows its banner again. Or that was an old one.
      if (!(await isInStep(port, reader, wait.signal)))
        throw protocolError({ port, reader }, 'the raw prompt');
      return undefined;
    }
  }
}

/**
 * Sends code through the raw paste just opened, never more than the board has room for. Resolves to whether the board
 * took all of it; it gives up on a syntax error. Its answer follows in either case, but where it stopped early, what was
 * under way already may become input of its own.
 */
export async function sendRawPaste(
  { port, reader, onOdd }: Link,
  code: Uint8Array,
  windowBytes: number,
  wait: WaitOptions,
): Promise<boolean> {
  // The second window is freed by a 0x01 behind the handshake, as every later one is.
  let freeBytes = windowBytes;
  for (let at = 0; at < code.length;) {
    while (freeBytes === 0 || reader.bufferedBytes > 0) {
      const [sign] = await reader.read(1, wait);
      if (sign === boardEnds) {
        await port.write(encodedCtrlD);
        return false;
      }
      // Anything else is what a program prints from an interrupt.
      if (sign === windowFreed) freeBytes += windowBytes;
      else onOdd?.();
    }
    const chunk = code.subarray(at, at + freeBytes);
    await port.write(chunk);
    at += chunk.length;
    freeBytes -= chunk.length;
  }
  await port.write(encodedCtrlD);
  await reader.readUntil(ctrlD, wait);
  return true;
}

/** `rawrepl/protocol` with what the board sent last. */
export function protocolError({ port, reader }: Link, expected: string): UpywError {
  return new UpywError('rawrepl/protocol', {
    port: port.name,
    expected,
    lastBytes: quoteBytes(reader.tail),
  });
}
