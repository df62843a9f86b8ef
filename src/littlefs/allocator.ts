import { LittlefsError } from './littlefs-error.js';

/**
 * Gives out blocks, one after the other round the flash, so that all wear alike. Which are free is only looked up when the last look is used up:
 * what was given up in between is found then.
 */
export class Allocator {
  readonly #blockCount: number;
  readonly #findUsed: () => Iterable<number>;
  /** Given out, and in nothing that is committed. */
  readonly #pending = new Set<number>();
  #used: Uint8Array | undefined;
  #next: number;

  /** @param firstBlock Where to begin; another one each time spreads the wear of short sessions. */
  constructor(blockCount: number, firstBlock: number, findUsed: () => Iterable<number>) {
    this.#blockCount = blockCount;
    this.#next = firstBlock % Math.max(blockCount, 1);
    this.#findUsed = findUsed;
  }

  /** Throws `no-space`. */
  allocate(): number {
    const block = this.#find() ?? this.#findAnew();
    if (block === undefined) throw new LittlefsError('no-space', 'the file system is full');
    this.#pending.add(block);
    return block;
  }

  /** What was given out is in the file system now, or given up. */
  settle(): void {
    this.#pending.clear();
  }

  #findAnew(): number | undefined {
    this.#used = new Uint8Array(this.#blockCount);
    for (const block of this.#findUsed()) this.#used[block] = 1;
    for (const block of this.#pending) this.#used[block] = 1;
    return this.#find();
  }

  #find(): number | undefined {
    if (this.#used === undefined) return undefined;
    for (let looked = 0; looked < this.#blockCount; looked += 1) {
      const block = this.#next;
      this.#next = (block + 1) % this.#blockCount;
      if (this.#used[block] === 0) {
        this.#used[block] = 1;
        return block;
      }
    }
    return undefined;
  }
}
