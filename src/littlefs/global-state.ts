import { type BlockPair, pairFrom, viewOf, wordAt, words } from './bytes.js';
import { TagType, packTag } from './tag.js';

/**
 * What holds for the whole file system while something takes more than one commit. It is the sum (exclusive or) of what the pieces of
 * metadata have of it, so that any commit can change it.
 */
export interface GlobalState {
  /** The list of all pieces may have one that belongs to no folder any more, or be behind one that was replaced. */
  readonly isListInDoubt: boolean;
  /** The source of a move that is not over: it is there twice, and this one is to go. */
  readonly move: { readonly pair: BlockPair; readonly id: number } | undefined;
}

export const calm: GlobalState = { isListInDoubt: false, move: undefined };

export const stateBytes = 12;
const doubtBit = 0x80000000;

/** As it would stand on the flash if one piece had all of it. */
export function encodeState({ isListInDoubt, move }: GlobalState): Uint8Array {
  const tag = move === undefined ? 0 : packTag(TagType.delete, move.id, 0);
  return words((tag | (isListInDoubt ? doubtBit : 0)) >>> 0, ...(move?.pair ?? [0, 0]));
}

export function decodeState(bytes: Uint8Array): GlobalState {
  const tag = wordAt(bytes, 0);
  const type = (tag >>> 20) & 0x7ff;
  const move = { pair: pairFrom(bytes.subarray(4)), id: (tag >>> 10) & 0x3ff };
  return { isListInDoubt: (tag & doubtBit) !== 0, move: type === TagType.delete ? move : undefined };
}

/** Exclusive or of several; of what has another length, as much as there is. */
export function sumOf(...deltas: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(stateBytes);
  for (const delta of deltas) {
    for (let index = 0; index < Math.min(delta.length, stateBytes); index += 1) {
      sum[index] = (sum[index] ?? 0) ^ (delta[index] ?? 0);
    }
  }
  return sum;
}

export function isZero(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  for (let index = 0; index < bytes.length; index += 1) if (view.getUint8(index) !== 0) return false;
  return true;
}
