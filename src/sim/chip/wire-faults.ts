import type { Faults } from './faults.js';

/** What the faults of the line do to the bytes that pass. Chance is the same in every run with the same seed. */
export class WireFaults {
  readonly #faults: Faults;
  readonly #random: () => number;
  #toHostBytes = 0;
  #toChipBytes = 0;

  constructor(faults: Faults) {
    this.#faults = faults;
    this.#random = makeRandom(faults.seed ?? 0);
  }

  /** What arrives at the computer of what the board sent at that rate. */
  toHost(bytes: Uint8Array, baudRate: number): Uint8Array {
    const { silenceAfterBytes = Infinity } = this.#faults;
    const heard = bytes.subarray(0, Math.max(0, silenceAfterBytes - this.#toHostBytes));
    this.#toHostBytes += bytes.length;
    return this.#damage(heard, baudRate);
  }

  /** What arrives at the chip of what the computer sent at that rate, and whether at that moment the board is unplugged. */
  toChip(bytes: Uint8Array, baudRate: number): { readonly bytes: Uint8Array; readonly isPowerLost: boolean } {
    const { powerLossAfterBytes = Infinity } = this.#faults;
    const arriving = bytes.subarray(0, Math.max(0, powerLossAfterBytes - this.#toChipBytes));
    this.#toChipBytes += bytes.length;
    return {
      bytes: this.#damage(arriving, baudRate),
      isPowerLost: this.#toChipBytes >= powerLossAfterBytes,
    };
  }

  #damage(bytes: Uint8Array, baudRate: number): Uint8Array {
    const { lostShare = 0, doubledShare = 0, maxBaudRate = Infinity } = this.#faults;
    const noiseShare = baudRate > maxBaudRate ? 1 : (this.#faults.noiseShare ?? 0);
    if (noiseShare + lostShare + doubledShare === 0) return bytes;
    const damaged: number[] = [];
    for (const byte of bytes) {
      if (this.#random() < lostShare) continue;
      const arrived = this.#random() < noiseShare ? byte ^ (1 + Math.floor(this.#random() * 255)) : byte;
      damaged.push(arrived);
      if (this.#random() < doubledShare) damaged.push(arrived);
    }
    return Uint8Array.from(damaged);
  }
}

/** 2^32 divided by the golden ratio: seeds that are near each other make states that are not (Knuth). */
const spread = 0x9e3779b1;
const initialState = 0x2545f491;

/** Marsaglia's xorshift32, as a share of 1. */
function makeRandom(seed: number): () => number {
  let state = initialState ^ Math.imul(seed, spread) || initialState;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x100000000;
  };
}
