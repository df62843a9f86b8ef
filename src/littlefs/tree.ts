import { type BlockPair, compareNames, isEqualPair, isNowhere, isSamePair, pairFrom } from './bytes.js';
import { type Change, type Entry, tailChange } from './contents.js';
import { type GlobalState, calm, decodeState, encodeState, isZero, sumOf } from './global-state.js';
import { LittlefsError, corrupt } from './littlefs-error.js';
import { type MetadataStore, type Piece, deltaChange, piecesFrom } from './metadata-store.js';
import { type Superblock, readSuperblock } from './superblock.js';
import { TagType } from './tag.js';

/** Where in the tree a path is, or would be. */
export interface Place {
  /** The first piece of its folder. */
  readonly folder: BlockPair;
  /** The piece that has it, or is to have it. */
  readonly pair: BlockPair;
  readonly id: number;
  readonly name: Uint8Array;
  /** Undefined where nothing is. */
  readonly entry: Entry | undefined;
}

export interface Located {
  readonly piece: Piece;
  readonly id: number;
  readonly entry: Entry;
}

export const firstPair: BlockPair = [0, 1];

/** Folders and the list of all their pieces, with the state that holds while a change takes more than one commit. */
export class Tree {
  readonly superblock: Superblock;
  readonly #store: MetadataStore;
  readonly #blockCount: number;
  #root: BlockPair;
  #state: GlobalState;

  /** Throws `corrupt`. */
  constructor(store: MetadataStore, blockCount: number) {
    this.#store = store;
    this.#blockCount = blockCount;
    let root: { readonly pair: BlockPair; readonly superblock: Superblock } | undefined;
    let delta = sumOf();
    for (const { pair, entries, delta: part } of this.pieces()) {
      const superblock = entries[0] === undefined ? undefined : readSuperblock(entries[0]);
      // Superblocks are copied as they wear: the last one has the root with it.
      if (superblock !== undefined) root = { pair, superblock };
      else if (root === undefined) throw new LittlefsError('corrupt', 'there is no superblock', { block: 0 });
      delta = sumOf(delta, part);
    }
    if (root === undefined) throw new LittlefsError('corrupt', 'there is no superblock', { block: 0 });
    this.superblock = root.superblock;
    this.#root = root.pair;
    this.#state = decodeState(delta);
  }

