import { crc32 } from 'node:zlib';

/** The receiver reads so many bytes at a time and says one ACK for them. */
export const windowBytes = 32;
/** Of content in a block: with its header and its CRC-32 it fills the receiver's 1024 bytes. */
export const blockContentBytes = 1018;

const headerBytes = 2;
const crcBytes = 4;
const numbers = 64;

/** What is sent, checked and, where the line garbled it, sent again as one. */
export interface Block {
  /** Counted round and round, so that the receiver can say which one it wants. */
  readonly number: number;
  /** As it travels: filled up to whole windows. */
  readonly bytes: Uint8Array;
  /** How many bytes of files have arrived when it has. */
  readonly doneBytes: number;
}

/**
 * Frames up to 1018 bytes: length and number in two bytes, the content, the CRC-32 of all that, zeros up to whole windows of
 * 32. A block without content keeps a receiver waiting that would give up otherwise.
 */
export function makeBlock(index: number, content: Uint8Array, doneBytes: number): Block {
  const number = index % numbers;
  const usedBytes = headerBytes + content.length + crcBytes;
  const bytes = new Uint8Array(Math.ceil(usedBytes / windowBytes) * windowBytes);
  bytes[0] = content.length & 0xff;
  bytes[1] = (content.length >> 8) | (number << 2);
  bytes.set(content, headerBytes);
  const checkedBytes = headerBytes + content.length;
  new DataView(bytes.buffer).setUint32(checkedBytes, crc32(bytes.subarray(0, checkedBytes)), true);
  return { number, bytes, doneBytes };
}

/** A block whose length none can have: the receiver ends at once and removes its temporary file. */
export function stopBlock(index: number): Block {
  const bytes = new Uint8Array(windowBytes);
  bytes[0] = 0xff;
  bytes[1] = 3;
  return { number: index % numbers, bytes, doneBytes: 0 };
}
