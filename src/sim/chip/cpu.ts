import type { GuestHost } from '../guest.js';

/** UART0's transmit FIFO: a program that sends goes on once the rest fits in here. */
const transmitFifoBytes = 128;

/**
 * The processor's time. A guest is one program that does one thing after another: it spends time, or waits for something to happen.
 * It keeps its own time, which follows from the times of those events and not from when Node got round to them: so lateness
 * of timers, and of the promises in between, does not add up, and a long job takes what the data sheets say.
 */
export class Cpu {
  readonly #host: GuestHost;
  #timeMs: number;

  constructor(host: GuestHost) {
    this.#host = host;
    this.#timeMs = host.nowMs;
  }

  /** The program's time: up to here it is done with its work. */
  get timeMs(): number {
    return this.#timeMs;
  }

  /** The time at which something ends that the program begins now; where chip time is not modelled, at once. */
  endOf(chipTimeMs: number): number {
    return this.#timeMs + (this.#host.unpaced ? 0 : chipTimeMs);
  }

  /** The program waited for something that happened at this time. */
  waitedUntil(timeMs: number): void {
    this.#timeMs = Math.max(this.#timeMs, timeMs);
  }

  /** Runs `fn` at that time, or as soon as may be where it has passed; never when the chip was reset. */
  at(timeMs: number, fn: () => void): void {
    this.#host.after(timeMs - this.#host.nowMs, fn);
  }

  /** Resolves after so much work, or never when the chip was reset. */
  async spend(chipTimeMs: number): Promise<void> {
    if (chipTimeMs <= 0) return;
    this.#timeMs = this.endOf(chipTimeMs);
    await new Promise<void>((resolve) => {
      this.at(this.#timeMs, resolve);
    });
  }

  /** Sends; resolves when the program goes on, with up to a FIFO of bytes still to leave. */
  async send(bytes: Uint8Array): Promise<void> {
    const waitedForBytes = Math.max(0, bytes.length - transmitFifoBytes);
    await this.#transmit(bytes, waitedForBytes);
  }

  /** Sends; resolves when the last bit has left. */
  async sendAll(bytes: Uint8Array): Promise<void> {
    await this.#transmit(bytes, bytes.length);
  }

  async #transmit(bytes: Uint8Array, waitedForBytes: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        this.waitedUntil(this.#host.nowMs);
        resolve();
      };
      this.at(this.#timeMs, () => {
        if (waitedForBytes > 0) this.#host.transmit(bytes.subarray(0, waitedForBytes), goOn);
        if (waitedForBytes < bytes.length) this.#host.transmit(bytes.subarray(waitedForBytes));
        if (waitedForBytes === 0) goOn();
      });
    });
  }
}
