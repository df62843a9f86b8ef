import { Allocator } from './allocator.js';
import type { BlockDevice } from './block-device.js';
import { type BlockPair, pairFrom, words } from './bytes.js';
import { type Change, type Entry, type Structure, emptyContents, tailChange } from './contents.js';
import { ctzBlocks } from './ctz-list.js';
import { type FileInfo, type Space, type WriteOptions, ctzOf, infoOf } from './file-info.js';
import { type GlobalState, calm } from './global-state.js';
import { LittlefsError, atPath, corrupt } from './littlefs-error.js';
import { renamedWithin, insertion } from './moves.js';
import { MetadataStore } from './metadata-store.js';
import {
  type Content,
  type FileOwner,
  OpenFile,
  emptyContent,
  inlineContent,
  readContent,
} from './open-file.js';
import { OpenFiles } from './open-files.js';
import { type Superblock, newSuperblock, superblockEntry, version20 } from './superblock.js';
import { TagType } from './tag.js';
import { type Place, Tree, firstPair, isWithin, namesIn } from './tree.js';
import { renewWorn } from './wear.js';

/**
 * A littlefs file system (versions 2.0 and 2.1 on the disk), after its specification:
 * https://github.com/littlefs-project/littlefs/blob/master/SPEC.md. Every change is on the flash, or not at all, when a call
 * returns, and whatever a loss of power leaves in between is one of the two. Paths are relative to the root; `/` parts their names. Every
 * call throws `LittlefsError`.
 */
export class Littlefs {
  readonly superblock: Superblock;
  readonly #device: BlockDevice;
  readonly #allocator: Allocator;
  readonly #store: MetadataStore;
  readonly #tree: Tree;
  readonly #openFiles = new OpenFiles();
  readonly #owner: FileOwner;

