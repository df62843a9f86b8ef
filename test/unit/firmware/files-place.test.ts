import { describe, expect, it } from 'vitest';
import { findFilesPlace } from '../../../src/firmware/files-place.js';
import { parsePartitionTable } from '../../../src/firmware/partition-table.js';
import {
  buildPartitionTable,
  micropythonPartitions,
  olderPartitions,
  otaPartitions,
} from '../../support/images.js';
import type { PartitionSpec } from '../../support/images.js';

const row = (label: string, offset: number, sizeBytes: number): PartitionSpec => {
  return { label, type: 1, subtype: 0x81, offset, sizeBytes };
};

describe('findFilesPlace', () => {
  it.each([
    ['the row vfs', olderPartitions, 0x400000, 'vfs', 0x200000, 0x200000],
    ['the row vfs of a build for updates', otaPartitions, 0x400000, 'vfs', 0x310000, 0xf0000],
    [
      'the row vfs, though ffat is there too',
      [row('ffat', 0x300000, 0x1000), ...olderPartitions],
      0x400000,
      'vfs',
      0x200000,
      0x200000,
    ],
    [
      'the row ffat',
      [...micropythonPartitions, row('ffat', 0x290000, 0x160000)],
      0x400000,
      'ffat',
      0x290000,
      0x160000,
    ],
    ['all behind the last row', micropythonPartitions, 0x400000, undefined, 0x200000, 0x200000],
    ['more where the chip is larger', micropythonPartitions, 0x1000000, undefined, 0x200000, 0xe00000],
    [
      'all behind the row that ends last',
      [row('log', 0x300000, 0x10000), ...micropythonPartitions],
      0x400000,
      undefined,
      0x310000,
      0xf0000,
    ],
  ])('is %s', (_name, rows, flashSizeBytes, label, offset, sizeBytes) => {
    const table = parsePartitionTable(buildPartitionTable(rows), 0)!;
    expect(findFilesPlace(table.partitions, flashSizeBytes)).toEqual({ label, offset, sizeBytes });
  });

  it.each([
    ['on a chip that ends with the rows', micropythonPartitions, 0x200000],
    ['where there is no application', micropythonPartitions.slice(0, 2), 0x400000],
    ['where there are no rows', [], 0x400000],
  ])('is nowhere %s', (_name, rows, flashSizeBytes) => {
    const partitions = parsePartitionTable(buildPartitionTable(rows), 0)?.partitions ?? [];
    expect(findFilesPlace(partitions, flashSizeBytes)).toBeUndefined();
  });
});
