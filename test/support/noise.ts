/** Numbers from 0 to 1 that are the same for the same seed (mulberry32, in the public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Fault {
  readonly kind: 'lost' | 'doubled' | 'flipped';
  /** Which byte of its direction it begins with. */
  readonly at: number;
  readonly countBytes: number;
  readonly bit: number;
}

/** A direction of a bad line: bytes are lost, doubled or flipped. */
export class NoisyLine {
  readonly #faults: readonly Fault[];
  #seenBytes = 0;

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
  }

  /** What arrives of what was sent. */
  carry(sent: Uint8Array): Uint8Array {
    const arrived: number[] = [];
    for (const byte of sent) {
      const at = this.#seenBytes;
      this.#seenBytes += 1;
      const fault = this.#faults.find(
        (candidate) => at >= candidate.at && at < candidate.at + candidate.countBytes,
      );
      if (fault?.kind === 'lost') continue;
      arrived.push(fault?.kind === 'flipped' ? byte ^ (1 << fault.bit) : byte);
      if (fault?.kind === 'doubled') arrived.push(byte);
    }
    return Uint8Array.from(arrived);
  }
}

/** How bad a line is: how many faults, and of how many bytes those are that are longer than one. */
export interface Badness {
  readonly faults: number;
  readonly longBytes: number;
}

/** A line as a bad cable makes it, and one as an adapter makes it that has no time. */
export const [bad, worse]: readonly [Badness, Badness] = [
  { faults: 3, longBytes: 60 },
  { faults: 5, longBytes: 400 },
];

/** Some faults among so many bytes. */
export function someFaults(
  random: () => number,
  { faults, longBytes }: Badness,
  withinBytes: number,
  fromByte = 0,
): Fault[] {
  const pick = (count: number) => Math.floor(random() * count);
  return Array.from({ length: 1 + pick(faults) }, () => ({
    kind: (['lost', 'doubled', 'flipped'] as const)[pick(3)] ?? 'lost',
    at: fromByte + pick(withinBytes),
    countBytes: random() < 0.7 ? 1 : 1 + pick(longBytes),
    bit: pick(8),
  }));
}

/** Contents that meet every part of a protocol: any bytes, control bytes, what deflates well, nothing at all. */
export function someContent(random: () => number, maxBytes: number): Uint8Array {
  const count = Math.floor(random() ** 2 * maxBytes);
  const pick = random();
  const byteOf = (index: number): number => {
    if (pick < 0.3) return Math.floor(random() * 256);
    if (pick < 0.4) return 3;
    if (pick < 0.5) return 4;
    if (pick < 0.6) return index % 7;
    return 'def main(): return 42\n'.charCodeAt((index * 3) % 22) + (random() < 0.05 ? 1 : 0);
  };
  return Uint8Array.from({ length: count }, (_, index) => byteOf(index));
}
