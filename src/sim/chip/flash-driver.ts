import { createHash } from 'node:crypto';
import type { GuestHost } from '../guest.js';
import type { Cpu } from './cpu.js';
import { chipTimes, digestTimeMs, eraseSteps, programTimeMs, sectorSizeBytes } from './timing.js';

export interface EraseStep {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly timeMs: number;
}

/**
 * Flash operations in chip time. An erase goes on inside the flash chip while the processor does other things; programming keeps
 * the processor busy page by page, reading and digesting too. What was begun when the chip loses power or resets is not done.
 * Ranges must lie within the chip: ask {@link has} first.
 */
export class FlashDriver {
  readonly #host: GuestHost;
  readonly #cpu: Cpu;
  /** The last erase or page begun: its end in chip time, and its being done. */
  #readyAtMs = 0;
  #done: Promise<void> = Promise.resolve();

  constructor(host: GuestHost, cpu: Cpu) {
    this.#host = host;
    this.#cpu = cpu;
  }

  get sizeBytes(): number {
    return this.#host.flash.sizeBytes;
  }

  get isBusy(): boolean {
    return this.#readyAtMs > this.#cpu.timeMs;
  }

  has(offset: number, sizeBytes: number): boolean {
    return offset + sizeBytes <= this.sizeBytes;
  }

  read(offset: number, sizeBytes: number): Uint8Array {
    return this.#host.flash.read(offset, sizeBytes);
  }

  /** Resolves when no erase is under way. */
  async ready(): Promise<void> {
    await this.#done;
    this.#cpu.waitedUntil(this.#readyAtMs);
  }

  /** Begins one erase and does not wait for its end. The chip must be ready. */
  beginErase({ offset, sizeBytes, timeMs }: EraseStep): void {
    this.#begin(timeMs, () => {
      this.#host.flash.erase(offset, sizeBytes);
    });
  }

  /** Begins to program one page and does not wait for its end. The chip must be ready. */
  beginProgram(parts: readonly { readonly offset: number; readonly bytes: Uint8Array }[]): void {
    this.#begin(chipTimes.programPageMs, () => {
      for (const { offset, bytes } of parts) this.#host.flash.program(offset, bytes);
    });
  }

  /** Erases whole sectors, and waits for the end. */
  async erase(offset: number, sizeBytes: number): Promise<void> {
    for (const step of eraseSteps(offset, sizeBytes)) {
      await this.ready();
      this.beginErase(step);
    }
    await this.ready();
  }

  async eraseChip(): Promise<void> {
    await this.ready();
    this.beginErase({ offset: 0, sizeBytes: this.sizeBytes, timeMs: chipTimes.eraseChipMs });
    await this.ready();
  }

  /** Sector by sector, so that a power cut leaves what was done before it. */
  async program(offset: number, bytes: Uint8Array): Promise<void> {
    await this.ready();
    let done = 0;
    while (done < bytes.length) {
      const at = offset + done;
      const room = sectorSizeBytes - (at % sectorSizeBytes);
      const piece = bytes.subarray(done, done + room);
      await this.#cpu.spend(programTimeMs(at, piece.length));
      this.#host.flash.program(at, piece);
      done += piece.length;
    }
  }

  /** MD5 of a range, 16 bytes. */
  async digest(offset: number, sizeBytes: number): Promise<Uint8Array> {
    await this.ready();
    await this.#cpu.spend(digestTimeMs(sizeBytes));
    return createHash('md5').update(this.read(offset, sizeBytes)).digest();
  }

  #begin(timeMs: number, fn: () => void): void {
    this.#readyAtMs = this.#cpu.endOf(timeMs);
    this.#done = new Promise((resolve) => {
      this.#cpu.at(this.#readyAtMs, () => {
        fn();
        resolve();
      });
    });
  }
}
