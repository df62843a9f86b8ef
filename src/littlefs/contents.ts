import { type BlockPair, isNowhere, noPair, pairFrom, words } from './bytes.js';
import { stateBytes, sumOf } from './global-state.js';
import { TagType, family, noId } from './tag.js';

/** How an entry's content is kept: the type of its structure and the data of that. */
export interface Structure {
  readonly type: number;
  readonly data: Uint8Array;
}

/** A file, a folder or the superblock, as one piece of metadata has it. */
export interface Entry {
  readonly type: number;
  readonly name: Uint8Array;
  readonly structure: Structure | undefined;
  /** By their 8-bit types. */
  readonly attributes: ReadonlyMap<number, Uint8Array>;
}

/** Everything that one piece of metadata says. */
export interface Contents {
  readonly entries: readonly Entry[];
  readonly tail: BlockPair;
  /** Whether the next piece belongs to the same folder. */
  readonly isTailHard: boolean;
  /** Its part of the global state. */
  readonly delta: Uint8Array;
}

/** One change: a tag and its data, as they stand in a commit. */
export interface Change {
  readonly type: number;
  readonly id: number;
  /** Undefined takes away what the tag names. */
  readonly data: Uint8Array | undefined;
}

const nothing = new Uint8Array(0);

export const emptyContents: Contents = {
  entries: [],
  tail: noPair,
  isTailHard: false,
  delta: new Uint8Array(stateBytes),
};

const blank: Entry = { type: 0, name: nothing, structure: undefined, attributes: new Map() };

/** What a piece of metadata says after some changes; a change in place, since a block has hundreds. */
export class ContentsBuilder {
  readonly #entries: Entry[];
  #tail: BlockPair;
  #isTailHard: boolean;
  #delta: Uint8Array;

  constructor({ entries, tail, isTailHard, delta }: Contents = emptyContents) {
    this.#entries = [...entries];
    this.#tail = tail;
    this.#isTailHard = isTailHard;
    this.#delta = delta;
  }

  apply({ type, id, data }: Change): void {
    if (type === TagType.create) this.#entries.splice(id, 0, blank);
    else if (type === TagType.delete) this.#entries.splice(id, 1);
    else if (family(type) === family(TagType.softTail)) {
      this.#tail = pairFrom(data ?? nothing);
      this.#isTailHard = (type & 1) === 1;
    } else if (type === TagType.moveState) this.#delta = sumOf(data ?? nothing);
    else if (id !== noId) this.#change(id, (entry) => changed(entry, type, data));
  }

  get contents(): Contents {
    return {
      entries: [...this.#entries],
      tail: this.#tail,
      isTailHard: this.#isTailHard && !isNowhere(this.#tail),
      delta: this.#delta,
    };
  }

  /** Entries need not be created one by one: those of a compacted block are just there. */
  #change(id: number, change: (entry: Entry) => Entry): void {
    while (this.#entries.length <= id) this.#entries.push(blank);
    this.#entries[id] = change(this.#entries[id] ?? blank);
  }
}

function changed(entry: Entry, type: number, data: Uint8Array | undefined): Entry {
  switch (family(type)) {
    case family(TagType.file):
      return { ...entry, type, name: data ?? nothing };
    case family(TagType.folderStruct):
      return { ...entry, structure: data === undefined ? undefined : { type, data } };
    case family(TagType.attribute): {
      const attributes = new Map(entry.attributes);
      if (data === undefined) attributes.delete(type & 0xff);
      else attributes.set(type & 0xff, data);
      return { ...entry, attributes };
    }
    default:
      return entry;
  }
}

/** The changes that make an entry from nothing, at an id where `create` may stand before them. */
export function changesFor({ type, name, structure, attributes }: Entry, id: number): Change[] {
  return [
    { type, id, data: name },
    ...(structure === undefined ? [] : [{ type: structure.type, id, data: structure.data }]),
    ...Array.from(attributes, ([kind, data]) => ({ type: TagType.attribute | kind, id, data })),
  ];
}

/** A tail as a change. */
export function tailChange(tail: BlockPair, isHard: boolean): Change {
  return { type: isHard ? TagType.hardTail : TagType.softTail, id: noId, data: words(...tail) };
}
