import { UpywError } from '../errors.js';
import { isLineTrouble } from './protocol/commands.js';
import { blankDigest, digestBytes, digestFlash } from './digest-flash.js';
import type { Loader } from './loader.js';
import { readFlash } from './read-flash.js';
import { endOf, joinRegions, sectorSizeBytes, splitRegion, sumSizes } from './regions.js';
import type { Region } from './regions.js';

/** A region and what its bytes must digest to. */
export interface DigestedRegion extends Region {
  /** Asked for anew when what arrives does not fit it: an answer of the chip carries no check value. */
  md5: string;
}

export interface ReadRegionsOptions {
  /**
   * Gets every byte once, right, in no particular order: whole regions, or pieces of one where the line was bad. Must be
   * done with the array when it returns.
   */
  readonly onRegion: (region: DigestedRegion, bytes: Uint8Array) => void;
  /** Bytes that have arrived, right or not yet known. */
  readonly onBytes?: ((sizeBytes: number) => void) | undefined;
}

const triesWithWholeRegions = 2;
const maxTries = 5;

/**
 * Reads regions whose digests are known (ascending). Neighbours are read in one command; a region that arrives damaged is
 * read again by itself. Throws `loader/read-damaged` when a region does not arrive whole after several tries.
 */
export async function readRegions(
  loader: Loader,
  regions: readonly DigestedRegion[],
  options: ReadRegionsOptions,
): Promise<void> {
  let missing = [...regions];
  let missingBytes = sumSizes(missing);
  for (let attempt = 1; missing.length > 0; attempt++) {
    if (attempt > triesWithWholeRegions) missing = await splitDigested(loader, missing);
    const arrived = new Set<Region>();
    for (const run of joinRegions(missing)) {
      const parts = missing.filter(({ offset }) => offset >= run.offset && offset < endOf(run));
      await readRun(loader, run, parts, arrived, options);
    }
    missing = missing.filter((region) => !arrived.has(region));
    const first = missing[0];
    if (first === undefined) return;
    const before = missingBytes;
    missingBytes = sumSizes(missing);
    if (attempt >= maxTries && missingBytes === before) {
      const { offset, sizeBytes } = first;
      throw new UpywError('loader/read-damaged', { offset, sizeBytes, tries: attempt });
    }
    await loader.recover();
  }
}

/** Smaller pieces have better chances, and cost a digest each. A region whose digest was wrong is read whole once more. */
async function splitDigested(loader: Loader, regions: readonly DigestedRegion[]): Promise<DigestedRegion[]> {
  const pieces: DigestedRegion[] = [];
  for (const region of regions) {
    const md5 = await digestFlash(loader, region);
    if (md5 !== region.md5) {
      region.md5 = md5;
      pieces.push(region);
      continue;
    }
    for (const piece of splitRegion(region, sectorSizeBytes)) {
      pieces.push({ ...piece, md5: await digestFlash(loader, piece) });
    }
  }
  return pieces;
}

async function readRun(
  loader: Loader,
  run: Region,
  parts: readonly DigestedRegion[],
  arrived: Set<Region>,
  options: ReadRegionsOptions,
): Promise<void> {
  const assembler = new Assembler(parts, (region, bytes) => {
    arrived.add(region);
    options.onRegion(region, bytes);
  });
  try {
    await readFlash(loader, run, (bytes, offset, intact) => {
      assembler.take(bytes, offset, intact);
      options.onBytes?.(bytes.length);
    });
  } catch (error) {
    if (!isLineTrouble(error)) throw error;
  }
}

/** Puts frames together to regions, and passes on those whose digest is right. */
class Assembler {
  readonly #parts: readonly DigestedRegion[];
  readonly #onWhole: (region: DigestedRegion, bytes: Uint8Array) => void;
  readonly #buffer: Uint8Array;
  #index = 0;
  #intact = true;
  #filledBytes = 0;

  constructor(
    parts: readonly DigestedRegion[],
    onWhole: (region: DigestedRegion, bytes: Uint8Array) => void,
  ) {
    this.#parts = parts;
    this.#onWhole = onWhole;
    this.#buffer = new Uint8Array(Math.max(...parts.map(({ sizeBytes }) => sizeBytes)));
  }

  /** Takes what arrived for `offset`; a frame may end one region and begin the next. */
  take(bytes: Uint8Array, offset: number, intact: boolean): void {
    for (let taken = 0; taken < bytes.length;) {
      const at = offset + taken;
      const region = this.#regionAt(at);
      if (region === undefined) return;
      const count = Math.min(bytes.length - taken, endOf(region) - at);
      this.#fill(region, bytes.subarray(taken, taken + count), at - region.offset, intact);
      taken += count;
    }
  }

  #fill(region: DigestedRegion, bytes: Uint8Array, at: number, intact: boolean): void {
    // After a lost frame the bytes do not continue what is there.
    this.#intact &&= intact && at === this.#filledBytes;
    if (!this.#intact) return;
    this.#buffer.set(bytes, at);
    this.#filledBytes = at + bytes.length;
    if (this.#filledBytes < region.sizeBytes) return;
    const whole = this.#buffer.subarray(0, region.sizeBytes);
    if (digestBytes(whole) === region.md5) this.#onWhole(region, whole);
  }

  #regionAt(offset: number): DigestedRegion | undefined {
    let region = this.#parts[this.#index];
    while (region !== undefined && offset >= endOf(region)) {
      region = this.#parts[++this.#index];
      this.#filledBytes = 0;
      this.#intact = true;
    }
    return region;
  }
}

/** Whether nothing is in it. */
export function isBlankRegion({ sizeBytes, md5 }: DigestedRegion): boolean {
  return md5 === blankDigest(sizeBytes);
}
