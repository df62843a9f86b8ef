import type { Flash } from '../guest.js';
import { sectorSizeBytes } from './timing.js';

/** The flash of every board the workshop uses. */
const flashSizeBytes = 0x400000;

/** What keeps a flash's content beyond the process. */
export interface FlashStore {
  /** Reads the kept content into `contents`, which comes all 0xFF. */
  load(contents: Uint8Array): void;
  /** Keeps one range of the new content. */
  save(contents: Uint8Array, offset: number, sizeBytes: number): void;
  close(): void;
}

/**
 * The chip itself: 4 MB of NOR, in memory, written through to a store where there is one. Erasing goes by sectors of 4 KiB.
 * It takes no time here: whoever uses it charges the chip's time (`timing.ts`).
 * A range outside the chip, or an erase off the sector grid, is a mistake of the caller: `RangeError`.
 */
export class NorFlash implements Flash {
  readonly #contents: Uint8Array;
  readonly #store: FlashStore | undefined;

  constructor(store?: FlashStore, sizeBytes: number = flashSizeBytes) {
    this.#contents = new Uint8Array(sizeBytes).fill(0xff);
    this.#store = store;
    store?.load(this.#contents);
  }

  get sizeBytes(): number {
    return this.#contents.length;
  }

  read(offset: number, sizeBytes: number): Uint8Array {
    this.#checkRange(offset, sizeBytes);
    return this.#contents.slice(offset, offset + sizeBytes);
  }

  program(offset: number, bytes: Uint8Array): void {
    this.#checkRange(offset, bytes.length);
    const target = this.#contents.subarray(offset, offset + bytes.length);
    bytes.forEach((byte, index) => {
      target[index] = (target[index] ?? 0) & byte;
    });
    this.#store?.save(this.#contents, offset, bytes.length);
  }

  erase(offset: number, sizeBytes: number): void {
    this.#checkRange(offset, sizeBytes);
    if (offset % sectorSizeBytes !== 0 || sizeBytes % sectorSizeBytes !== 0) {
      throw new RangeError(`erase of ${sizeBytes} bytes at ${offset} is not in whole sectors`);
    }
    this.#contents.fill(0xff, offset, offset + sizeBytes);
    this.#store?.save(this.#contents, offset, sizeBytes);
  }

  close(): void {
    this.#store?.close();
  }

  #checkRange(offset: number, sizeBytes: number): void {
    if (offset < 0 || sizeBytes < 0 || offset + sizeBytes > this.#contents.length) {
      throw new RangeError(`flash has no ${sizeBytes} bytes at ${offset}`);
    }
  }
}
