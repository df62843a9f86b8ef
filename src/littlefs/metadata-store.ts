import type { Allocator } from './allocator.js';
import { type BlockDevice, isErasedUnit } from './block-device.js';
import { type BlockPair, alignUp, isNowhere, wordAt } from './bytes.js';
import { type Change, type Contents, ContentsBuilder, emptyContents } from './contents.js';
import { LittlefsError, corrupt } from './littlefs-error.js';
import { type MetadataBlock, readBlock } from './read-block.js';
import { TagType, firstTag, noId } from './tag.js';
import { changesOf, commitBytes, sizeOf, writeCommit } from './write-block.js';

/** A piece of metadata: a folder, or a part of a long one. */
export interface Piece extends Contents {
  /** The block in force first. */
  readonly pair: BlockPair;
}

/** What stands in a block beside its entries: revision, tail, global state, an entry's deletion, checksums (littlefs' own 40 bytes). */
const reservedBytes = 40;
/** How much of what may stand in a piece does so where it is made by splitting. */
const groupShare = 0.75;
/** More ids than a block is to have. */
const maxEntries = 0xfe;

/** How often a piece is written anew until it moves on to another block, as littlefs counts (`block_cycles`); MicroPython has this number. */
export const usualBlockCycles = 100;

/**
 * The pieces of metadata of a file system, each in two blocks. A commit is appended to the block in force while there is room; then what it says is
 * written anew into the other one, or into several pieces where it has grown too long for one. At every moment one of the two is whole.
 */
export class MetadataStore {
  readonly #device: BlockDevice;
  readonly #allocator: () => Allocator;
  /** Odd, so that it is the turn of one block as often as of the other. */
  readonly #movesEvery: number;
  readonly #worn: BlockPair[] = [];
  /** By either block. */
  readonly #known = new Map<number, { readonly piece: Piece; readonly log: MetadataBlock }>();
  hasForwardChecksum = false;

  constructor(device: BlockDevice, allocator: () => Allocator, blockCycles = usualBlockCycles) {
    this.#movesEvery = (blockCycles + 1) | 1;
    this.#device = device;
    this.#allocator = allocator;
  }

  /** Throws `corrupt` where neither block holds a whole commit. */
  load(pair: BlockPair): Piece {
    return this.#load(pair).piece;
  }

  /** Changes a piece in one commit. Throws `no-space`, with nothing changed. */
  commit(pair: BlockPair, changes: readonly Change[]): void {
    const { piece, log } = this.#load(pair);
    const builder = new ContentsBuilder(piece);
    for (const change of changes) builder.apply(change);
    const { contents } = builder;
    const size = commitBytes(this.#device, log.endOffset, changes);
    const isSure = log.hasForwardChecksum || !this.hasForwardChecksum;
    if (log.hasRoom && isSure && log.endOffset + size <= this.#device.blockBytes) {
      const written = writeCommit(this.#device, { ...log, offset: log.endOffset }, changes, this);
      if (written !== undefined) {
        this.#device.sync();
        this.#remember(piece.pair, {
          ...log,
          ...written,
          contents,
          hasForwardChecksum: this.hasForwardChecksum,
          hasRoom: this.#isErasedAt(log.block, written.endOffset),
        });
        return;
      }
    }
    this.#rewrite(piece.pair, contents, log.revision + 1);
  }