  /** All pieces of metadata. Throws `corrupt`. */
  pieces(): Generator<Piece> {
    return piecesFrom(this.#store, firstPair, this.#blockCount);
  }

  /** Throws `not-found`, `not-a-folder`. */
  folderAt(path: string): BlockPair {
    return this.#folderOf(namesIn(path), path);
  }

  /** What is in a folder, in the order of the names. */
  *entriesOf(folder: BlockPair): Generator<Located> {
    for (const piece of this.#piecesOf(folder)) {
      for (const [id, entry] of piece.entries.entries()) {
        if (entry.type !== TagType.superblock && !this.#isMovedAway(piece, id)) yield { piece, id, entry };
      }
    }
  }

  lastOf(folder: BlockPair): Piece {
    let last: Piece | undefined;
    for (const piece of this.#piecesOf(folder)) last = piece;
    if (last === undefined) throw corrupt('a folder points to nothing', folder[0]);
    return last;
  }

  find(path: string): Place | undefined {
    const place = this.#lookUp(path);
    return place?.entry === undefined ? undefined : place;
  }

  /** Throws `not-found` or `not-a-folder` for the folder above, `bad-name`. */
  placeFor(path: string): Place {
    const place = this.#lookUp(path);
    if (place === undefined) throw new LittlefsError('bad-name', 'the root has no name', { path });
    const { length } = place.name;
    if (length > this.superblock.maxNameBytes)
      throw new LittlefsError('bad-name', `${path}: the name is too long`, { path });
    return place;
  }

  /** Commits changes to a piece together with the state that holds from then on; `adopted` is what a piece that goes had of it. */
  commit(
    pair: BlockPair,
    changes: readonly Change[],
    next: GlobalState,
    adopted: Uint8Array = sumOf(),
  ): void {
    const change = sumOf(encodeState(this.#state), encodeState(next), adopted);
    const { delta } = this.#store.load(pair);
    this.#store.commit(pair, isZero(change) ? changes : [...changes, deltaChange(sumOf(delta, change))]);
    this.#state = next;
  }

  /** Takes an entry out of its folder; a later piece of a folder that has no others goes with it. */
  commitRemoval({ pair, id }: Pick<Place, 'pair' | 'id'>, next: GlobalState): void {
    const piece = this.#store.load(pair);
    const before = piece.entries.length === 1 ? this.before(piece.pair) : undefined;
    if (before?.isTailHard === true && id === 0) this.#bypass(before, piece, next);
    else this.commit(pair, [{ type: TagType.delete, id, data: new Uint8Array(0) }], next);
  }

  /** Takes a folder that is in no folder any more out of the list of all pieces. */
  dropFromList(folder: BlockPair, next: GlobalState): void {
    const before = this.before(folder);
    if (before === undefined) throw corrupt('a folder is not in the list of all', folder[0]);
    this.#bypass(before, this.#store.load(folder), next);
  }

  /** What was at `from` is at `to` from now on. */
  follow(from: BlockPair, to: BlockPair): void {
    if (isSamePair(this.#root, from)) this.#root = to;
  }

  /** Ends what a loss of power has interrupted. */
  repair(): void {
    const { move, isListInDoubt } = this.#state;
    if (move !== undefined) this.commitRemoval(move, { ...calm, isListInDoubt });
    if (!isListInDoubt) return;
    let before: Piece | undefined;
    for (let pair = firstPair; !isNowhere(pair);) {
      const piece = this.#store.load(pair);
      const led = before === undefined || before.isTailHard ? piece.pair : this.#pointerTo(piece.pair);
      if (before !== undefined && led === undefined) {
        this.#bypass(before, piece, this.#state);
        before = this.#store.load(before.pair);
        pair = before.tail;
        continue;
      }
      if (before !== undefined && led !== undefined && !isEqualPair(led, piece.pair)) {
        // It was replaced in its folder, and in the list not yet.
        this.commit(before.pair, [tailChange(led, false)], this.#state);
        pair = led;
        continue;
      }
      before = piece;
      pair = piece.tail;
    }
    this.commit(this.#root, [], calm);
  }

  #bypass(before: Piece, piece: Piece, next: GlobalState): void {
    this.commit(before.pair, [tailChange(piece.tail, piece.isTailHard)], next, piece.delta);
  }

  /** The piece that leads to this one in the list. */
  before(pair: BlockPair): Piece | undefined {
    for (const piece of this.pieces()) if (isSamePair(piece.tail, pair)) return piece;
    return undefined;
  }

  /** The pair that a folder's entry has for this one. */
  #pointerTo(pair: BlockPair): BlockPair | undefined {
    const data = this.entryFor(pair)?.entry.structure?.data;
    return data && pairFrom(data);
  }

  /** The entry of the folder that begins with this piece. */
  entryFor(pair: BlockPair): Located | undefined {
    for (const piece of this.pieces()) {
      for (const [id, entry] of piece.entries.entries()) {
        const { structure, type } = entry;
        if (type !== TagType.folder || structure?.type !== TagType.folderStruct) continue;
        if (isSamePair(pairFrom(structure.data), pair)) return { piece, id, entry };
      }
    }
    return undefined;
  }

  #isMovedAway(piece: Piece, id: number): boolean {
    const { move } = this.#state;
    return move !== undefined && move.id === id && isSamePair(move.pair, piece.pair);
  }

  *#piecesOf(folder: BlockPair): Generator<Piece> {
    let count = 0;
    for (let pair = folder; ;) {
      const piece = this.#store.load(pair);
      yield piece;
      count += 1;
      if (count > this.#blockCount) throw corrupt('a folder has no end', folder[0]);
      if (!piece.isTailHard) return;
      pair = piece.tail;
    }
  }

  #folderOf(names: readonly string[], path: string): BlockPair {
    let folder = this.#root;
    for (const name of names) {
      const { entry } = this.#placeIn(folder, encode(name));
      if (entry === undefined) throw new LittlefsError('not-found', `there is no folder ${path}`, { path });
      if (entry.type !== TagType.folder || entry.structure?.type !== TagType.folderStruct)
        throw new LittlefsError('not-a-folder', `${path}: ${name} is not a folder`, { path });
      folder = pairFrom(entry.structure.data);
    }
    return folder;
  }

  /** Undefined for the root. */
  #lookUp(path: string): Place | undefined {
    const names = namesIn(path);
    const name = names.at(-1);
    if (name === undefined) return undefined;
    if (names.includes('..')) throw new LittlefsError('bad-name', `${path}: no name can be ".."`, { path });
    const above = names.slice(0, -1);
    return this.#placeIn(this.#folderOf(above, above.join('/')), encode(name));
  }

  /** Before the first name that is greater; in the last piece where there is none. */
  #placeIn(folder: BlockPair, name: Uint8Array): Place {
    let end: Place | undefined;
    for (const piece of this.#piecesOf(folder)) {
      const { pair, entries } = piece;
      for (const [id, entry] of entries.entries()) {
        if (entry.type === TagType.superblock || this.#isMovedAway(piece, id)) continue;
        const order = compareNames(entry.name, name);
        if (order === 0) return { folder, pair, id, name, entry };
        if (order > 0) return { folder, pair, id, name, entry: undefined };
      }
      end = { folder, pair, id: entries.length, name, entry: undefined };
    }
    if (end === undefined) throw corrupt('a folder points to nothing', folder[0]);
    return end;
  }
}

/** The names that a path is made of. */
export function namesIn(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function encode(name: string): Uint8Array {
  return new TextEncoder().encode(name);
}

/** Whether a path leads to something in that folder, however deep. */
export function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [namesIn(path), namesIn(folder)];
  return inner.length > outer.length && outer.every((name, index) => name === inner[index]);
}
