import type { FatFs } from 'js-fatfs';
import type { SectorDevice } from './fat-device.js';
import { nameForBoard, nameOnDisk } from './board-names.js';
import { FatDrives, type FatFsNames } from './fat-drives.js';
import { FatError } from './fat-error.js';
import { FatFile, type FatFileMode, openFlags } from './fat-file.js';
import { formatTiny, isTiny, shownToFatFs } from './tiny-fat.js';

export interface FatInfo {
  readonly name: string;
  readonly type: 'file' | 'folder';
  /** 0 for a folder. */
  readonly sizeBytes: number;
  /** Of the last change, in the time of day of whoever made it; undefined where there is none. */
  readonly modified: Date | undefined;
}

export interface FatSpace {
  readonly blockBytes: number;
  readonly blockCount: number;
  readonly usedBlocks: number;
}

/** Where FatFs has the sectors of a cluster and the number of clusters in its `FATFS` (R0.15, as js-fatfs is built), which the binding does not give. */
const clusterSectorsAt = 10;
const clusterCountAt = 28;
/** The first two numbers are no clusters. */
const firstCluster = 2;

/** FatFs is loaded, and compiled when it is first used: from there on nothing waits. */
export class FatLibrary {
  readonly #drives: FatDrives;

  private constructor(drives: FatDrives) {
    this.#drives = drives;
  }

  static async load(): Promise<FatLibrary> {
    return new FatLibrary(await FatDrives.prepare());
  }

  /** Throws `corrupt` for what is no FAT. */
  mount(device: SectorDevice): Fat {
    return new Fat(this.#drives, device);
  }

  /** An empty file system in place of whatever is there: FAT12 or FAT16 as MicroPython makes it, FAT32 where that is too small. */
  format(device: SectorDevice): void {
    if (isTiny(device)) {
      formatTiny(device);
      return;
    }
    const drive = this.#drives.connect(device);
    const { fatFs, names } = this.#drives;
    const work = fatFs.malloc(names.FF_MAX_SS);
    const make = (type: number): number => {
      const parameters = { fmt: type | names.FM_SFD, n_fat: 1, align: 0, n_root: 0, au_size: 0 };
      return this.#drives.call(() => fatFs.f_mkfs(`${drive}:`, parameters, work, names.FF_MAX_SS));
    };
    try {
      const result = make(names.FM_FAT);
      this.#drives.check(result === names.FR_MKFS_ABORTED ? make(names.FM_FAT32) : result);
    } finally {
      fatFs.free(work);
      this.#drives.disconnect(drive);
    }
  }
}

/**
 * A FAT file system: FAT12, FAT16 or FAT32 with long names, through js-fatfs. Every change is on the device when a call returns, but unlike
 * littlefs, a loss of power in between may leave something that is neither. Paths are relative to the root; `/` parts their names. Every
 * call throws `FatError`, or what the device has thrown.
 */
export class Fat {
  readonly #drives: FatDrives;
  readonly #fatFs: FatFs;
  readonly #names: FatFsNames;
  readonly #sectorBytes: number;
  readonly #drive: number;
  readonly #volume: number;
  /** So many clusters are not there, which FatFs sees. */
  readonly #missing: number;

