import {
  blockSizeBytes,
  blocksOf,
  heldBlocks,
  markDirty,
  newFile,
  newFolder,
  newlyDirty,
  resize,
  type Entry,
  type FileEntry,
  type FolderEntry,
  type TreeChange,
  walk,
} from './board-tree.js';
import type { FlashWork } from './flash-time.js';
import { indexEntryBytes, overheadBlocks } from './vfs-layout.js';

export interface VolumeOptions {
  readonly totalBlocks: number;
  readonly readOnly: boolean;
  /** Creating every so-manieth file takes as long as littlefs takes when it compacts. */
  readonly compactEvery?: number | undefined;
  /** Called with each change, in order, before the call that made it returns. */
  commit(changes: TreeChange[]): void;
  /** Called with what the flash chip has to do, as soon as it would have to. */
  charge(work: FlashWork, count: number): void;
}

/** So much littlefs keeps beside the name, without a block of its own: MicroPython's cache size for this flash. */
const inlineBytes = 128;
const pageBytes = 256;
/** A log of 4 KiB is full after about so many new files, each with its temporary name and the renaming. */
const usualCompactEvery = 60;

/**
 * The mounted file system: the tree, the space it takes, and what must go to flash. As on littlefs, a file's new content counts
 * from its close or flush, and until then takes space beside the old content.
 */
export class BoardVolume {
  readonly root: FolderEntry = newFolder();
  readonly readOnly: boolean;
  readonly totalBlocks: number;
  readonly #options: VolumeOptions;
  #heldBlocks = 0;
  #indexBytes = 0;
  #createdFiles = 0;

  constructor(options: VolumeOptions, stored: readonly { path: string; contents?: Uint8Array }[]) {
    this.#options = options;
    this.readOnly = options.readOnly;
    this.totalBlocks = options.totalBlocks;
    for (const { path, contents } of stored) this.#restore(path, contents);
  }

