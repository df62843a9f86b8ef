import type { ChipClock } from './chip-clock.js';

/**
 * The USB side of the serial adapter. With `latencyMs` it behaves as an adapter's latency timer (FTDI's 16 ms default is the
 * known one): what comes from the board is held from the first byte on and handed over in one go when the time is up; what goes
 * to the board starts on the wire that much later.
 */
export class UsbAdapter {
  readonly #clock: ChipClock;
  readonly #latencyMs: number;
  readonly #toHost: (bytes: Uint8Array) => void;
  #held: Uint8Array[] = [];

  constructor(clock: ChipClock, latencyMs: number, toHost: (bytes: Uint8Array) => void) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
    this.#toHost = toHost;
  }

  /** Bytes from the board. */
  receive(bytes: Uint8Array): void {
    const isFirst = this.#held.length === 0;
    this.#held.push(bytes);
    if (!isFirst) return;
    this.#clock.schedule(this.#clock.nowMs + this.#latencyMs, () => {
      const burst = concatenate(this.#held);
      this.#held = [];
      this.#toHost(burst);
    });
  }

  /** Runs `start` when what the host wrote now reaches the wire. */
  send(start: () => void): void {
    if (this.#latencyMs === 0) start();
    else this.#clock.schedule(this.#clock.nowMs + this.#latencyMs, start);
  }
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
