import { Buffer } from 'node:buffer';
import { UpywError } from '../errors.js';
import type { ByteReader } from '../transport/byte-reader.js';
import { encodeText } from './control-bytes.js';

/** How MicroPython's prompt appears after a reset; nothing that was started before will answer any more. */
const friendlyGreeting = encodeText('Type "help()" for more information.\r\n>>> ');

/** Whether the board said last what it says after a reset. */
export function hasRestarted({ tail }: ByteReader): boolean {
  const end = tail.subarray(Math.max(0, tail.length - friendlyGreeting.length));
  return Buffer.compare(end, friendlyGreeting) === 0;
}

/** Throws `run/restarted` when the board is at its prompt after a reset. */
export function throwIfRestarted(reader: ByteReader): void {
  if (hasRestarted(reader)) throw new UpywError('run/restarted', {});
}