  private constructor(device: BlockDevice, seed: number, blockCycles?: number) {
    this.#device = device;
    this.#store = new MetadataStore(device, () => this.#allocator, blockCycles);
    this.#tree = new Tree(this.#store, device.blockCount);
    this.superblock = this.#tree.superblock;
    const { blockBytes, blockCount, version } = this.superblock;
    if (blockBytes !== device.blockBytes || blockCount > device.blockCount) {
      const found = `${blockCount} blocks of ${blockBytes} bytes`;
      const here = `${device.blockCount} of ${device.blockBytes}`;
      throw new LittlefsError('corrupt', `the file system has ${found}, and here are ${here}`);
    }
    this.#allocator = new Allocator(blockCount, seed, () => this.#usedBlocks());
    this.#store.hasForwardChecksum = version > version20;
    this.#owner = {
      device,
      allocator: this.#allocator,
      maxFileBytes: this.superblock.maxFileBytes,
      commit: (path, structure, attributes) => {
        this.#commitFile(path, structure, attributes);
      },
      release: (file) => {
        this.#openFiles.delete(file);
      },
    };
  }

  /** Throws `corrupt`. `seed` is where it begins to look for free blocks, `blockCycles` how often a folder's block is erased before it moves. */
  static mount(device: BlockDevice, seed = 0, blockCycles?: number): Littlefs {
    return new Littlefs(device, seed, blockCycles);
  }

  /** An empty file system in place of whatever is there. */
  static format(device: BlockDevice): void {
    if (device.blockCount < 2) throw new LittlefsError('no-space', 'a file system needs two blocks at least');
    const store = new MetadataStore(device, () => {
      throw new Error('an empty file system fits into its first two blocks');
    });
    store.format(firstPair, { ...emptyContents, entries: [superblockEntry(newSuperblock(device))] });
  }

  /** What is in a folder, in the order of the names' bytes. */
  list(path = ''): FileInfo[] {
    const infos: FileInfo[] = [];
    for (const { entry } of this.#tree.entriesOf(this.#tree.folderAt(path))) infos.push(infoOf(entry));
    return infos;
  }

  /** Undefined where nothing is. */
  stat(path: string): FileInfo | undefined {
    if (namesIn(path).length === 0) return { name: '', type: 'folder', sizeBytes: 0, attributes: new Map() };
    const entry = this.#tree.find(path)?.entry;
    return entry === undefined ? undefined : infoOf(entry);
  }

  read(path: string): Uint8Array {
    const { entry } = this.#fileAt(path);
    try {
      const content = this.#contentOf(entry);
      return readContent(this.#device, content, 0, content.sizeBytes);
    } catch (error) {
      throw atPath(error, path);
    }
  }

  /** Opens a file, to read and change it in places. Throws `not-found`. */
  open(path: string): OpenFile {
    return this.#opened(path, this.#contentOf(this.#fileAt(path).entry));
  }

  /** Makes an empty file, and opens it. Throws `exists`. */
  create(path: string): OpenFile {
    if (this.#placeForFile(path).entry !== undefined)
      throw new LittlefsError('exists', `${path} is there already`, { path });
    this.#commitFile(path, { type: TagType.inlineStruct, data: new Uint8Array(0) }, new Map());
    return this.#opened(path, emptyContent);
  }

  /** Makes a file, or gives one another content. */
  write(path: string, content: Uint8Array, { attributes }: WriteOptions = {}): void {
    this.#placeForFile(path);
    const file = this.#opened(path, emptyContent, true);
    for (const [type, data] of attributes ?? []) file.attributes.set(type, data);
    try {
      file.write(0, content);
      file.sync();
    } finally {
      this.#openFiles.delete(file);
    }
  }

  /** Throws `exists`, `not-found` for the folder above. */
  makeFolder(path: string): void {
    this.#change(() => {
      const place = this.#tree.placeFor(path);
      if (place.entry !== undefined) throw new LittlefsError('exists', `${path} is there already`, { path });
      const last = this.#tree.lastOf(place.folder);
      const pair = this.#store.create({ ...emptyContents, tail: last.tail });
      const toNew = tailChange(pair, false);
      const made: Change[] = [
        ...this.#named(place, TagType.folder),
        { type: TagType.folderStruct, id: place.id, data: words(...pair) },
      ];
      if (last.pair[0] === place.pair[0]) this.#store.commit(place.pair, [...made, toNew]);
      else {
        // In between the new folder is in the list of all, and in no folder.
        this.#tree.commit(last.pair, [toNew], { ...calm, isListInDoubt: true });
        this.#tree.commit(place.pair, made, calm);
      }
    });
  }

  /** A file, or an empty folder. */
  remove(path: string): void {
    this.#change(() => {
      const place = this.#placeOf(path);
      const removed = this.#folderIn(place);
      if (removed !== undefined) this.#mustBeEmpty(removed, path);
      this.#tree.commitRemoval(place, removed === undefined ? calm : { ...calm, isListInDoubt: true });
      this.#openFiles.move(path);
      if (removed !== undefined) this.#tree.dropFromList(removed, calm);
    });
  }

  /** In one step; a file of the new name is replaced, and so is an empty folder by a folder. */
  rename(from: string, to: string): void {
    this.#change(() => {
      const source = this.#placeOf(from);
      const isFolder = source.entry?.type === TagType.folder;
      if (isFolder && isWithin(to, from))
        throw new LittlefsError('bad-name', `${to} is within ${from}`, { path: to });
      const target = this.#tree.placeFor(to);
      if (target.entry !== undefined && target.entry === source.entry) return;
      const replaced = this.#mustBeReplaceable(target, isFolder, to);
      const entry: Entry = { ...required(source.entry), name: target.name };
      const next: GlobalState = { ...calm, isListInDoubt: replaced !== undefined };
      if (source.pair[0] === target.pair[0])
        this.#tree.commit(source.pair, renamedWithin(source, target, entry), next);
      else {
        // In between the file is there twice, and the state says which one goes.
        const move = { pair: source.pair, id: source.id };
        this.#tree.commit(target.pair, insertion(target, entry), { ...next, move });
        this.#tree.commitRemoval(source, next);
      }
      this.#openFiles.move(from, to);
      if (replaced !== undefined) this.#tree.dropFromList(replaced, calm);
    });
  }

  space(): Space {
    const used = new Set(this.#usedBlocks());
    return {
      blockBytes: this.#device.blockBytes,
      blockCount: this.superblock.blockCount,
      usedBlocks: used.size,
    };
  }

  /** One change; what was begun before a loss of power is brought to its end first. */
  #change(work: () => void): void {
    try {
      this.#tree.repair();
      work();
      renewWorn(this.#store, this.#tree, () => this.space().usedBlocks < this.superblock.blockCount / 2);
    } finally {
      this.#allocator.settle();
    }
  }

  #placeOf(path: string): Place {
    const place = this.#tree.find(path);
    if (place === undefined) throw new LittlefsError('not-found', `there is no ${path}`, { path });
    return place;
  }

  #fileAt(path: string): { readonly entry: Entry } {
    const { entry } = this.#placeOf(path);
    if (entry?.type === TagType.folder || entry === undefined)
      throw new LittlefsError('is-folder', `${path} is a folder`, { path });
    return { entry };
  }

  #folderIn({ entry }: Place): BlockPair | undefined {
    return entry?.type === TagType.folder ? pairFrom(required(entry.structure).data) : undefined;
  }

  #mustBeEmpty(folder: BlockPair, path: string): void {
    const { entries, isTailHard } = this.#store.load(folder);
    if (entries.length > 0 || isTailHard)
      throw new LittlefsError('not-empty', `the folder ${path} is not empty`, { path });
  }

  /** Returns the folder that is replaced, if it is one. */
  #mustBeReplaceable(target: Place, byFolder: boolean, path: string): BlockPair | undefined {
    if (target.entry === undefined) return undefined;
    const replaced = this.#folderIn(target);
    if (byFolder && replaced === undefined)
      throw new LittlefsError('not-a-folder', `${path} is a file`, { path });
    if (!byFolder && replaced !== undefined)
      throw new LittlefsError('is-folder', `${path} is a folder`, { path });
    if (replaced !== undefined) this.#mustBeEmpty(replaced, path);
    return replaced;
  }

  #named({ entry, id, name }: Place, type: number): Change[] {
    if (entry !== undefined) return [];
    return [
      { type: TagType.create, id, data: new Uint8Array(0) },
      { type, id, data: name },
    ];
  }

  #placeForFile(path: string): Place {
    const place = this.#tree.placeFor(path);
    if (place.entry?.type === TagType.folder)
      throw new LittlefsError('is-folder', `${path} is a folder`, { path });
    return place;
  }

  #opened(path: string, content: Content, isChanged = false): OpenFile {
    const file = new OpenFile(this.#owner, namesIn(path).join('/'), content, isChanged);
    this.#openFiles.add(file);
    return file;
  }

  #commitFile(path: string, structure: Structure, attributes: ReadonlyMap<number, Uint8Array>): void {
    this.#change(() => {
      const place = this.#placeForFile(path);
      const { id } = place;
      const more = Array.from(attributes, ([type, data]) => ({ type: TagType.attribute | type, id, data }));
      this.#store.commit(place.pair, [...this.#named(place, TagType.file), { id, ...structure }, ...more]);
    });
  }

  #contentOf({ structure }: Entry): Content {
    if (structure === undefined) return emptyContent;
    if (structure.type === TagType.inlineStruct) return inlineContent(Uint8Array.from(structure.data));
    const list = ctzOf(structure.data);
    return { blocks: ctzBlocks(this.#device, list), sizeBytes: list.sizeBytes };
  }

  /** Every block that something leads to; of what is damaged, as far as it can be followed. */
  *#usedBlocks(): Generator<number> {
    yield* firstPair;
    yield* this.#openFiles.heldBlocks();
    for (const { pair, entries } of this.#tree.pieces()) {
      yield* pair;
      for (const { structure } of entries) {
        if (structure?.type === TagType.ctzStruct) yield* ctzBlocks(this.#device, ctzOf(structure.data));
        else if (structure?.type === TagType.folderStruct) yield* pairFrom(structure.data);
      }
    }
  }
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw corrupt('a folder points to nothing', 0);
  return value;
}
