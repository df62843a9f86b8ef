import type { ChipClock } from './chip-clock.js';
import { resample } from './resample.js';

/** Start bit, eight data bits, stop bit. */
export const bitsPerByte = 10;

/** How finely a transmission is cut: a change of rate in its middle counts from the next slice. */
const sliceMs = 1;

/** UARTs read each other as long as their rates differ by less than about this much. */
const rateTolerance = 0.03;

export interface LineOptions {
  readonly clock: ChipClock;
  readonly baudRate: number;
  /** No time passes on this line. */
  readonly unpaced: boolean;
}

interface Transmission {
  bytes: Uint8Array;
  readonly onSent: (() => void) | undefined;
}

/**
 * One direction of the wire: a transmitter with a queue, and a receiver that has a rate of its own. Bytes take their time at the
 * transmitter's rate (none at all when unpaced); where the rates differ, the receiver sees what a UART would see.
 */
export class SerialLine {
  readonly #clock: ChipClock;
  readonly #unpaced: boolean;
  readonly #receive: (bytes: Uint8Array, transmitRate: number) => void;
  #queue: Transmission[] = [];
  #cancelSlice: (() => void) | undefined;
  #freeAtMs = 0;
  transmitRate: number;
  receiveRate: number;

  constructor(options: LineOptions, receive: (bytes: Uint8Array, transmitRate: number) => void) {
    this.#clock = options.clock;
    this.#unpaced = options.unpaced;
    this.#receive = receive;
    this.transmitRate = options.baudRate;
    this.receiveRate = options.baudRate;
  }

  /** Queues bytes; `onSent` runs when the last bit has left. */
  send(bytes: Uint8Array, onSent?: () => void): void {
    this.#queue.push({ bytes, onSent });
    this.#startNextSlice();
  }

  /** Drops what has not left yet, as a reset of the transmitter does. */
  cut(): void {
    this.#queue = [];
    this.#cancelSlice?.();
    this.#cancelSlice = undefined;
  }

  #startSlice(): void {
    const first = this.#queue[0];
    if (first === undefined) return;
    const byteMs = (bitsPerByte * 1000) / this.transmitRate;
    const size = this.#unpaced ? first.bytes.length : Math.max(1, Math.floor(sliceMs / byteMs));
    const slice = first.bytes.subarray(0, size);
    first.bytes = first.bytes.subarray(size);
    const startMs = Math.max(this.#clock.nowMs, this.#freeAtMs);
    this.#freeAtMs = this.#unpaced ? startMs : startMs + slice.length * byteMs;
    const rate = this.transmitRate;
    this.#cancelSlice = this.#clock.schedule(this.#freeAtMs, () => {
      this.#cancelSlice = undefined;
      if (first.bytes.length === 0) this.#queue.shift();
      if (slice.length > 0) this.#receive(this.#asReceived(slice, rate), rate);
      if (first.bytes.length === 0) first.onSent?.();
      this.#startNextSlice();
    });
  }

  /** Unless what the slice brought about has started it already. */
  #startNextSlice(): void {
    if (this.#cancelSlice === undefined) this.#startSlice();
  }

  #asReceived(bytes: Uint8Array, transmitRate: number): Uint8Array {
    const difference = Math.abs(this.receiveRate / transmitRate - 1);
    return difference <= rateTolerance ? bytes : resample(bytes, transmitRate, this.receiveRate);
  }
}
