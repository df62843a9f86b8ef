import type { Flash, FlashRegion } from '../guest.js';
import {
  parsePartitionTable,
  type Partition,
  partitionTableOffset,
  partitionTableSizeBytes,
} from './partition-table.js';

const typeData = 1;
const subtypeFat = 0x81;

/**
 * The partitions as MicroPython on the chip has them, by the table that is in flash right now: where there is no row `vfs` or `ffat`, what is
 * free from the end of the last row to the end of the chip is one (`ports/esp32/main.c` of v1.26 registers it at start).
 */
export function findPartitions(flash: Flash): readonly Partition[] {
  const table = parsePartitionTable(flash.read(partitionTableOffset, partitionTableSizeBytes)) ?? [];
  if (table.length === 0 || table.some(isForFiles)) return table;
  const offset = Math.max(...table.map((row) => row.offset + row.sizeBytes));
  const sizeBytes = flash.sizeBytes - offset;
  return sizeBytes > 0
    ? [...table, { label: 'vfs', type: typeData, subtype: subtypeFat, offset, sizeBytes }]
    : table;
}

/** Where MicroPython on the chip has its files. */
export interface FilesRegion extends FlashRegion {
  /** What it makes there where all is erased: FAT in a row that is called `ffat` (`ports/esp32/modules/inisetup.py`). */
  readonly kind: 'littlefs' | 'fat';
}

export function findFilesRegion(flash: Flash): FilesRegion | undefined {
  const rows = findPartitions(flash).filter(isForFiles);
  const row = rows.find(({ label }) => label === 'vfs') ?? rows[0];
  if (row === undefined || row.offset + row.sizeBytes > flash.sizeBytes) return undefined;
  const kind = row.label === 'vfs' ? 'littlefs' : 'fat';
  return { kind, offset: row.offset, sizeBytes: row.sizeBytes };
}

function isForFiles({ type, label }: Partition): boolean {
  return type === typeData && (label === 'vfs' || label === 'ffat');
}
