import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { UpywError } from '../../errors.js';
import type { Flash } from '../guest.js';
import { type FlashStore, NorFlash, isErased } from './flash.js';
import { sectorSizeBytes } from './timing.js';

/**
 * Opens (or makes, blank) the flash of a board kept in a file: a plain dump of the chip from address 0 that ends after the last
 * sector that was ever programmed since it was erased; what lies behind its end is erased. So a blank chip is an empty file, and
 * a new board costs the disk what its firmware needs.
 * Every change is written at once, in place: a killed process loses at most the change it was making.
 * @throws UpywError `sim/state` when the file cannot be used, now or at a later change.
 */
export function openFlashFile(path: string): Flash {
  return new NorFlash(new FlashFile(path));
}

/** So much is read at once. */
const pieceBytes = 16 * sectorSizeBytes;

class FlashFile implements FlashStore {
  readonly #path: string;
  readonly #file: number;
  #sizeBytes: number;

  constructor(path: string) {
    this.#path = path;
    this.#file = this.#attempt(() => openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
    const found = this.#attempt(() => fstatSync(this.#file));
    // Windows opens it.
    if (found.isDirectory()) {
      this.close();
      throw this.#problem('it is a folder');
    }
    this.#sizeBytes = found.size;
  }

  *load(sizeBytes: number): Iterable<Uint8Array> {
    if (this.#sizeBytes > sizeBytes) {
      this.close();
      throw this.#problem(`it holds ${this.#sizeBytes} bytes, the chip ${sizeBytes}`);
    }
    const piece = new Uint8Array(pieceBytes);
    for (let at = 0; at < this.#sizeBytes; at += piece.length) {
      const count = this.#attempt(() => readSync(this.#file, piece, 0, piece.length, at));
      yield piece.subarray(0, count);
    }
  }

  save(flash: Pick<Flash, 'read'>, offset: number, sizeBytes: number): void {
    const end = offset + sizeBytes;
    this.#attempt(() => {
      if (end >= this.#sizeBytes && isErased(flash.read(offset, sizeBytes))) {
        this.#shorten(offset);
        return;
      }
      // A hole would read as 0x00, so what lies between the old end and this change is written too, to whole sectors.
      const from = Math.min(offset, this.#sizeBytes);
      const to = end <= this.#sizeBytes ? end : Math.ceil(end / sectorSizeBytes) * sectorSizeBytes;
      this.#write(flash.read(from, to - from), from);
      this.#sizeBytes = Math.max(this.#sizeBytes, to);
    });
  }

  close(): void {
    closeSync(this.#file);
  }

  #shorten(sizeBytes: number): void {
    if (sizeBytes >= this.#sizeBytes) return;
    ftruncateSync(this.#file, sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  #write(bytes: Uint8Array, position: number): void {
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, position + done);
    }
  }

  #attempt<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      throw this.#problem(error instanceof Error ? error.message : String(error), error);
    }
  }

  #problem(reason: string, cause?: unknown): UpywError {
    return new UpywError('sim/state', { path: this.#path, reason }, { cause });
  }
}
