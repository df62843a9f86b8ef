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

/** Which block of a file has its byte at `position`, and what of the file that begins with. */
export function blockAt(
  device: BlockDevice,
  position: number,
): { readonly index: number; readonly start: number } {
  let [index, start] = [0, 0];
  for (let next = capacityOf(device, 0); next <= position; next += capacityOf(device, index)) {
    start = next;
    index += 1;
  }
  return { index, start };
}

/** The blocks of a list, the first one first. Throws `corrupt`. */
export function ctzBlocks(device: BlockDevice, { head, sizeBytes }: CtzList): number[] {
  if (sizeBytes > device.blockCount * device.blockBytes)
    throw corrupt('a file is larger than its file system', head);
  const count = sizeBytes === 0 ? 0 : blockAt(device, sizeBytes - 1).index + 1;
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

/** A part of the content in these blocks. Throws `corrupt`. */
export function readBlocks(
  device: BlockDevice,
  blocks: readonly number[],
  position: number,
  end: number,
): Uint8Array {
  const content = new Uint8Array(end - position);
  let { index, start } = blockAt(device, position);
  for (let at = position; at < end;) {
    const next = start + capacityOf(device, index);
    const offset = 4 * pointerCount(index) + at - start;
    content.set(device.read(blocks[index] ?? 0, offset, Math.min(end, next) - at), at - position);
    [at, start] = [next, next];
    index += 1;
  }
  return content;
}

/** As much as this goes to the flash at once: MicroPython's cache. */
const pieceBytes = 128;

/** Writes content into new blocks, behind those that are kept of a file. Throws `no-space`. */
export class CtzWriter {
  /** Those of the content up to here. */
  readonly blocks: number[];
  /** Of the next byte in the file. */
  position: number;
  readonly #device: BlockDevice;
  readonly #allocator: Allocator;
  /** The last block as it is to be. */
  readonly #block: Uint8Array;
  #usedBytes: number;
  #programmedBytes = 0;

  /** @param position Where what is kept ends. */
  constructor(device: BlockDevice, allocator: Allocator, kept: readonly number[], position: number) {
    this.#device = device;
    this.#allocator = allocator;
    this.#block = new Uint8Array(device.blockBytes);
    this.#usedBytes = device.blockBytes;
    this.blocks = [...kept];
    this.position = position;
  }

  append(content: Uint8Array): void {
    for (let at = 0; at < content.length;) {
      if (this.#usedBytes === this.#device.blockBytes) this.#begin();
      const piece = content.subarray(at, at + this.#device.blockBytes - this.#usedBytes);
      this.#block.set(piece, this.#usedBytes);
      this.#usedBytes += piece.length;
      this.position += piece.length;
      at += piece.length;
      const unit = Math.max(pieceBytes, this.#device.programBytes);
      this.#program(this.#usedBytes - (this.#usedBytes % unit));
    }
  }

  /** The last piece is filled up to what can be programmed; nothing can be appended then. */
  finish(): void {
    this.#program(alignUp(this.#usedBytes, this.#device.programBytes));
  }

  #begin(): void {
    const index = this.blocks.length;
    const pointers = Array.from(
      { length: pointerCount(index) },
      (_, skip) => this.blocks[index - 2 ** skip] ?? 0,
    );
    this.#block.fill(erased);
    this.#block.set(words(...pointers));
    this.#usedBytes = 4 * pointers.length;
    this.blocks.push(this.#newBlock());
  }

  #newBlock(): number {
    const block = this.#allocator.allocate();
    this.#device.erase(block);
    this.#programmedBytes = 0;
    return block;
  }

  /** A block that does not keep what is written to it is left out of this file. */
  #program(end: number): void {
    while (this.#programmedBytes < end) {
      const block = this.blocks.at(-1) ?? 0;
      const bytes = this.#block.subarray(this.#programmedBytes, end);
      this.#device.program(block, this.#programmedBytes, bytes);
      const isKept = isSame(this.#device.read(block, this.#programmedBytes, bytes.length), bytes);
      if (isKept) this.#programmedBytes = end;
      else this.blocks.splice(-1, 1, this.#newBlock());
    }
  }
}
