/** What a disk has at a path. */
export interface DiskEntry {
  readonly name: string;
  readonly type: 'file' | 'folder';
  /** 0 for a folder. */
  readonly sizeBytes: number;
  /** Of the last change, in ms since 1970; 0 where there is none. */
  readonly modifiedMs: number;
}

/** An open file of a disk. */
export interface DiskFile {
  readonly sizeBytes: number;
  read(position: number, sizeBytes: number): Uint8Array;
  write(position: number, bytes: Uint8Array): void;
  truncate(sizeBytes: number): void;
  sync(): void;
  close(): void;
}

/** What a program on the board may open a file for. */
export type DiskFileUse = 'read' | 'write' | 'both';

/**
 * A file system that MicroPython on the board has mounted. Paths are relative to its root, with no slash at either end. Calls throw what
 * {@link DiskError} tells, or an error of littlefs or FAT with one of its codes.
 */
export interface Disk {
  /** What `statvfs` says of names. */
  readonly nameMaxBytes: number;
  /** `os.remove` takes folders, too, and `os.rmdir` files, as on littlefs. */
  readonly hasOneRemove: boolean;
  list(path: string): DiskEntry[];
  /** Undefined where nothing is. */
  stat(path: string): DiskEntry | undefined;
  open(path: string, use: DiskFileUse): DiskFile;
  /** Makes an empty file. */
  makeFile(path: string): void;
  makeFolder(path: string): void;
  /** A file, or an empty folder. */
  remove(path: string): void;
  rename(from: string, to: string): void;
  space(): { readonly blockBytes: number; readonly blockCount: number; readonly usedBlocks: number };
}

/** - `no-disk`: there is none, or nothing is mounted - `read-only` - `broken`: its device does not answer */
export class DiskError extends Error {
  override readonly name = 'DiskError';

  constructor(readonly code: 'no-disk' | 'read-only' | 'broken') {
    super(`the disk: ${code}`);
  }
}

function none(): never {
  throw new DiskError('no-disk');
}

/** Where nothing is mounted. */
export const noDisk: Disk = {
  nameMaxBytes: 0,
  hasOneRemove: true,
  list: () => [],
  stat: none,
  open: none,
  makeFile: none,
  makeFolder: none,
  remove: none,
  rename: none,
  space: () => ({ blockBytes: 0, blockCount: 0, usedBlocks: 0 }),
};

function refuse(): never {
  throw new DiskError('read-only');
}

/** As after `os.mount(…, readonly=True)`. */
export function readOnlyDisk(disk: Disk): Disk {
  return {
    nameMaxBytes: disk.nameMaxBytes,
    hasOneRemove: disk.hasOneRemove,
    list: (path) => disk.list(path),
    stat: (path) => disk.stat(path),
    open: (path, use) => (use === 'read' ? disk.open(path, use) : refuse()),
    makeFile: refuse,
    makeFolder: refuse,
    remove: refuse,
    rename: refuse,
    space: () => disk.space(),
  };
}
