import type { SectorDevice } from '../../fat/fat-device.js';
import { sectorSizeBytes } from '../chip/timing.js';
import type { FlashRegion } from '../guest.js';
import type { BoardFlash } from './board-flash.js';
import type { FlashTime } from './flash-time.js';

/**
 * The part of the flash where MicroPython has its files, as FAT uses it there: whatever is written, the whole sector of the flash that it lies in
 * is read, erased and programmed again (ports/esp32/esp32_partition.c).
 */
export class FilesSectors implements SectorDevice {
  readonly sectorCount: number;
  readonly #flash: BoardFlash;
  readonly #region: FlashRegion;
  readonly #time: FlashTime;

  constructor(
    flash: BoardFlash,
    region: FlashRegion,
    time: FlashTime,
    readonly sectorBytes: number,
  ) {
    this.#flash = flash;
    this.#region = region;
    this.#time = time;
    this.sectorCount = Math.floor(region.sizeBytes / sectorBytes);
  }

  read(sector: number, count: number): Uint8Array {
    const sizeBytes = count * this.sectorBytes;
    this.#time.read(sizeBytes);
    return this.#flash.read(this.#region.offset + sector * this.sectorBytes, sizeBytes);
  }

  write(sector: number, bytes: Uint8Array): void {
    const start = this.#region.offset + sector * this.sectorBytes;
    for (let at = 0; at < bytes.length;) {
      const within = (start + at) % sectorSizeBytes;
      const piece = bytes.subarray(at, at + sectorSizeBytes - within);
      this.#writePiece(start + at - within, within, piece);
      at += piece.length;
    }
  }

  sync(): void {
    this.#flash.flush();
  }

  #writePiece(flashSector: number, within: number, bytes: Uint8Array): void {
    const whole = this.#flash.read(flashSector, sectorSizeBytes);
    whole.set(bytes, within);
    this.#time.erase(sectorSizeBytes);
    this.#flash.erase(flashSector, sectorSizeBytes);
    this.#time.program(sectorSizeBytes);
    this.#flash.program(flashSector, whole);
  }
}
