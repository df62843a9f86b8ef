import type { BlockDevice } from '../../littlefs/block-device.js';
import { sectorSizeBytes } from '../chip/timing.js';
import type { FlashRegion } from '../guest.js';
import type { BoardFlash } from './board-flash.js';
import type { FlashTime } from './flash-time.js';

/** The part of the flash where MicroPython has its files, as littlefs uses it there, with the time that it takes. */
export class FilesDevice implements BlockDevice {
  readonly blockBytes = sectorSizeBytes;
  readonly blockCount: number;
  /** As `ports/esp32/modules/flashbdev.py` and `extmod/vfs_lfs.c` have it. */
  readonly programBytes = 32;
  readonly #flash: BoardFlash;
  readonly #offset: number;
  readonly #time: FlashTime;

  constructor(flash: BoardFlash, { offset, sizeBytes }: FlashRegion, time: FlashTime) {
    this.#flash = flash;
    this.#offset = offset;
    this.#time = time;
    this.blockCount = Math.floor(sizeBytes / sectorSizeBytes);
  }

  read(block: number, offset: number, sizeBytes: number): Uint8Array {
    this.#time.read(sizeBytes);
    return this.#flash.read(this.#at(block) + offset, sizeBytes);
  }

  program(block: number, offset: number, bytes: Uint8Array): void {
    this.#time.program(bytes.length);
    this.#flash.program(this.#at(block) + offset, bytes);
  }

  erase(block: number): void {
    this.#time.erase(sectorSizeBytes);
    this.#flash.erase(this.#at(block), sectorSizeBytes);
  }

  sync(): void {
    this.#flash.flush();
  }

  #at(block: number): number {
    return this.#offset + block * sectorSizeBytes;
  }
}
