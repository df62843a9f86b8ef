import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import type { BlockDevice } from '../littlefs/block-device.js';
import { erased, usualProgramBytes } from '../littlefs/block-device.js';

/** Read at once: a listing needs few pieces of a flash, all over it. */
const pageBytes = 16 * 1024;

/** What can be read of a file or of memory in pieces: a `Uint8Array` is one. */
export type ByteSource = Pick<Uint8Array, 'length' | 'subarray'>;

/**
 * The bytes of a file, read as they are asked for, since a listing needs little of a whole flash. The file stays open, so that it is the same one for
 * all of them. Once a byte is changed all are in memory; nothing is written to the file. Throws `file/…`.
 */
export class FileBytes implements ByteSource {
  readonly length: number;
  /** Tells later whether another file is in its place, or another content. */
  readonly identity: string;
  readonly #path: string;
  readonly #fd: number;
  readonly #pages = new Map<number, Uint8Array>();
  #whole: Uint8Array | undefined;
  #isOpen = true;

  /** @param named The file in messages. */
  constructor(path: string, named: string) {
    this.#path = named;
    try {
      // To open a pipe waits for whoever writes into it, and nothing else is done meanwhile.
      const found = statSync(path);
      if (!found.isFile() && !found.isDirectory()) throw new UpywError('file/not-ordinary', { path: named });
      this.#fd = openSync(path, 'r');
      const stats = fstatSync(this.#fd);
      this.length = stats.size;
      this.identity = identityOf(stats);
    } catch (error) {
      throw localError(error, named);
    }
  }

  subarray(begin = 0, end = this.length): Uint8Array {
    const start = Math.min(begin, this.length);
    const stop = Math.max(start, Math.min(end, this.length));
    if (this.#whole !== undefined) return this.#whole.subarray(start, stop);
    const first = Math.floor(start / pageBytes);
    const inPage = start - first * pageBytes;
    if (stop - start <= pageBytes - inPage) return this.#page(first).subarray(inPage, inPage + stop - start);
    return this.#read(start, stop - start);
  }

  /** All of them, to be changed in place. */
  change(): Uint8Array {
    this.#whole ??= this.#read(0, this.length);
    return this.#whole;
  }

  /** What is in memory stays of use. */
  close(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
  }

  #page(index: number): Uint8Array {
    const start = index * pageBytes;
    const page = this.#pages.get(index) ?? this.#read(start, Math.min(pageBytes, this.length - start));
    this.#pages.set(index, page);
    return page;
  }

  #read(start: number, sizeBytes: number): Uint8Array {
    const bytes = new Uint8Array(sizeBytes);
    try {
      for (let done = 0; done < sizeBytes;) {
        const count = readSync(this.#fd, bytes, done, sizeBytes - done, start + done);
        if (count === 0) throw new Error('it became shorter while it was being read');
        done += count;
      }
    } catch (error) {
      throw localError(error, this.#path);
    }
    return bytes;
  }
}

/** What tells whether a file is still the one that was read. */
export function identityOf(stats: { dev: number; ino: number; size: number; mtimeMs: number }): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeMs].join();
}

/** Part of a file, as the flash of a file system. */
export class FileDevice implements BlockDevice {
  readonly programBytes = usualProgramBytes;
  readonly blockCount: number;
  readonly #file: FileBytes;
  readonly #offset: number;

  constructor(
    file: FileBytes,
    { offset, sizeBytes }: { readonly offset: number; readonly sizeBytes: number },
    readonly blockBytes: number,
  ) {
    this.#file = file;
    this.#offset = offset;
    this.blockCount = Math.floor(sizeBytes / blockBytes);
  }

  read(block: number, offset: number, sizeBytes: number): Uint8Array {
    const start = this.#at(block) + offset;
    return this.#file.subarray(start, start + sizeBytes);
  }

  program(block: number, offset: number, bytes: Uint8Array): void {
    this.#file.change().set(bytes, this.#at(block) + offset);
  }

  erase(block: number): void {
    this.#file.change().fill(erased, this.#at(block), this.#at(block + 1));
  }

  sync(): void {
    // It is written as a whole, by whoever opened it.
  }

  #at(block: number): number {
    return this.#offset + block * this.blockBytes;
  }
}
