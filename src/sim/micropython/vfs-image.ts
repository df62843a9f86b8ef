import { crc32 } from 'node:zlib';
import type { Flash, FlashRegion } from '../guest.js';
import { blockSizeBytes, blocksOf, type TreeChange } from './board-tree.js';
import {
  decodeIndex,
  decodeSuperblock,
  encodeIndex,
  encodeSuperblock,
  superblockCount,
  type IndexEntry,
  type Superblock,
} from './vfs-layout.js';

export interface StoredEntry {
  readonly path: string;
  /** Absent for a folder. */
  readonly contents?: Uint8Array;
}

/**
 * The board's files in its flash (format: `vfs-layout.ts`). The seam where another format, littlefs, could come:
 * `read` everything at start, `commit` each change.
 */
export class VfsImage {
  readonly #flash: Flash;
  readonly #region: FlashRegion;
  #index = new Map<string, IndexEntry>();
  #superblock: Superblock = { sequence: 0, indexSizeBytes: 0, indexCrc: 0, indexBlocks: [] };

  constructor(flash: Flash, region: FlashRegion) {
    this.#flash = flash;
    this.#region = region;
    this.#load();
  }

  get totalBlocks(): number {
    return Math.floor(this.#region.sizeBytes / blockSizeBytes);
  }

  /** Folders come before what is in them. */
  read(): StoredEntry[] {
    return [...this.#index].map(([path, entry]) =>
      entry.type === 'folder'
        ? { path }
        : { path, contents: this.#readBlocks(entry.blocks, entry.sizeBytes) },
    );
  }

  /** Makes the changes as one step: after a crash either all of them are there or none. */
  commit(changes: readonly TreeChange[]): void {
    const next = new Map(this.#index);
    const used = this.#usedBlocks();
    for (const change of changes) this.#apply(change, next, used);
    this.#writeIndex(next, used);
  }

  #apply(change: TreeChange, next: Map<string, IndexEntry>, used: Set<number>): void {
    switch (change.kind) {
      case 'folder':
        next.set(change.path, { type: 'folder', sizeBytes: 0, blocks: [] });
        break;
      case 'remove':
        next.delete(change.path);
        break;
      case 'rename':
        renameEntry(next, change.path, change.newPath);
        break;
      case 'file': {
        const blocks = [...(next.get(change.path)?.blocks ?? [])].slice(0, blocksOf(change.sizeBytes));
        for (const { index, bytes } of change.blocks) blocks[index] = this.#writeBlock(bytes, used);
        next.set(change.path, { type: 'file', sizeBytes: change.sizeBytes, blocks });
      }
    }
  }

  #writeIndex(next: Map<string, IndexEntry>, used: Set<number>): void {
    const bytes = encodeIndex(next);
    const indexBlocks: number[] = [];
    for (let at = 0; at < bytes.length; at += blockSizeBytes) {
      indexBlocks.push(this.#writeBlock(bytes.subarray(at, at + blockSizeBytes), used));
    }
    const superblock: Superblock = {
      sequence: this.#superblock.sequence + 1,
      indexSizeBytes: bytes.length,
      indexCrc: crc32(bytes),
      indexBlocks,
    };
    this.#program(superblock.sequence % superblockCount, encodeSuperblock(superblock));
    this.#superblock = superblock;
    this.#index = next;
  }

  /** All blocks that the tree in flash needs: none of them may be touched. */
  #usedBlocks(): Set<number> {
    const used = new Set([0, 1, ...this.#superblock.indexBlocks]);
    for (const entry of this.#index.values()) for (const block of entry.blocks) used.add(block);
    return used;
  }

  #writeBlock(bytes: Uint8Array, used: Set<number>): number {
    let block = superblockCount;
    while (used.has(block)) block += 1;
    if (block >= this.totalBlocks) throw new RangeError('the vfs partition is full');
    used.add(block);
    this.#program(block, bytes);
    return block;
  }

  #program(block: number, bytes: Uint8Array): void {
    const offset = this.#region.offset + block * blockSizeBytes;
    this.#flash.erase(offset, blockSizeBytes);
    this.#flash.program(offset, bytes);
  }

  #readBlocks(blocks: readonly number[], sizeBytes: number): Uint8Array {
    const bytes = new Uint8Array(sizeBytes);
    blocks.forEach((block, nth) => {
      const start = nth * blockSizeBytes;
      const size = Math.min(blockSizeBytes, sizeBytes - start);
      bytes.set(this.#flash.read(this.#region.offset + block * blockSizeBytes, size), start);
    });
    return bytes;
  }

  #load(): void {
    const found = [0, 1]
      .map((block) => this.#flash.read(this.#region.offset + block * blockSizeBytes, blockSizeBytes))
      .map(decodeSuperblock)
      .filter((superblock) => superblock !== undefined)
      .sort((a, b) => b.sequence - a.sequence);
    for (const superblock of found) {
      const bytes = this.#readBlocks(superblock.indexBlocks, superblock.indexSizeBytes);
      if (crc32(bytes) !== superblock.indexCrc) continue;
      this.#superblock = superblock;
      this.#index = decodeIndex(bytes);
      return;
    }
  }
}

function renameEntry(index: Map<string, IndexEntry>, path: string, newPath: string): void {
  const moved = [...index].filter(([each]) => each === path || each.startsWith(`${path}/`));
  index.delete(newPath);
  for (const [each] of moved) index.delete(each);
  for (const [each, entry] of moved) index.set(newPath + each.slice(path.length), entry);
}
