import type { GuestHost } from '../guest.js';

/** UART0's transmit FIFO: a program that sends goes on once the rest fits in here. */
const transmitFifoBytes = 128;

/**
 * The processor's time. A guest is one program that does one thing after another: it spends time, or waits for the line.
 * Timers fire late; while the program is busy without a break, the next step counts from when the last one should have ended, so
 * that the delays do not add up and a long job takes what the data sheet says.
 */
export class Cpu {
  readonly #host: GuestHost;
  #busyUntilMs: number | undefined;

  constructor(host: GuestHost) {
    this.#host = host;
  }

  /** The program was idle until this moment: time counts from now. */
  wake(): void {
    this.#busyUntilMs = undefined;
  }

  /** Resolves after so much chip time, or never when the chip was reset. */
  async spend(chipTimeMs: number): Promise<void> {
    if (chipTimeMs <= 0) return;
    if (this.#host.unpaced) {
      await new Promise<void>((resolve) => {
        this.#host.after(chipTimeMs, resolve);
      });
      return;
    }
    const nowMs = performance.now();
    const endMs = (this.#busyUntilMs ?? nowMs) + chipTimeMs;
    await new Promise<void>((resolve) => {
      this.#host.after(Math.max(0, endMs - nowMs), resolve);
    });
    this.#busyUntilMs = endMs;
  }

  /** Sends; resolves when the program goes on, with up to a FIFO of bytes still to leave. */
  async send(bytes: Uint8Array): Promise<void> {
    const waitedFor = bytes.length - transmitFifoBytes;
    if (waitedFor <= 0 || this.#host.unpaced) {
      this.#host.transmit(bytes);
      return;
    }
    await new Promise<void>((resolve) => {
      this.#host.transmit(bytes.subarray(0, waitedFor), resolve);
      this.#host.transmit(bytes.subarray(waitedFor));
    });
    this.wake();
  }

  /** Sends; resolves when the last byte has left. */
  async sendAll(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#host.transmit(bytes, resolve);
    });
    this.wake();
  }
}
