import { NorFlash } from '../../../../src/sim/chip/flash.js';
import type { Flash, GuestHost, ResetReason } from '../../../../src/sim/guest.js';

interface Event {
  timeMs: number;
  run: () => void;
}

/**
 * The far side of a guest. Its clock is that of a simulation: it jumps from one event to the next without waiting, so that times are
 * exact on a busy machine too. Bytes that are sent take their time at `lineRate`, none when that is not set.
 */
export class FakeHost implements GuestHost {
  readonly flash: Flash;
  readonly unpaced = false;
  readonly resets: ResetReason[] = [];
  /** Rate changes, each with the number of bytes sent before it. */
  readonly baudRates: { baudRate: number; afterBytes: number }[] = [];
  readonly sent: number[] = [];
  lineRate = Infinity;
  nowMs = 0;
  readonly #events: Event[] = [];
  #lineFreeAtMs = 0;
  #isRunning = false;

  constructor(flash: Flash = new NorFlash()) {
    this.flash = flash;
  }

  transmit(bytes: Uint8Array, onSent?: () => void): void {
    if (this.lineRate === Infinity) {
      this.sent.push(...bytes);
      if (onSent !== undefined) this.after(0, onSent);
      return;
    }
    this.#lineFreeAtMs = Math.max(this.nowMs, this.#lineFreeAtMs) + this.wireMs(bytes.length);
    this.#schedule(this.#lineFreeAtMs, () => {
      this.sent.push(...bytes);
      onSent?.();
    });
  }

  setBaudRate(baudRate: number): void {
    this.baudRates.push({ baudRate, afterBytes: this.sent.length });
  }

  after(chipTimeMs: number, fn: () => void): void {
    this.#schedule(this.nowMs + chipTimeMs, fn);
  }

  reset(reason: ResetReason): void {
    this.resets.push(reason);
  }

  wireMs(sizeBytes: number): number {
    return (sizeBytes * 10_000) / this.lineRate;
  }

  sentText(): string {
    return String.fromCharCode(...this.sent);
  }

  #schedule(timeMs: number, run: () => void): void {
    const next = this.#events.findIndex((event) => event.timeMs > timeMs);
    this.#events.splice(next < 0 ? this.#events.length : next, 0, { timeMs, run });
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Between events the guest's promises settle.
    await new Promise(setImmediate);
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      this.nowMs = event.timeMs;
      event.run();
      await new Promise(setImmediate);
    }
    this.#isRunning = false;
  }
}