  get freeBlocks(): number {
    return Math.max(0, this.totalBlocks - overheadBlocks(this.#indexBytes) - this.#heldBlocks);
  }

  /** Whether a new entry of this path still fits. */
  hasRoomFor(path: string): boolean {
    return overheadBlocks(this.#indexBytes + indexEntryBytes(path, 0)) + this.#heldBlocks <= this.totalBlocks;
  }

  add(parent: FolderEntry, name: string, path: string, type: Entry['type']): Entry {
    const entry = type === 'file' ? newFile() : newFolder();
    parent.children.set(name, entry);
    this.#indexBytes += indexEntryBytes(path, 0);
    if (type === 'folder') {
      // Its own log begins in an erased block.
      this.#options.charge('erase', 1);
      this.#commitFolderChange({ kind: 'folder', path });
    } else {
      this.#options.charge('log', 1);
      this.#createdFiles += 1;
      if (this.#createdFiles % (this.#options.compactEvery ?? usualCompactEvery) === 0)
        this.#options.charge('compact', 1);
    }
    return entry;
  }

  remove(parent: FolderEntry, name: string, path: string): void {
    const entry = parent.children.get(name);
    parent.children.delete(name);
    this.#forget(path, entry);
    this.#commitFolderChange({ kind: 'remove', path });
  }

  rename(
    from: FolderEntry,
    name: string,
    path: string,
    to: FolderEntry,
    newName: string,
    newPath: string,
  ): void {
    const entry = from.children.get(name);
    if (entry === undefined) return;
    this.#forget(newPath, to.children.get(newName));
    from.children.delete(name);
    to.children.set(newName, entry);
    this.#recountIndex();
    this.#commitFolderChange({ kind: 'rename', path, newPath });
  }

  /** Writes what there is space for; returns how many bytes that was. */
  write(file: FileEntry, position: number, bytes: Uint8Array): number {
    const from = Math.min(position, file.sizeBytes);
    let end = position + bytes.length;
    while (end > position && newlyDirty(file, from, end) > this.freeBlocks) {
      end = Math.max(position, Math.floor((end - 1) / blockSizeBytes) * blockSizeBytes);
    }
    if (end === position) return 0;
    const erasedBefore = erasedBlocks(file);
    const programFrom = isErased(file, from) ? from : from - (from % blockSizeBytes);
    this.#touch(file, from, end);
    if (end > file.sizeBytes) resize(file, end);
    file.contents.set(bytes.subarray(0, end - position), position);
    this.#chargeWrite(file, programFrom, end, erasedBlocks(file) - erasedBefore);
    return end - position;
  }

  /** A name is looked up. */
  chargeFind(): void {
    this.#options.charge('find', 1);
  }

  chargeRead(sizeBytes: number): void {
    this.#options.charge('read', sizeBytes);
  }

  /** `false` where there is no space. */
  truncate(file: FileEntry, sizeBytes: number): boolean {
    if (sizeBytes > file.sizeBytes && newlyDirty(file, file.sizeBytes, sizeBytes) > this.freeBlocks)
      return false;
    const dirtyBefore = file.dirty.size;
    const cutInside = sizeBytes < file.sizeBytes && sizeBytes % blockSizeBytes !== 0;
    if (cutInside) markDirty(file, sizeBytes - 1, sizeBytes);
    if (sizeBytes > file.sizeBytes) markDirty(file, file.sizeBytes, sizeBytes);
    resize(file, sizeBytes);
    this.#heldBlocks += file.dirty.size - dirtyBefore;
    return true;
  }

  /** Brings what was written into flash: on close, flush and sync. */
  commitFile(path: string, file: FileEntry): void {
    const blocks = [...file.dirty]
      .sort((a, b) => a - b)
      .map((index) => ({ index, bytes: blockContents(file, index) }));
    const isChanged = blocks.length > 0 || file.committedBlocks !== blocksOf(file.sizeBytes);
    this.#heldBlocks -= heldBlocks(file);
    file.committedBlocks = blocksOf(file.sizeBytes);
    file.dirty.clear();
    this.#heldBlocks += heldBlocks(file);
    this.#recountIndex();
    if (isChanged) this.#chargeClose(file);
    this.#options.commit([{ kind: 'file', path, sizeBytes: file.sizeBytes, blocks }]);
  }

  #commitFolderChange(change: TreeChange): void {
    this.#options.charge('log', 1);
    this.#options.commit([change]);
  }

  #touch(file: FileEntry, start: number, end: number): void {
    this.#heldBlocks += markDirty(file, start, end);
  }

  /**
   * A block is erased at the first byte that goes into it, a page programmed when it is full. `start` is that of the block where
   * something of it was elsewhere before: in a block that it replaces, or beside the name.
   */
  #chargeWrite(file: FileEntry, start: number, end: number, erased: number): void {
    if (file.sizeBytes <= inlineBytes) return;
    const pages = Math.floor(end / pageBytes) - Math.floor(start / pageBytes);
    if (erased > 0) this.#options.charge('erase', erased);
    if (pages > 0) this.#options.charge('page', pages);
  }

  #chargeClose(file: FileEntry): void {
    const hasOpenPage = file.sizeBytes > inlineBytes && file.sizeBytes % pageBytes !== 0;
    if (hasOpenPage) this.#options.charge('page', 1);
    this.#options.charge('log', 1);
  }

  #forget(path: string, entry: Entry | undefined): void {
    if (entry === undefined) return;
    this.#indexBytes -= indexEntryBytes(path, entry.type === 'file' ? entry.sizeBytes : 0);
    if (entry.type === 'file') this.#heldBlocks -= heldBlocks(entry);
  }

  #recountIndex(): void {
    this.#indexBytes = 0;
    for (const [path, entry] of walk(this.root)) {
      this.#indexBytes += indexEntryBytes(path, entry.type === 'file' ? entry.sizeBytes : 0);
    }
  }

  #restore(path: string, contents: Uint8Array | undefined): void {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let folder = this.root;
    for (const part of parts) {
      const next = folder.children.get(part);
      if (next?.type === 'folder') folder = next;
    }
    const entry: Entry =
      contents === undefined
        ? newFolder()
        : { ...newFile(), contents, sizeBytes: contents.length, committedBlocks: blocksOf(contents.length) };
    folder.children.set(name, entry);
    this.#indexBytes += indexEntryBytes(path, contents?.length ?? 0);
    if (entry.type === 'file') this.#heldBlocks += heldBlocks(entry);
  }
}

/** Whether the block of this byte was erased already to take the file's new content. */
function isErased(file: FileEntry, position: number): boolean {
  return file.sizeBytes > inlineBytes && file.dirty.has(Math.floor(position / blockSizeBytes));
}

function erasedBlocks(file: FileEntry): number {
  return file.sizeBytes <= inlineBytes ? 0 : file.dirty.size;
}

function blockContents(file: FileEntry, index: number): Uint8Array {
  const start = index * blockSizeBytes;
  return file.contents.slice(start, Math.min(start + blockSizeBytes, file.sizeBytes));
}
