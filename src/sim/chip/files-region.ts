import type { Flash, FlashRegion } from '../guest.js';
import {
  parsePartitionTable,
  type Partition,
  partitionTableOffset,
  partitionTableSizeBytes,
} from './partition-table.js';

const typeData = 1;

/**
 * Where MicroPython on the chip has its files, by the table that is in flash right now: the data row `vfs`, else `ffat`, else what
 * is free from the end of the last row to the end of the chip (`ports/esp32/main.c` of v1.26 registers it at start).
 */
export function findFilesRegion(flash: Flash): FlashRegion | undefined {
  const table = parsePartitionTable(flash.read(partitionTableOffset, partitionTableSizeBytes));
  if (table === undefined) return undefined;
  const row = dataRow(table, 'vfs') ?? dataRow(table, 'ffat');
  if (row !== undefined) return within(flash, row.offset, row.offset + row.sizeBytes);
  const rowsEnd = Math.max(0, ...table.map(({ offset, sizeBytes }) => offset + sizeBytes));
  return within(flash, rowsEnd, flash.sizeBytes);
}

function dataRow(table: readonly Partition[], name: string): Partition | undefined {
  return table.find(({ type, label }) => type === typeData && label === name);
}

function within(flash: Flash, offset: number, end: number): FlashRegion | undefined {
  return end > offset && end <= flash.sizeBytes ? { offset, sizeBytes: end - offset } : undefined;
}
