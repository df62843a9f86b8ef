import { UpywError } from '../errors.js';
import { digestFlash, digestsTo } from './digest-flash.js';
import type { Loader } from './loader.js';
import type { DigestedRegion } from './read-regions.js';
import { blockSizeBytes, endOf, splitRegion, subtractRegions, sumSizes } from './regions.js';
import type { Region } from './regions.js';

/** Of the 32 hex digits of a digest. Bytes that changed give another digest altogether, of which two digits in 32 are the same by chance. */
const garbledDigits = 8;

/** What of the flash lies outside of `regions` (ascending), in blocks. */
export function outsideOf(loader: Loader, regions: readonly Region[]): Region[] {
  const wholeFlash = { offset: 0, sizeBytes: loader.flash.sizeBytes };
  return subtractRegions(wholeFlash, regions).flatMap((region) => splitRegion(region, blockSizeBytes));
}

/** Digests what is not to change, before something else is changed. */
export async function digestNeighbours(
  loader: Loader,
  neighbours: readonly Region[],
  onBytes: (sizeBytes: number) => void,
): Promise<DigestedRegion[]> {
  const digested: DigestedRegion[] = [];
  for (const region of neighbours) {
    digested.push({ ...region, md5: await digestFlash(loader, region) });
    onBytes(region.sizeBytes);
  }
  return digested;
}

/**
 * Throws `loader/neighbours-changed` when one of them is no longer what it was. Nobody here knows what it held, so this
 * cannot be mended from here.
 */
export async function checkNeighbours(
  loader: Loader,
  neighbours: readonly DigestedRegion[],
  onBytes: (sizeBytes: number) => void,
): Promise<void> {
  const changed: Region[] = [];
  for (const region of neighbours) {
    if (!(await isAsBefore(loader, region))) changed.push(region);
    onBytes(region.sizeBytes);
  }
  const [first] = changed;
  const last = changed.at(-1);
  if (first === undefined || last === undefined) return;
  throw new UpywError('loader/neighbours-changed', {
    changedBytes: sumSizes(changed),
    firstOffset: first.offset,
    endOffset: endOf(last),
  });
}

async function isAsBefore(loader: Loader, region: DigestedRegion): Promise<boolean> {
  return (
    (await digestsTo(loader, region, region.md5)) || isGarbled(await digestFlash(loader, region), region.md5)
  );
}

/** Answers carry no check value: what differs in a few digits only is the same digest, garbled on the line then or now. */
function isGarbled(digest: string, before: string): boolean {
  const differing = Array.from(digest).filter((digit, index) => digit !== before[index]);
  return differing.length <= garbledDigits;
}
