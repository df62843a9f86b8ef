import type { FatDrives, FatFsNames } from './fat-drives.js';
import { FatError } from './fat-error.js';

/** `read`, or `change`: it has to be there. `replace`: it is empty then. `append`: it is made where it is not there. `create`: it is not there. */
export type FatFileMode = 'read' | 'change' | 'replace' | 'append' | 'create';

/** More than this is moved in pieces. */
const pieceBytes = 64 * 1024;

export function openFlags(names: FatFsNames, mode: FatFileMode): number {
  const both = names.FA_READ | names.FA_WRITE;
  switch (mode) {
    case 'read':
      return names.FA_READ;
    case 'change':
      return both;
    case 'replace':
      return both | names.FA_CREATE_ALWAYS;
    case 'append':
      return both | names.FA_OPEN_ALWAYS;
    case 'create':
      return both | names.FA_CREATE_NEW;
  }
}

/** An open file. Throws `FatError`, or what the device has thrown. */
export class FatFile {
  readonly #drives: FatDrives;
  readonly #address: number;
  readonly #path: string;

  /** @param address Where FatFs has it; it is given back when the file is closed. */
  constructor(drives: FatDrives, address: number, path: string) {
    this.#drives = drives;
    this.#address = address;
    this.#path = path;
  }

  get sizeBytes(): number {
    return this.#drives.fatFs.f_size(this.#address);
  }

  /** Fewer where the file ends. */
  read(position: number, sizeBytes: number): Uint8Array {
    const length = Math.max(0, Math.min(sizeBytes, this.sizeBytes - position));
    const bytes = new Uint8Array(length);
    // A seek behind the end would make the file longer.
    if (length === 0) return bytes;
    this.#seek(position);
    this.#inPieces(length, (address, at, size) => {
      const { fatFs } = this.#drives;
      const done = this.#transfer((count) => fatFs.f_read(this.#address, address, size, count));
      bytes.set(fatFs.HEAPU8.subarray(address, address + done), at);
      return done;
    });
    return bytes;
  }

  /** Behind the end, there is anything in between. Throws `no-space`, with what fitted written. */
  write(position: number, bytes: Uint8Array): void {
    this.#seek(position);
    this.#inPieces(bytes.length, (address, at, size) => {
      const { fatFs } = this.#drives;
      fatFs.HEAPU8.set(bytes.subarray(at, at + size), address);
      const done = this.#transfer((count) => fatFs.f_write(this.#address, address, size, count));
      if (done < size) throw new FatError('no-space', 'the file system is full', this.#path);
      return done;
    });
  }

  truncate(sizeBytes: number): void {
    this.#seek(sizeBytes);
    this.#check(() => this.#drives.fatFs.f_truncate(this.#address));
  }

  sync(): void {
    this.#check(() => this.#drives.fatFs.f_sync(this.#address));
  }

  /** Once. */
  close(): void {
    try {
      this.#check(() => this.#drives.fatFs.f_close(this.#address));
    } finally {
      this.#drives.fatFs.free(this.#address);
    }
  }

  #seek(position: number): void {
    const { fatFs } = this.#drives;
    this.#check(() => fatFs.f_lseek(this.#address, position));
    if (fatFs.f_tell(this.#address) !== position)
      throw new FatError('no-space', 'the file system is full', this.#path);
  }

  #inPieces(sizeBytes: number, move: (address: number, at: number, size: number) => number): void {
    const { fatFs } = this.#drives;
    const address = fatFs.malloc(pieceBytes);
    try {
      for (let at = 0; at < sizeBytes;) {
        const done = move(address, at, Math.min(pieceBytes, sizeBytes - at));
        if (done === 0) return;
        at += done;
      }
    } finally {
      fatFs.free(address);
    }
  }

  /** @returns how many bytes were moved. */
  #transfer(call: (count: number) => number): number {
    const { fatFs } = this.#drives;
    const count = fatFs.malloc(4);
    try {
      this.#check(() => call(count));
      return fatFs.getValue(count, 'i32');
    } finally {
      fatFs.free(count);
    }
  }

  #check(call: () => number): void {
    this.#drives.check(this.#drives.call(call), this.#path);
  }
}
