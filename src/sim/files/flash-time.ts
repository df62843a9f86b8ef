import { chipTimes, pageSizeBytes, sectorSizeBytes } from '../chip/timing.js';
import { stall } from '../micropython/console/board-console.js';

/** The ESP32 reads its flash over SPI at some 4 MB/s, in many small transactions: an estimate. */
const readMsPerByte = 1 / 4096;
/** Finding a name: a chip reads the log of a folder anew each time, which our littlefs remembers. An estimate, too. */
const findMs = 1;
/** `fault=compacting`: seen on official firmware as a file was created. */
const compactMs = 1400;

/** Shorter than this a thread cannot reliably be put to sleep. */
const shortestStallMs = 1;

/**
 * Blocks the VM while the flash chip is busy, as it blocks the board's CPU: only the UART goes on, into its ring. Waits that were
 * too short to be worth one, or that took longer than they should, count towards the next: the sum is right.
 */
export class FlashTime {
  readonly #unpaced: boolean;
  #owedMs = 0;

  constructor(unpaced: boolean) {
    this.#unpaced = unpaced;
  }

  erase(sizeBytes: number): void {
    this.#spend((sizeBytes / sectorSizeBytes) * chipTimes.eraseSectorMs);
  }

  program(sizeBytes: number): void {
    this.#spend((sizeBytes / pageSizeBytes) * chipTimes.programPageMs);
  }

  read(sizeBytes: number): void {
    this.#spend(sizeBytes * readMsPerByte);
  }

  find(): void {
    this.#spend(findMs);
  }

  compact(): void {
    this.#spend(compactMs);
  }

  #spend(ms: number): void {
    if (this.#unpaced) return;
    this.#owedMs += ms;
    if (this.#owedMs < shortestStallMs) return;
    const startMs = performance.now();
    stall(this.#owedMs);
    this.#owedMs -= performance.now() - startMs;
  }
}
