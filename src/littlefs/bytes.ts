import { Buffer } from 'node:buffer';

/** Two blocks that hold the same piece of metadata, one in force and one to write next. */
export type BlockPair = readonly [number, number];

/** The pointer to nothing. */
const nowhere = 0xffffffff;
export const noPair: BlockPair = [nowhere, nowhere];

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Numbers as 32-bit little-endian words. */
export function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = viewOf(bytes);
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, true);
  return bytes;
}

/** The word at an index; that of a piece too short is the pointer to nothing. */
export function wordAt(bytes: Uint8Array, index: number): number {
  return bytes.length < (index + 1) * 4 ? nowhere : viewOf(bytes).getUint32(index * 4, true);
}

export function pairFrom(bytes: Uint8Array): BlockPair {
  return [wordAt(bytes, 0), wordAt(bytes, 1)];
}

export function isNowhere([left, right]: BlockPair): boolean {
  return left === nowhere || right === nowhere;
}

/** Whether both mean the same piece of metadata: one that was replaced block by block shares one with its older self. */
export function isSamePair([a, b]: BlockPair, [c, d]: BlockPair): boolean {
  return a === c || a === d || b === c || b === d;
}

/** The same two blocks, in whatever order. */
export function isEqualPair([a, b]: BlockPair, [c, d]: BlockPair): boolean {
  return (a === c && b === d) || (a === d && b === c);
}

/** The smallest multiple of `unit` that is not below `value`. */
export function alignUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/**
 * Names in littlefs' order: byte by byte, and one that begins another stands behind it. The specification says alphabetical; this is how
 * littlefs itself, in MicroPython, puts `boot.py` and `b`.
 */
export function compareNames(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  return Buffer.compare(left.subarray(0, length), right.subarray(0, length)) || right.length - left.length;
}

export function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
