import { UpywError, withAftermath } from '../errors.js';
import type { Aftermath } from '../errors.js';
import { checkNeighbours, digestNeighbours, outsideOf } from './check-neighbours.js';
import { compareFlash } from './compare-flash.js';
import type { FlashChanges, FlashContent } from './compare-flash.js';
import { digestBytes, digestsTo } from './digest-flash.js';
import type { Loader } from './loader.js';
import { endOf, splitRegion, subtractRegions, sumSizes } from './regions.js';
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

/** What is wanted of the flash, and where. */
interface Change {
  readonly content: FlashContent;
  readonly regions: readonly Region[];
}

/**
 * Makes the flash hold `content` in `regions` (ascending, whole sectors), touching only what differs, and checks all of the flash:
 * in `regions` for the content, elsewhere for what it was before. What was spoilt in `regions` besides what was written is
 * written too, and told. Throws `loader/write-failed` when the flash does not keep what it was given, twice, and
 * `loader/neighbours-changed` when it changed elsewhere.
 */
export async function changeFlash(
  loader: Loader,
  content: FlashContent,
  regions: readonly Region[],
  options: ChangeOptions = {},
): Promise<ChangeResult> {
  const neighbours = outsideOf(loader, regions);
  const compared = countPhase(options.onProgress, 'compare', sumSizes(regions) + sumSizes(neighbours));
  const changes = await compareFlash(loader, content, regions, compared);
  if (options.dryRun === true || changes.erase.length + changes.write.length === 0) {
    if (neighbours.length > 0) compared(sumSizes(neighbours));
  } else {
    const before = await digestNeighbours(loader, neighbours, compared);
    const verified = countPhase(options.onProgress, 'verify', sumSizes(regions) + sumSizes(neighbours));
    try {
      await applyAndVerify(loader, { content, regions }, changes, {
        onProgress: options.onProgress,
        verified,
      });
    } catch (error) {
      throw options.aftermath === undefined ? error : withAftermath(error, options.aftermath);
    }
    await checkNeighbours(loader, before, verified);
  }
  return {
    unchangedBytes: changes.unchangedBytes,
    erasedBytes: sumSizes(changes.erase),
    writtenBytes: sumSizes(changes.write),
  };
}

interface Reporting {
  readonly onProgress: FlashProgress | undefined;
  readonly verified: (sizeBytes: number) => void;
}

async function applyAndVerify(
  loader: Loader,
  change: Change,
  changes: FlashChanges,
  { onProgress, verified }: Reporting,
): Promise<void> {
  await apply(loader, change.content, changes, { onProgress });
  const wrong = await findWrong(loader, change, verified);
  if (wrong.length === 0) return;
  // Once more, only where it is needed: a bit that was lost on the way to the flash, not one that will not stay.
  const second = await compareFlash(loader, change.content, wrong);
  const spoiltBytes = sumSizes(changedBesides(second, changes));
  if (spoiltBytes > 0) {
    const what = `${spoiltBytes} bytes beside what was written had changed with it`;
    loader.options.onNotice?.(
      `${what}; they are written again, too. Watch this board: it may be wearing out`,
    );
  }
  await apply(loader, change.content, second, {});
  const [still] = await findWrong(loader, change, () => undefined);
  if (still !== undefined) {
    throw new UpywError('loader/write-failed', { offset: still.offset, sizeBytes: still.sizeBytes });
  }
}

/** What of `second` was not among the first changes. */
function changedBesides(second: FlashChanges, first: FlashChanges): Region[] {
  const touched = inOrder(first);
  return inOrder(second).flatMap((region) => subtractRegions(region, touched));
}

function inOrder({ erase, write }: FlashChanges): Region[] {
  return [...erase, ...write].sort((a, b) => a.offset - b.offset);
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

/** Digests all that has a wanted content, touched or not; returns the pieces that are not as they should be. */
async function findWrong(
  loader: Loader,
  { content, regions }: Change,
  verified: (sizeBytes: number) => void,
): Promise<Region[]> {
  const wrong: Region[] = [];
  for (const region of regions.flatMap((run) => splitRegion(run, verifyStepBytes))) {
    if (!(await digestsTo(loader, region, digestBytes(content.read(region))))) wrong.push(region);
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

/** Bytes that belong somewhere in the flash. */
export interface FlashPiece {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** Pieces in a flash that has 0xFF everywhere else; a later one lies over an earlier one. */
export class PiecesInBlankFlash implements FlashContent {
  readonly #pieces: readonly FlashPiece[];

  constructor(...pieces: readonly FlashPiece[]) {
    this.#pieces = pieces;
  }

  read(region: Region): Uint8Array {
    const parts = this.#pieces.flatMap((piece) => partIn(region, piece));
    const last = parts.at(-1);
    // Most of what is read is a part of one, and large.
    if (last?.bytes.length === region.sizeBytes) return last.bytes;
    const content = new Uint8Array(region.sizeBytes).fill(0xff);
    for (const { bytes, offset } of parts) content.set(bytes, offset - region.offset);
    return content;
  }
}

function partIn(region: Region, { bytes, offset }: FlashPiece): FlashPiece[] {
  const from = Math.max(region.offset, offset);
  const to = Math.min(endOf(region), offset + bytes.length);
  return from < to ? [{ bytes: bytes.subarray(from - offset, to - offset), offset: from }] : [];
}
