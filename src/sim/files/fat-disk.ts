import type { Fat, FatInfo } from '../../fat/fat.js';
import { FatError } from '../../fat/fat-error.js';
import type { Disk, DiskEntry, DiskFile, DiskFileUse } from './disk.js';

/** A FAT as MicroPython has it: names of up to 255 bytes, times of the board's clock. */
export class FatDisk implements Disk {
  readonly nameMaxBytes = 255;
  readonly hasOneRemove = false;
  readonly #fat: Fat;

  constructor(fat: Fat) {
    this.#fat = fat;
  }

  list(path: string): DiskEntry[] {
    return this.#fat.list(path).map(entryOf);
  }

  stat(path: string): DiskEntry | undefined {
    const info = this.#fat.stat(path);
    return info && entryOf(info);
  }

  open(path: string, use: DiskFileUse): DiskFile {
    return this.#fat.open(path, use === 'read' ? 'read' : 'change');
  }

  makeFile(path: string): void {
    this.#fat.open(path, 'create').close();
  }

  makeFolder(path: string): void {
    this.#fat.makeFolder(path);
  }

  remove(path: string): void {
    try {
      this.#fat.remove(path);
    } catch (error) {
      // FatFs has one word for a folder that is not empty and for what may only be read.
      if (!(error instanceof FatError) || error.code !== 'not-empty') throw error;
      throw new FatError('refused', error.message, path, { cause: error });
    }
  }

  rename(from: string, to: string): void {
    this.#fat.rename(from, to);
  }

  space() {
    return this.#fat.space();
  }
}

function entryOf({ name, type, sizeBytes, modified }: FatInfo): DiskEntry {
  return { name, type, sizeBytes, modifiedMs: modified === undefined ? 0 : asBoardTime(modified) };
}

/** FAT has the time of day alone: what is this computer's there, is the board's. */
function asBoardTime(time: Date): number {
  return time.getTime() - time.getTimezoneOffset() * 60_000;
}
