import { type BlockPair, isSamePair, words } from './bytes.js';
import { type Change, tailChange } from './contents.js';
import { calm, sumOf } from './global-state.js';
import { LittlefsError } from './littlefs-error.js';
import type { MetadataStore, Piece } from './metadata-store.js';
import { TagType } from './tag.js';
import { type Tree, firstPair } from './tree.js';

/**
 * Has pieces of metadata that were written anew often enough go on in other blocks, so that the flash wears evenly. Where there is no space for
 * that, all stays where it is. `mayGrow`: a copy of the superblock would be no burden.
 */
export function renewWorn(store: MetadataStore, tree: Tree, mayGrow: () => boolean): void {
  for (let pair = store.takeWorn(); pair !== undefined; pair = store.takeWorn()) {
    try {
      const piece = store.load(pair);
      if (!isSamePair(pair, firstPair)) renew(store, tree, piece);
      else if (mayGrow()) copyFirst(store, tree, piece);
    } catch (error) {
      if (!(error instanceof LittlefsError) || error.code !== 'no-space') throw error;
    }
  }
}

/** Before and after each commit the folders and the list of all pieces lead to the same. Throws `no-space`, with nothing changed. */
function renew(store: MetadataStore, tree: Tree, { pair }: Piece): void {
  const before = tree.before(pair);
  // It was taken away meanwhile.
  if (before === undefined) return;
  const renewed = store.renew(pair);
  tree.follow(pair, renewed);
  const owner = before.isTailHard ? undefined : tree.entryFor(pair);
  const toRenewed = tailChange(renewed, before.isTailHard);
  if (owner === undefined) {
    tree.commit(before.pair, [toRenewed], calm);
    return;
  }
  const pointer: Change = { type: TagType.folderStruct, id: owner.id, data: words(...renewed) };
  if (isSamePair(owner.piece.pair, before.pair)) {
    tree.commit(before.pair, [pointer, toRenewed], calm);
    return;
  }
  tree.commit(owner.piece.pair, [pointer], { ...calm, isListInDoubt: true });
  // That commit may have parted a piece, and put its rest before this one.
  const now = tree.before(renewed) ?? before;
  tree.commit(now.pair, [tailChange(renewed, now.isTailHard)], calm);
}

/** The first piece can go nowhere: it keeps the superblock, and leads to a copy of it that has all else. */
function copyFirst(store: MetadataStore, tree: Tree, piece: Piece): void {
  const copy: BlockPair = store.create({ ...piece, delta: sumOf() });
  const gone = piece.entries.map((_, id) => ({ type: TagType.delete, id, data: new Uint8Array(0) }));
  tree.commit(firstPair, [...gone.slice(1).reverse(), tailChange(copy, true)], calm);
  tree.follow(firstPair, copy);
}
