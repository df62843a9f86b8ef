/** The board's files as the running VM sees them, with the space they take in the vfs partition. */

export const blockSizeBytes = 4096;
/** littlefs's LFS_NAME_MAX. */
export const nameMaxBytes = 255;

export interface FileEntry {
  readonly type: 'file';
  /** May be longer than the file: `sizeBytes` counts. */
  contents: Uint8Array;
  sizeBytes: number;
  /** Blocks changed since the last commit. */
  readonly dirty: Set<number>;
  /** Blocks held in flash by the last committed version, which stays until the next one is complete. */
  committedBlocks: number;
}

export interface FolderEntry {
  readonly type: 'folder';
  readonly children: Map<string, Entry>;
}

export type Entry = FileEntry | FolderEntry;

/** One change that must be in flash before the board says anything more. Paths have no slash at either end. */
export type TreeChange =
  | { readonly kind: 'folder' | 'remove'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly newPath: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly sizeBytes: number;
      readonly blocks: readonly { readonly index: number; readonly bytes: Uint8Array }[];
    };

export function blocksOf(sizeBytes: number): number {
  return Math.ceil(sizeBytes / blockSizeBytes);
}

export function newFile(): FileEntry {
  return { type: 'file', contents: new Uint8Array(0), sizeBytes: 0, dirty: new Set(), committedBlocks: 0 };
}

export function newFolder(): FolderEntry {
  return { type: 'folder', children: new Map() };
}

/** Blocks a file holds: its committed version, and what was written since. */
export function heldBlocks(file: FileEntry): number {
  return file.committedBlocks + file.dirty.size;
}

/** Marks the blocks of a range as changed; returns how many were not before. */
export function markDirty(file: FileEntry, start: number, end: number): number {
  const before = file.dirty.size;
  for (let index = Math.floor(start / blockSizeBytes); index * blockSizeBytes < end; index += 1) {
    file.dirty.add(index);
  }
  return file.dirty.size - before;
}

/** How many blocks `markDirty` would add. */
export function newlyDirty(file: FileEntry, start: number, end: number): number {
  let count = 0;
  for (let index = Math.floor(start / blockSizeBytes); index * blockSizeBytes < end; index += 1) {
    if (!file.dirty.has(index)) count += 1;
  }
  return count;
}

/** Cuts the file or fills it up with zeros. */
export function resize(file: FileEntry, sizeBytes: number): void {
  if (sizeBytes > file.contents.length) {
    const grown = new Uint8Array(Math.max(sizeBytes, Math.min(file.contents.length * 2, 1 << 21)));
    grown.set(file.contents.subarray(0, file.sizeBytes));
    file.contents = grown;
  }
  if (sizeBytes < file.sizeBytes) {
    file.contents.fill(0, sizeBytes, file.sizeBytes);
    for (const index of file.dirty) if (index >= blocksOf(sizeBytes)) file.dirty.delete(index);
  }
  file.sizeBytes = sizeBytes;
}

/** Every entry below a folder with its path. */
export function* walk(folder: FolderEntry, prefix = ''): Generator<[string, Entry]> {
  for (const [name, entry] of folder.children) {
    yield [prefix + name, entry];
    if (entry.type === 'folder') yield* walk(entry, `${prefix}${name}/`);
  }
}
