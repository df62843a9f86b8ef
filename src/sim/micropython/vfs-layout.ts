import { crc32 } from 'node:zlib';
import { blockSizeBytes, blocksOf } from './board-tree.js';

/**
 * The bytes of the `vfs` partition: a format of the virtual board's own, as plain as possible, in blocks of 4 KiB.
 *
 * Blocks 0 and 1 are superblocks, written in turn; the valid one with the higher sequence number counts:
 *   0 `UPYWVFS1` · 8 CRC-32 of what follows · 12 sequence · 16 index size in bytes · 20 CRC-32 of the index ·
 *   24 number of index blocks · 28 their block numbers          (all numbers u32, little endian)
 * The index lists every file and folder, folders before what is in them:
 *   0 type (1 file, 2 folder) · 2 length of the path (u16) · 4 size in bytes (u32) · 8 path (UTF-8) · block numbers (u32 each)
 * Every other block belongs to one file or is free. A blank partition is an empty file system.
 *
 * Nothing that the current superblock reaches is ever written: a change goes to free blocks, then to a new index, then to the
 * other superblock. Whenever the process or the power goes away, the partition holds the tree before or after the change.
 */
export interface IndexEntry {
  readonly type: 'file' | 'folder';
  readonly sizeBytes: number;
  readonly blocks: readonly number[];
}

export type Index = ReadonlyMap<string, IndexEntry>;

export interface Superblock {
  readonly sequence: number;
  readonly indexSizeBytes: number;
  readonly indexCrc: number;
  readonly indexBlocks: readonly number[];
}

export const superblockCount = 2;

const magic = new TextEncoder().encode('UPYWVFS1');
const entryHeaderBytes = 8;
const superblockHeaderBytes = 28;

/** What one entry takes in the index. */
export function indexEntryBytes(path: string, sizeBytes: number): number {
  return entryHeaderBytes + new TextEncoder().encode(path).length + 4 * blocksOf(sizeBytes);
}

/** Blocks that no file can have: superblocks, the index, and room for the next one, one block longer, beside it. */
export function overheadBlocks(indexBytes: number): number {
  return superblockCount + 1 + 2 * blocksOf(indexBytes + 1);
}

export function encodeIndex(index: Index): Uint8Array {
  let sizeBytes = 0;
  for (const [path, entry] of index) sizeBytes += indexEntryBytes(path, entry.sizeBytes);
  const bytes = new Uint8Array(sizeBytes);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [path, entry] of index) {
    const name = new TextEncoder().encode(path);
    view.setUint8(at, entry.type === 'file' ? 1 : 2);
    view.setUint16(at + 2, name.length, true);
    view.setUint32(at + 4, entry.sizeBytes, true);
    bytes.set(name, at + entryHeaderBytes);
    at += entryHeaderBytes + name.length;
    for (const block of entry.blocks) {
      view.setUint32(at, block, true);
      at += 4;
    }
  }
  return bytes;
}

/** Throws `RangeError` where the bytes are not an index. */
export function decodeIndex(bytes: Uint8Array): Map<string, IndexEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const index = new Map<string, IndexEntry>();
  for (let at = 0; at < bytes.length;) {
    const isFile = view.getUint8(at) === 1;
    const nameBytes = view.getUint16(at + 2, true);
    const sizeBytes = view.getUint32(at + 4, true);
    at += entryHeaderBytes;
    const path = new TextDecoder().decode(bytes.subarray(at, at + nameBytes));
    at += nameBytes;
    const blocks: number[] = [];
    for (let left = isFile ? blocksOf(sizeBytes) : 0; left > 0; left -= 1) {
      blocks.push(view.getUint32(at, true));
      at += 4;
    }
    index.set(path, { type: isFile ? 'file' : 'folder', sizeBytes: isFile ? sizeBytes : 0, blocks });
  }
  return index;
}

export function encodeSuperblock(superblock: Superblock): Uint8Array {
  const bytes = new Uint8Array(superblockHeaderBytes + 4 * superblock.indexBlocks.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint32(12, superblock.sequence, true);
  view.setUint32(16, superblock.indexSizeBytes, true);
  view.setUint32(20, superblock.indexCrc, true);
  view.setUint32(24, superblock.indexBlocks.length, true);
  superblock.indexBlocks.forEach((block, nth) => {
    view.setUint32(superblockHeaderBytes + 4 * nth, block, true);
  });
  view.setUint32(8, crc32(bytes.subarray(12)), true);
  return bytes;
}

/** @returns undefined where the block holds no whole superblock. */
export function decodeSuperblock(block: Uint8Array): Superblock | undefined {
  if (!magic.every((byte, at) => block[at] === byte)) return undefined;
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const count = view.getUint32(24, true);
  const end = superblockHeaderBytes + 4 * count;
  if (end > blockSizeBytes || view.getUint32(8, true) !== crc32(block.subarray(12, end))) return undefined;
  return {
    sequence: view.getUint32(12, true),
    indexSizeBytes: view.getUint32(16, true),
    indexCrc: view.getUint32(20, true),
    indexBlocks: Array.from({ length: count }, (_, nth) =>
      view.getUint32(superblockHeaderBytes + 4 * nth, true),
    ),
  };
}
