import { bootPartition } from './partition-table.js';
import type { Partition } from './partition-table.js';

/** Where in the flash MicroPython keeps the files of the board. */
export interface FilesPlace {
  readonly offset: number;
  readonly sizeBytes: number;
  /** The row of the partition table that says so; undefined where MicroPython takes what is behind the last row. */
  readonly label: string | undefined;
}

/**
 * The one rule for it: the row `vfs`, else the row `ffat`, else, where there is an application, all from the end of the last row to the end of
 * the flash, which MicroPython registers at start from v1.26 on (`ports/esp32/main.c`). Undefined where that leaves no place.
 */
export function findFilesPlace(
  partitions: readonly Partition[],
  flashSizeBytes: number,
): FilesPlace | undefined {
  const row = dataRow(partitions, 'vfs') ?? dataRow(partitions, 'ffat');
  if (row !== undefined) return { offset: row.offset, sizeBytes: row.sizeBytes, label: row.label };
  const rowsEnd = Math.max(0, ...partitions.map(({ offset, sizeBytes }) => offset + sizeBytes));
  if (bootPartition(partitions) === undefined || rowsEnd >= flashSizeBytes) return undefined;
  return { offset: rowsEnd, sizeBytes: flashSizeBytes - rowsEnd, label: undefined };
}

export function isSamePlace(a: FilesPlace, b: FilesPlace): boolean {
  return a.offset === b.offset && a.sizeBytes === b.sizeBytes;
}

function dataRow(partitions: readonly Partition[], name: string): Partition | undefined {
  return partitions.find(({ type, label }) => type === 'data' && label === name);
}
