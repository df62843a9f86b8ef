/** A stretch of flash, in bytes from its start. */
export interface Region {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Smallest piece that can be erased. */
export const sectorSizeBytes = 0x1000;
/** What erases at once, three times as fast as sector by sector; also the grain in which the chip is digested. */
export const blockSizeBytes = 0x10000;

export function endOf({ offset, sizeBytes }: Region): number {
  return offset + sizeBytes;
}

export function sumSizes(regions: readonly Region[]): number {
  return regions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Cuts a region at the multiples of `grainBytes`. */
export function splitRegion(region: Region, grainBytes: number): Region[] {
  const pieces: Region[] = [];
  for (let offset = region.offset; offset < endOf(region);) {
    const next = Math.min(endOf(region), (Math.floor(offset / grainBytes) + 1) * grainBytes);
    pieces.push({ offset, sizeBytes: next - offset });
    offset = next;
  }
  return pieces;
}

/** Joins neighbours. The regions are ascending and do not overlap. */
export function joinRegions(regions: readonly Region[], maxSizeBytes = Infinity): Region[] {
  const joined: Region[] = [];
  for (const region of regions) {
    const last = joined.at(-1);
    if (
      last !== undefined &&
      endOf(last) === region.offset &&
      last.sizeBytes + region.sizeBytes <= maxSizeBytes
    ) {
      joined[joined.length - 1] = { offset: last.offset, sizeBytes: last.sizeBytes + region.sizeBytes };
    } else {
      joined.push(region);
    }
  }
  return joined;
}

/** What is left of `region` without `holes` (ascending, not overlapping). */
export function subtractRegions(region: Region, holes: readonly Region[]): Region[] {
  const left: Region[] = [];
  let offset = region.offset;
  for (const hole of holes) {
    const stop = Math.min(hole.offset, endOf(region));
    if (stop > offset) left.push({ offset, sizeBytes: stop - offset });
    offset = Math.max(offset, endOf(hole));
  }
  if (offset < endOf(region)) left.push({ offset, sizeBytes: endOf(region) - offset });
  return left;
}
