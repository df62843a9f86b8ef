import { findFilesPlace } from '../firmware/files-place.js';
import { parsePartitionTable, partitionTableOffset } from '../firmware/partition-table.js';
import { isChipSize } from '../firmware/recognise-backup.js';
import { findBlockBytes } from '../littlefs/superblock.js';

/** Where in a file the files of a board are. */
export interface Volume {
  readonly holder: 'file system' | 'backup' | 'firmware';
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Where what was read from a chip, or is to be written to it, begins: a merged firmware at the bootloader's place. */
const flashOffsets = [0, 0x1000];

/** Undefined where there is no place for files. What is there may be blank, or another file system. */
export function findVolume(bytes: Uint8Array): Volume | undefined {
  if (findBlockBytes(bytes) !== undefined) {
    return { holder: 'file system', offset: 0, sizeBytes: bytes.length };
  }
  for (const flashOffset of flashOffsets) {
    const table = parsePartitionTable(bytes, partitionTableOffset - flashOffset);
    if (table?.valid !== true) continue;
    const place = findFilesPlace(table.partitions, bytes.length + flashOffset);
    const offset = (place?.offset ?? Infinity) - flashOffset;
    if (place === undefined || offset + place.sizeBytes > bytes.length) return undefined;
    const holder = isChipSize(bytes.length) ? 'backup' : 'firmware';
    return { holder, offset, sizeBytes: place.sizeBytes };
  }
  return undefined;
}
