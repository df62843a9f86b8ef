import type { Allocator } from './allocator.js';
import { type BlockDevice, erased } from './block-device.js';
import { alignUp, isSame, wordAt, words } from './bytes.js';
import { corrupt } from './littlefs-error.js';

/** A file's content in blocks, each of which points back to earlier ones. */
export interface CtzList {
  /** The last block. */
  readonly head: number;
  readonly sizeBytes: number;
}

/** How often a number can be halved: block n has one pointer more than that. */
function trailingZeros(value: number): number {
  return value === 0 ? 32 : 31 - Math.clz32(value & -value);
}

/** Block n of a file begins with pointers to the blocks n - 1, n - 2, n - 4 … as far as n can be halved. */
function pointerCount(index: number): number {
  return index === 0 ? 0 : trailingZeros(index) + 1;
}

/** How much of a file each of its blocks holds. */
function capacityOf({ blockBytes }: BlockDevice, index: number): number {
  return blockBytes - 4 * pointerCount(index);
}

/** In how many blocks a file of this size is, and how much of it stands before each. */
function starts(device: BlockDevice, sizeBytes: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < sizeBytes; at += capacityOf(device, found.length - 1)) found.push(at);
  return found;
}

/** The blocks of a list, the first one first. Throws `corrupt`. */
export function ctzBlocks(device: BlockDevice, { head, sizeBytes }: CtzList): number[] {
  if (sizeBytes > device.blockCount * device.blockBytes)
    throw corrupt('a file is larger than its file system', head);
  const count = starts(device, sizeBytes).length;
  const blocks = Array<number>(count);
  let block = head;
  for (let index = count - 1; index >= 0; index -= 1) {
    if (block >= device.blockCount)
      throw corrupt('a file points outside of its file system', blocks[index + 1] ?? head);
    blocks[index] = block;
    if (index > 0) block = wordAt(device.read(block, 0, 4), 0);
  }
  return blocks;
}

/** The whole content. Throws `corrupt`. */
export function readCtz(device: BlockDevice, list: CtzList): Uint8Array {
  const content = new Uint8Array(list.sizeBytes);
  const blocks = ctzBlocks(device, list);
  for (const [index, at] of starts(device, list.sizeBytes).entries()) {
    const sizeBytes = Math.min(capacityOf(device, index), list.sizeBytes - at);
    content.set(device.read(blocks[index] ?? 0, 4 * pointerCount(index), sizeBytes), at);
  }
  return content;
}

/**
 * Writes content into new blocks; those of `before` that hold only what has not changed (what stands before `changedFrom`) are taken over.
 * Throws `no-space`.
 */
export function writeCtz(
  device: BlockDevice,
  allocator: Allocator,
  content: Uint8Array,
  before?: { readonly blocks: readonly number[]; readonly sizeBytes: number; readonly changedFrom: number },
): CtzList {
  const places = starts(device, content.length);
  const blocks: number[] = [];
  const sameBytes = Math.min(before?.changedFrom ?? 0, before?.sizeBytes ?? 0);
  for (const [index, at] of places.entries()) {
    const capacity = capacityOf(device, index);
    const old = at + capacity <= sameBytes ? before?.blocks[index] : undefined;
    blocks.push(old ?? writeBlock(device, allocator, blocks, content.subarray(at, at + capacity)));
  }
  return { head: blocks.at(-1) ?? 0, sizeBytes: content.length };
}

/** A block that does not keep what is written to it is left out of this file. */
function writeBlock(
  device: BlockDevice,
  allocator: Allocator,
  before: readonly number[],
  content: Uint8Array,
): number {
  const index = before.length;
  const pointers = Array.from({ length: pointerCount(index) }, (_, skip) => before[index - 2 ** skip] ?? 0);
  const used = 4 * pointers.length + content.length;
  const bytes = new Uint8Array(alignUp(used, device.programBytes)).fill(erased);
  bytes.set(words(...pointers));
  bytes.set(content, 4 * pointers.length);
  for (;;) {
    const block = allocator.allocate();
    device.erase(block);
    device.program(block, 0, bytes);
    if (isSame(device.read(block, 0, bytes.length), bytes)) return block;
  }
}