  constructor(drives: FatDrives, device: SectorDevice) {
    this.#drives = drives;
    this.#fatFs = drives.fatFs;
    this.#names = drives.names;
    this.#sectorBytes = device.sectorBytes;
    const { shown, missing } = shownToFatFs(device);
    this.#missing = missing;
    this.#drive = drives.connect(shown);
    this.#volume = this.#fatFs.malloc(this.#names.sizeof_FATFS);
    try {
      drives.check(drives.call(() => this.#fatFs.f_mount(this.#volume, `${this.#drive}:`, 1)));
    } catch (error) {
      this.unmount();
      throw error;
    }
  }

  /** What is in a folder, in the order of the disk. */
  list(path = ''): FatInfo[] {
    if (this.stat(path)?.type === 'file') throw new FatError('not-a-folder', `${path} is a file`, path);
    const folder = this.#fatFs.malloc(this.#names.sizeof_DIR);
    const infos: FatInfo[] = [];
    try {
      this.#check(() => this.#fatFs.f_opendir(folder, this.#at(path)), path);
      for (;;) {
        const info = this.#info((address) => this.#fatFs.f_readdir(folder, address), path);
        if (info === undefined || info.name === '') return infos;
        infos.push(info);
      }
    } finally {
      this.#fatFs.free(folder);
    }
  }

  /** Undefined where nothing is. */
  stat(path: string): FatInfo | undefined {
    if (namesIn(path).length === 0) return { name: '', type: 'folder', sizeBytes: 0, modified: undefined };
    return this.#info((address) => this.#fatFs.f_stat(this.#at(path), address), path);
  }

  read(path: string): Uint8Array {
    const file = this.open(path, 'read');
    try {
      return file.read(0, file.sizeBytes);
    } finally {
      file.close();
    }
  }

  /** Makes a file, or gives one another content. Throws `no-space`, with what fitted written. */
  write(path: string, content: Uint8Array): void {
    const file = this.open(path, 'replace');
    try {
      file.write(0, content);
    } finally {
      file.close();
    }
  }

  open(path: string, mode: FatFileMode): FatFile {
    const there = this.stat(path);
    if (there?.type === 'folder') throw new FatError('is-folder', `${path} is a folder`, path);
    const address = this.#fatFs.malloc(this.#names.sizeof_FIL);
    const flags = openFlags(this.#names, mode);
    try {
      const open = () => this.#fatFs.f_open(address, this.#at(path), flags);
      if (there === undefined) this.#make(open, path);
      else this.#check(open, path);
    } catch (error) {
      this.#fatFs.free(address);
      throw error;
    }
    return new FatFile(this.#drives, address, path);
  }

  /** Throws `exists`, `not-found` for the folder above. */
  makeFolder(path: string): void {
    this.#make(() => this.#fatFs.f_mkdir(this.#at(path)), path);
  }

  /** A file, or an empty folder. */
  remove(path: string): void {
    const result = this.#drives.call(() => this.#fatFs.f_unlink(this.#at(path)));
    if (result === this.#names.FR_DENIED && this.stat(path)?.type === 'folder')
      throw new FatError('not-empty', `the folder ${path} is not empty`, path);
    this.#drives.check(result, path);
  }

  /** A file of the new name is replaced, and so is an empty folder by a folder: what is there is removed first. */
  rename(from: string, to: string): void {
    const [source, target] = [this.stat(from), this.stat(to)];
    if (source?.type === 'folder' && isWithin(to, from))
      throw new FatError('bad-name', `${to} is within ${from}`, to);
    if (source !== undefined && target !== undefined && !isSamePath(from, to)) {
      if (target.type === 'folder' && source.type === 'file')
        throw new FatError('is-folder', `${to} is a folder`, to);
      if (target.type === 'file' && source.type === 'folder')
        throw new FatError('not-a-folder', `${to} is a file`, to);
      this.remove(to);
    }
    this.#check(() => this.#fatFs.f_rename(this.#at(from), this.#at(to)), from);
  }

  /** In clusters. */
  space(): FatSpace {
    const fatFs = this.#fatFs;
    const [free, pointer] = [fatFs.malloc(4), fatFs.malloc(4)];
    try {
      this.#check(() => fatFs.f_getfree(`${this.#drive}:`, free, pointer));
      const volume = new DataView(fatFs.HEAPU8.buffer, this.#volume);
      const blockCount = volume.getUint32(clusterCountAt, true) - firstCluster - this.#missing;
      return {
        blockBytes: volume.getUint16(clusterSectorsAt, true) * this.#sectorBytes,
        blockCount,
        usedBlocks: blockCount - fatFs.getValue(free, 'i32'),
      };
    } finally {
      fatFs.free(free);
      fatFs.free(pointer);
    }
  }

  /** Lets go of the device. Open files are of no use any more. */
  unmount(): void {
    this.#fatFs.f_unmount(`${this.#drive}:`);
    this.#drives.disconnect(this.#drive);
    this.#fatFs.free(this.#volume);
  }

  /** Undefined where nothing is. */
  #info(ask: (address: number) => number, path: string): FatInfo | undefined {
    const fatFs = this.#fatFs;
    const address = fatFs.malloc(this.#names.sizeof_FILINFO);
    try {
      const result = this.#drives.call(() => ask(address));
      if (result === this.#names.FR_NO_FILE || result === this.#names.FR_NO_PATH) return undefined;
      this.#drives.check(result, path);
      const isFolder = (fatFs.FILINFO_fattrib(address) & this.#names.AM_DIR) !== 0;
      return {
        name: nameForBoard(fatFs.FILINFO_fname(address)),
        type: isFolder ? 'folder' : 'file',
        sizeBytes: isFolder ? 0 : fatFs.FILINFO_fsize(address),
        modified: timeOf(fatFs.FILINFO_fdate(address), fatFs.FILINFO_ftime(address)),
      };
    } finally {
      fatFs.free(address);
    }
  }

  /** FatFs has one result for a full disk and for what may only be read; the latter is never said of what is not there. */
  #make(call: () => number, path: string): void {
    const result = this.#drives.call(call);
    if (result === this.#names.FR_DENIED) throw new FatError('no-space', 'the file system is full', path);
    this.#drives.check(result, path);
  }

  #check(call: () => number, path?: string): void {
    this.#drives.check(this.#drives.call(call), path);
  }

  #at(path: string): string {
    let place = `${this.#drive}:`;
    for (const name of namesIn(path)) place = `${place}/${this.#nameIn(place, name)}`;
    return place;
  }

  /** MicroPython's form of a name, but where a PC has made what is there. */
  #nameIn(folder: string, name: string): string {
    const ours = nameOnDisk(name);
    if (ours === name || this.#isThere(`${folder}/${ours}`) || !this.#isThere(`${folder}/${name}`))
      return ours;
    return name;
  }

  #isThere(place: string): boolean {
    return this.#drives.call((fatFs) => fatFs.f_stat(place, 0)) === this.#names.FR_OK;
  }
}

/** The names that a path is made of. */
function namesIn(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** FAT keeps the case of a name, and does not tell names apart by it. */
function foldedNames(path: string): string[] {
  return namesIn(path).map((name) => name.toUpperCase());
}

function isSamePath(left: string, right: string): boolean {
  return foldedNames(left).join('/') === foldedNames(right).join('/');
}

function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [foldedNames(path), foldedNames(folder)];
  return inner.length > outer.length && outer.every((name, index) => name === inner[index]);
}

/** Two seconds are its step, and years count from 1980. */
function timeOf(date: number, time: number): Date | undefined {
  if (date === 0) return undefined;
  const [year, month, day] = [1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31];
  return new Date(year, month, day, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}
