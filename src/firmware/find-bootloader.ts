import { chipFamilies } from './chips.js';
import type { ChipFamily } from './chips.js';
import { parseImageHeader } from './image-header.js';

/**
 * Finds the bootloader of any chip. `flashOffset` undefined: the file begins with the bootloader, wherever that belongs;
 * 0: the file begins at the start of the flash.
 */
export function findBootloader(
  bytes: Uint8Array,
  flashOffset: number | undefined,
): { chip: ChipFamily; flashOffset: number } | undefined {
  for (const chip of chipFamilies) {
    const start = flashOffset ?? chip.bootloaderOffset;
    const header = parseImageHeader(bytes, chip.bootloaderOffset - start);
    if (header?.chip === chip && header.segmentCount > 0 && header.segmentCount <= 16) {
      return { chip, flashOffset: start };
    }
  }
  return undefined;
}
