import type { Littlefs } from '../../littlefs/littlefs.js';
import type { FileInfo } from '../../littlefs/file-info.js';
import type { OpenFile } from '../../littlefs/open-file.js';
import type { Disk, DiskEntry, DiskFile, DiskFileUse } from './disk.js';

/** MicroPython's attribute for the time of the last change: nanoseconds since 1970, 64 bits, little-endian (`extmod/vfs_lfs.c`). */
const timeAttribute = 1;
const timeBytes = 8;
const nsPerMs = 1_000_000n;

export interface LittlefsDiskOptions {
  /** The board's own time of day, in ms since 1970; undefined: files get none. */
  readonly nowMs: (() => number) | undefined;
  /** A name is looked up. */
  readonly onFind?: () => void;
  readonly onMake?: () => void;
}

/** A littlefs as MicroPython has it. */
export class LittlefsDisk implements Disk {
  readonly nameMaxBytes: number;
  readonly hasOneRemove = true;
  readonly #fs: Littlefs;
  readonly #options: LittlefsDiskOptions;

  constructor(fs: Littlefs, options: LittlefsDiskOptions) {
    this.#fs = fs;
    this.#options = options;
    this.nameMaxBytes = fs.superblock.maxNameBytes;
  }

  list(path: string): DiskEntry[] {
    return this.#fs.list(path).map(entryOf);
  }

  stat(path: string): DiskEntry | undefined {
    this.#options.onFind?.();
    const info = this.#fs.stat(path);
    return info && entryOf(info);
  }

  open(path: string, use: DiskFileUse): DiskFile {
    this.#options.onFind?.();
    return this.#timed(this.#fs.open(path), use);
  }

  makeFile(path: string): void {
    this.#options.onMake?.();
    this.#fs.create(path).close();
  }

  makeFolder(path: string): void {
    this.#fs.makeFolder(path);
  }

  remove(path: string): void {
    this.#fs.remove(path);
  }

  rename(from: string, to: string): void {
    this.#fs.rename(from, to);
  }

  space() {
    return this.#fs.space();
  }

  /** A file that is only written has its time from its opening on, as there; any other one from when it is changed. */
  #timed(file: OpenFile, use: DiskFileUse): DiskFile {
    const { nowMs } = this.#options;
    if (use === 'read' || nowMs === undefined) return file;
    const stamp = (): void => {
      file.attributes.set(timeAttribute, timeOf(nowMs()));
    };
    if (use === 'write') stamp();
    return {
      get sizeBytes() {
        return file.sizeBytes;
      },
      read: (position, sizeBytes) => file.read(position, sizeBytes),
      write: (position, bytes) => {
        stamp();
        file.write(position, bytes);
      },
      truncate: (sizeBytes) => {
        stamp();
        file.truncate(sizeBytes);
      },
      sync: () => {
        file.sync();
      },
      close: () => {
        file.close();
      },
    };
  }
}

function entryOf({ name, type, sizeBytes, attributes }: FileInfo): DiskEntry {
  const time = attributes.get(timeAttribute);
  const isTime = time?.length === timeBytes;
  const modifiedMs = isTime ? Number(viewOf(time).getBigUint64(0, true) / nsPerMs) : 0;
  return { name, type, sizeBytes, modifiedMs };
}

function timeOf(ms: number): Uint8Array {
  const bytes = new Uint8Array(timeBytes);
  viewOf(bytes).setBigUint64(0, BigInt(Math.round(ms)) * nsPerMs, true);
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
