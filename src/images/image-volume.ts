import type { Littlefs } from '../littlefs/littlefs.js';

/** A file or a folder in an image. */
export interface VolumeEntry {
  readonly name: string;
  readonly type: 'file' | 'folder';
  /** 0 for a folder. */
  readonly sizeBytes: number;
}

/** What a file system is called, and which version or variant of it is on the disk: littlefs 2.0, FAT 16. */
export interface VolumeFormat {
  readonly type: 'littlefs' | 'fat';
  readonly version: string;
}

/** A file system in an image, of whatever kind: paths as in `Littlefs`. Every call throws `LittlefsError` or `FatError`. */
export interface ImageVolume {
  readonly format: VolumeFormat;
  list(path: string): VolumeEntry[];
  /** Undefined where nothing is. */
  stat(path: string): VolumeEntry | undefined;
  read(path: string): Uint8Array;
  /** Makes a file, or gives one another content. `time` is that of the change, in ms since 1970, where the file system keeps one of our choice. */
  write(path: string, content: Uint8Array, time: number): void;
  makeFolder(path: string): void;
  /** A file, or an empty folder. */
  remove(path: string): void;
  /** A file of the new name is replaced. */
  rename(from: string, to: string): void;
  space(): { readonly blockBytes: number; readonly blockCount: number; readonly usedBlocks: number };
}

/** MicroPython's attribute for the time of the last change: nanoseconds since 1970, 64 bits, little-endian. */
const timeAttribute = 1;

export function littlefsVolume(fs: Littlefs): ImageVolume {
  const { version } = fs.superblock;
  return {
    format: { type: 'littlefs', version: `${version >>> 16}.${version & 0xffff}` },
    list: (path) => fs.list(path),
    stat: (path) => fs.stat(path),
    read: (path) => fs.read(path),
    write: (path, content, time) => {
      fs.write(path, content, { attributes: new Map([[timeAttribute, nanoseconds(time)]]) });
    },
    makeFolder: (path) => {
      fs.makeFolder(path);
    },
    remove: (path) => {
      fs.remove(path);
    },
    rename: (from, to) => {
      fs.rename(from, to);
    },
    space: () => fs.space(),
  };
}

function nanoseconds(time: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.round(time)) * 1_000_000n, true);
  return bytes;
}