  /** A new piece, which nothing leads to yet. Throws `no-space`. */
  create(contents: Contents): BlockPair {
    const [first, second] = [this.#allocator().allocate(), this.#allocator().allocate()];
    // Whatever the second block held before, the first one is newer.
    const newest = wordAt(this.#device.read(second, 0, 4), 0);
    // It has all its time before it.
    const revision = (alignUp(newest + 1, this.#movesEvery) + 1) >>> 0;
    this.#rewrite([second, first], contents, revision);
    return [first, second];
  }

  /** A piece that has been written anew often enough to move on; each is told once. */
  takeWorn(): BlockPair | undefined {
    return this.#worn.shift();
  }

  /** The same piece with a fresh block in the place of the one that is not in force; nothing leads to it yet. Throws `no-space`. */
  renew(pair: BlockPair): BlockPair {
    const { piece, log } = this.#load(pair);
    const block = this.#allocator().allocate();
    this.#rewrite([piece.pair[0], block], piece, log.revision + 1);
    return [block, piece.pair[0]];
  }

  /** The first commit of a new file system, in both of its blocks. */
  format(pair: BlockPair, contents: Contents): void {
    this.#device.erase(pair[1]);
    this.#rewrite([pair[1], pair[0]], contents, 1);
    this.#rewrite(pair, contents, 2);
  }

  #load(pair: BlockPair): { readonly piece: Piece; readonly log: MetadataBlock } {
    const known = this.#known.get(pair[0]) ?? this.#known.get(pair[1]);
    if (known !== undefined) return known;
    const [left, right] = pair.map((block) => this.#read(block));
    const isRightNewer =
      left === undefined || (right !== undefined && isNewer(right.revision, left.revision));
    const log = isRightNewer ? right : left;
    if (log === undefined) throw corrupt('a folder cannot be read: neither of its blocks is whole', pair[0]);
    return this.#remember(log === left ? pair : [pair[1], pair[0]], log);
  }

  #read(block: number): MetadataBlock | undefined {
    if (block >= this.#device.blockCount) throw corrupt('a folder points outside of its file system', block);
    return readBlock(this.#device, block);
  }

  #remember(pair: BlockPair, log: MetadataBlock) {
    const known = { piece: { ...log.contents, pair }, log };
    this.#known.set(pair[0], known);
    this.#known.set(pair[1], known);
    return known;
  }

  /** Writes all of a piece into the block that is not in force; what is too much for it goes into new pieces behind it. */
  #rewrite([inForce, other]: BlockPair, contents: Contents, revision: number): void {
    const kept = this.#shortened(contents);
    this.#device.erase(other);
    const place = { block: other, offset: 4, lastTag: firstTag };
    const { hasForwardChecksum } = this;
    const log = { block: other, revision: revision >>> 0, contents: kept, hasForwardChecksum };
    const written = writeCommit(this.#device, place, changesOf(kept), {
      revision: log.revision,
      hasForwardChecksum,
    });
    if (written === undefined) throw corrupt(`a block does not keep what is written to it`, other);
    this.#device.sync();
    this.#remember([other, inForce], {
      ...log,
      ...written,
      hasRoom: this.#isErasedAt(other, written.endOffset),
    });
    if (log.revision % this.#movesEvery === 0) this.#worn.push([other, inForce]);
  }

  /** As much of a piece as goes into one block; what is too much is in new pieces then, which it leads to. */
  #shortened(contents: Contents): Contents {
    const [entries = [], ...others] = this.#split(contents.entries);
    let { tail, isTailHard } = contents;
    try {
      // The last one first, so that each can lead to the next.
      for (const group of others.reverse()) {
        tail = this.create({ ...emptyContents, entries: group, tail, isTailHard });
        isTailHard = true;
      }
    } catch (error) {
      // A full file system is no reason not to take something away.
      const fits = sizeOf(changesOf(contents)) + reservedBytes <= this.#device.blockBytes;
      if (fits && error instanceof LittlefsError && error.code === 'no-space') return contents;
      throw error;
    }
    return { ...contents, entries, tail, isTailHard };
  }

  /** Entries in groups, each at most half a block, so that there is room for more commits; a single one may be longer. */
  #split(entries: Contents['entries']): Contents['entries'][] {
    const most = Math.min(this.#device.blockBytes - reservedBytes, this.#device.blockBytes / 2);
    const all = sizeOf(changesOf({ ...emptyContents, entries }));
    if (all <= most && entries.length <= maxEntries) return [entries];
    const groups: Contents['entries'][number][][] = [[]];
    let size = 0;
    for (const entry of entries) {
      const entrySize = sizeOf(changesOf({ ...emptyContents, entries: [entry] }));
      const group = groups.at(-1) ?? [];
      // What comes later between them has room.
      if (group.length > 0 && size + entrySize > most * groupShare) {
        groups.push([entry]);
        size = entrySize;
      } else {
        group.push(entry);
        size += entrySize;
      }
    }
    return groups;
  }

  #isErasedAt(block: number, offset: number): boolean {
    return isErasedUnit(this.#device, this.#device.read(block, offset, this.#device.programBytes));
  }
}

/** Revisions count round. */
function isNewer(revision: number, than: number): boolean {
  return ((revision - than) | 0) > 0;
}

/** A change of the global state that a piece has. */
export function deltaChange(delta: Uint8Array): Change {
  return { type: TagType.moveState, id: noId, data: delta };
}

/** All pieces in the order of their list, with what can be wrong with it. Throws `corrupt`. */
export function* piecesFrom(store: MetadataStore, first: BlockPair, blockCount: number): Generator<Piece> {
  const seen = new Set<number>();
  for (let pair = first; !isNowhere(pair);) {
    const piece = store.load(pair);
    if (seen.has(piece.pair[0]) || seen.size > blockCount)
      throw corrupt('the list of all folders has no end', piece.pair[0]);
    seen.add(piece.pair[0]).add(piece.pair[1]);
    yield piece;
    pair = piece.tail;
  }
}
