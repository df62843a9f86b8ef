import type { ChipClock } from './chip-clock.js';

/** Payload of one full-speed USB packet of an FTDI adapter: 64 bytes less two of status. */
const packetBytes = 62;
/** What the host sends leaves with the next USB frame; of these there is one every millisecond, whoever sends. */
const frameMs = 1;

/**
 * The USB side of the serial adapter. With `latencyMs` it behaves as an adapter with a latency timer (FTDI's of 16 ms is the known
 * one, application note AN232B-04): what comes from the board goes on when it fills a packet, and what does not when the time is up
 * since its first byte. What goes to the board waits for the next USB frame at most.
 */
export class UsbAdapter {
  readonly #clock: ChipClock;
  readonly #latencyMs: number;
  readonly #toHost: (bytes: Uint8Array) => void;
  #held: Uint8Array = new Uint8Array(0);
  #cancelTimer: (() => void) | undefined;

  constructor(clock: ChipClock, latencyMs: number, toHost: (bytes: Uint8Array) => void) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
    this.#toHost = toHost;
  }

  /** Bytes from the board. */
  receive(bytes: Uint8Array): void {
    this.#held = concatenate(this.#held, bytes);
    if (this.#latencyMs > 0 && this.#held.length >= packetBytes) {
      this.#handOver(this.#held.length - (this.#held.length % packetBytes));
    }
    if (this.#held.length === 0) return;
    this.#cancelTimer ??= this.#clock.schedule(this.#clock.nowMs + this.#latencyMs, () => {
      this.#handOver(this.#held.length);
    });
  }

  /** Runs `start` when what the host wrote now reaches the wire. */
  send(start: () => void): void {
    if (this.#latencyMs === 0) start();
    else this.#clock.schedule(Math.ceil(this.#clock.nowMs / frameMs) * frameMs, start);
  }

  #handOver(count: number): void {
    const bytes = this.#held.subarray(0, count);
    this.#held = this.#held.slice(count);
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#toHost(bytes);
  }
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
