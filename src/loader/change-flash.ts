import { UpywError, withAftermath } from '../errors.js';
import type { Aftermath } from '../errors.js';
import { compareFlash } from './compare-flash.js';
import type { FlashChanges, FlashContent } from './compare-flash.js';
import { digestBytes, digestFlash } from './digest-flash.js';
import type { Loader } from './loader.js';
import { endOf, joinRegions, splitRegion, sumSizes } from './regions.js';
import type { Region } from './regions.js';
import { eraseFlash, writeFlash } from './write-flash.js';

export type FlashPhase = 'compare' | 'erase' | 'write' | 'verify';

/** Called as an operation goes on; `doneBytes` counts up to `totalBytes` in each phase. */
export type FlashProgress = (phase: FlashPhase, doneBytes: number, totalBytes: number) => void;

export interface ChangeOptions {
  readonly onProgress?: FlashProgress | undefined;
  /** Finds out what would be done, and does nothing. */
  readonly dryRun?: boolean | undefined;
  /** What is told with a failure that comes once the first byte of the flash was changed. */
  readonly aftermath?: Aftermath | undefined;
}

export interface ChangeResult {
  readonly unchangedBytes: number;
  readonly erasedBytes: number;
  readonly writtenBytes: number;
}

/** One erase command: long enough to use whole blocks, short enough to show progress and to be broken off. */
const eraseStepBytes = 0x40000;
/** Compressed in one piece, which stays in memory while it is sent. */
const writeStepBytes = 0x400000;
const verifyStepBytes = 0x40000;

/**
 * Makes the flash hold `content` in `regions` (ascending, whole sectors), touching only what differs, and checks it.
 * Throws `loader/write-failed` when the flash does not keep what it was given, twice.
 */
export async function changeFlash(
  loader: Loader,
  content: FlashContent,
  regions: readonly Region[],
  options: ChangeOptions = {},
): Promise<ChangeResult> {
  const compare = countPhase(options.onProgress, 'compare', sumSizes(regions));
  const changes = await compareFlash(loader, content, regions, compare);
  if (options.dryRun !== true && changes.erase.length + changes.write.length > 0) {
    try {
      await applyAndVerify(loader, content, changes, options);
    } catch (error) {
      throw options.aftermath === undefined ? error : withAftermath(error, options.aftermath);
    }
  }
  return {
    unchangedBytes: changes.unchangedBytes,
    erasedBytes: sumSizes(changes.erase),
    writtenBytes: sumSizes(changes.write),
  };
}

async function applyAndVerify(
  loader: Loader,
  content: FlashContent,
  changes: FlashChanges,
  options: ChangeOptions,
): Promise<void> {
  await apply(loader, content, changes, options);
  const wrong = await findWrong(loader, content, changes, options.onProgress);
  if (wrong.length === 0) return;
  // Once more, only where it is needed: a bit that was lost on the way to the flash, not one that will not stay.
  const second = await compareFlash(loader, content, wrong);
  await apply(loader, content, second, {});
  const [still] = await findWrong(loader, content, second, undefined);
  if (still !== undefined) {
    throw new UpywError('loader/write-failed', { offset: still.offset, sizeBytes: still.sizeBytes });
  }
}

async function apply(
  loader: Loader,
  content: FlashContent,
  changes: FlashChanges,
  { onProgress }: ChangeOptions,
): Promise<void> {
  const erased = countPhase(onProgress, 'erase', sumSizes(changes.erase));
  for (const { offset, sizeBytes } of changes.erase.flatMap((region) =>
    splitRegion(region, eraseStepBytes),
  )) {
    await eraseFlash(loader, offset, sizeBytes);
    erased(sizeBytes);
  }
  const totalBytes = sumSizes(changes.write);
  let doneBytes = 0;
  for (const region of changes.write.flatMap((run) => splitRegion(run, writeStepBytes))) {
    await writeFlash(loader, region.offset, content.read(region), {
      onProgress: (count) => onProgress?.('write', doneBytes + count, totalBytes),
    });
    doneBytes += region.sizeBytes;
  }
}

/** Digests all that was changed; returns the pieces that are not as they should be. */
async function findWrong(
  loader: Loader,
  content: FlashContent,
  changes: FlashChanges,
  onProgress: FlashProgress | undefined,
): Promise<Region[]> {
  const touched = [...changes.erase, ...changes.write].sort((a, b) => a.offset - b.offset);
  const verified = countPhase(onProgress, 'verify', sumSizes(touched));
  const wrong: Region[] = [];
  for (const region of joinRegions(touched).flatMap((run) => splitRegion(run, verifyStepBytes))) {
    if ((await digestFlash(loader, region)) !== digestBytes(content.read(region))) wrong.push(region);
    verified(region.sizeBytes);
  }
  return wrong;
}

function countPhase(
  onProgress: FlashProgress | undefined,
  phase: FlashPhase,
  totalBytes: number,
): (sizeBytes: number) => void {
  let doneBytes = 0;
  return (sizeBytes) => {
    doneBytes += sizeBytes;
    onProgress?.(phase, doneBytes, totalBytes);
  };
}

/** Bytes at an offset, and 0xFF everywhere else. */
export class BytesInBlankFlash implements FlashContent {
  readonly #bytes: Uint8Array;
  readonly #region: Region;

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.#region = { offset, sizeBytes: bytes.length };
  }

  read(region: Region): Uint8Array {
    const from = Math.max(region.offset, this.#region.offset);
    const to = Math.min(endOf(region), endOf(this.#region));
    if (from === region.offset && to === endOf(region)) {
      return this.#bytes.subarray(from - this.#region.offset, to - this.#region.offset);
    }
    const content = new Uint8Array(region.sizeBytes).fill(0xff);
    if (from < to) {
      const part = this.#bytes.subarray(from - this.#region.offset, to - this.#region.offset);
      content.set(part, from - region.offset);
    }
    return content;
  }
}
