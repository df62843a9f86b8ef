import type { Flash } from '../guest.js';
import type { Faults } from './faults.js';
import { pageSizeBytes, sectorSizeBytes } from './timing.js';

/**
 * A flash with a worn-out sector or page, where an operation takes its time, reports nothing and changes nothing; or one in which
 * writing changes something else, too.
 */
export function withFlashFaults(flash: Flash, { badEraseAt, badWriteAt, strayWriteAt }: Faults): Flash {
  if (badEraseAt === undefined && badWriteAt === undefined && strayWriteAt === undefined) return flash;
  const badSector = region(badEraseAt, sectorSizeBytes);
  const badPage = region(badWriteAt, pageSizeBytes);
  return {
    sizeBytes: flash.sizeBytes,
    read: (offset, sizeBytes) => flash.read(offset, sizeBytes),
    programmed: () => flash.programmed(),
    program: (offset, bytes) => {
      for (const [from, to] of around(badPage, offset, offset + bytes.length)) {
        flash.program(from, bytes.subarray(from - offset, to - offset));
      }
      if (strayWriteAt !== undefined) flash.program(strayWriteAt, Uint8Array.of(0));
    },
    erase: (offset, sizeBytes) => {
      for (const [from, to] of around(badSector, offset, offset + sizeBytes)) flash.erase(from, to - from);
    },
    close: () => {
      flash.close();
    },
  };
}

type Region = readonly [start: number, end: number];

function region(at: number | undefined, sizeBytes: number): Region {
  if (at === undefined) return [0, 0];
  const start = at - (at % sizeBytes);
  return [start, start + sizeBytes];
}

/** What of a range lies before and behind a hole. */
function around([holeStart, holeEnd]: Region, start: number, end: number): Region[] {
  const before: Region = [start, Math.min(end, Math.max(start, holeStart))];
  const behind: Region = [Math.max(start, Math.min(end, holeEnd)), end];
  if (before[1] >= behind[0]) return [[start, end]];
  return [before, behind].filter(([from, to]) => to > from);
}
