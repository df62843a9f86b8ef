import { stall } from './board-console.js';

/** What the file system has the flash chip do. */
export type FlashWork =
  /** Erase a 4 KiB sector. */
  | 'erase'
  /** Program a page of 256 bytes, or part of it. */
  | 'page'
  /** Add an entry to a folder's log: a few small programs, and now and then a log that is written anew. */
  | 'log'
  /** Find a name: a folder's log is read through. */
  | 'find'
  /** Write a folder's log anew, and whatever else littlefs puts in order then. */
  | 'compact'
  /** Read so many bytes of a file. */
  | 'read';

/**
 * In milliseconds. Erasing and programming: the typical times of a 4 MB part (GD25Q32 and W25Q32 data sheets), about 55 ms for a
 * block. Compacting: seen once on official firmware as a file was created. The others are estimates: the ESP32 reads its flash over SPI at some 4 MB/s, in many small transactions.
 */
export const flashTimeMs: Readonly<Record<FlashWork, number>> = {
  erase: 45,
  page: 0.6,
  log: 2,
  find: 1,
  compact: 1400,
  read: 1 / 4096,
};

/** Shorter than this a thread cannot reliably be put to sleep. */
const shortestStallMs = 1;

/**
 * Blocks the VM while the flash chip is busy, as it blocks the board's CPU: only the UART goes on, into its ring. Waits that were
 * too short to be worth one, or that took longer than they should, count towards the next: the sum is right.
 */
export class FlashTime {
  #owedMs = 0;

  spend(work: FlashWork, count: number): void {
    this.#owedMs += flashTimeMs[work] * count;
    if (this.#owedMs < shortestStallMs) return;
    const startMs = performance.now();
    stall(this.#owedMs);
    this.#owedMs -= performance.now() - startMs;
  }
}
