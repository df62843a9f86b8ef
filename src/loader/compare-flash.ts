import { isBlank } from '../firmware/is-blank.js';
import { blankDigest, digestBytes, digestFlash } from './digest-flash.js';
import type { Loader } from './loader.js';
import { blockSizeBytes, endOf, joinRegions, sectorSizeBytes, splitRegion, sumSizes } from './regions.js';
import type { Region } from './regions.js';

/** What the flash is to hold. */
export interface FlashContent {
  /** The bytes of a region; the array is only looked at. */
  read(region: Region): Uint8Array;
}

/** What has to be done so that the flash holds the content. All in whole sectors, ascending. */
export interface FlashChanges {
  /** To be 0xFF, and not surely so. */
  readonly erase: readonly Region[];
  readonly write: readonly Region[];
  readonly unchangedBytes: number;
}

/** After so many blocks in a row of which no sector was right, the sectors of the next differing one are not asked one by one. */
const blocksUntilAssumed = 2;

/**
 * Finds the sectors that differ, by digests: the chip digests a block of 64 KiB in the time that 3 KiB take on the wire.
 * A block that differs is gone through sector by sector; in a stretch where everything differs (another firmware) that is
 * left out, so in such a stretch a sector may be named that is equal by chance.
 */
export async function compareFlash(
  loader: Loader,
  content: FlashContent,
  regions: readonly Region[],
  onBytes: (sizeBytes: number) => void = () => undefined,
): Promise<FlashChanges> {
  const erase: Region[] = [];
  const write: Region[] = [];
  let changedInRow = 0;
  for (const block of regions.flatMap((region) => splitRegion(region, blockSizeBytes))) {
    const found = await compareBlock(loader, content, block, changedInRow >= blocksUntilAssumed);
    changedInRow = found.allDiffer ? changedInRow + 1 : 0;
    erase.push(...found.erase);
    write.push(...found.write);
    onBytes(block.sizeBytes);
  }
  return {
    erase: joinRegions(erase),
    write: joinRegions(write),
    unchangedBytes: sumSizes(regions) - sumSizes(erase) - sumSizes(write),
  };
}

interface BlockChanges {
  readonly erase: readonly Region[];
  readonly write: readonly Region[];
  readonly allDiffer: boolean;
}

async function compareBlock(
  loader: Loader,
  content: FlashContent,
  block: Region,
  assumeAllDiffer: boolean,
): Promise<BlockChanges> {
  const wanted = content.read(block);
  const found = await digestFlash(loader, block);
  if (found === digestBytes(wanted)) return { erase: [], write: [], allDiffer: false };
  if (isBlank(wanted)) return { erase: [block], write: [], allDiffer: false };

  const isBlankOnChip = found === blankDigest(block.sizeBytes);
  const sectors = splitRegion(block, sectorSizeBytes);
  const differing: Region[] = [];
  for (const sector of sectors) {
    if (isBlankOnChip) {
      if (!isBlank(part(wanted, block, sector))) differing.push(sector);
    } else if (
      assumeAllDiffer ||
      (await digestFlash(loader, sector)) !== digestBytes(part(wanted, block, sector))
    ) {
      differing.push(sector);
    }
  }
  return {
    erase: differing.filter((sector) => isBlank(part(wanted, block, sector))),
    write: differing.filter((sector) => !isBlank(part(wanted, block, sector))),
    allDiffer: !isBlankOnChip && differing.length === sectors.length,
  };
}

function part(bytes: Uint8Array, whole: Region, region: Region): Uint8Array {
  return bytes.subarray(region.offset - whole.offset, endOf(region) - whole.offset);
}
