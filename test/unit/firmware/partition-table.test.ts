import { describe, expect, it } from 'vitest';
import { bootPartition, parsePartitionTable } from '../../../src/firmware/partition-table.js';
import { buildPartitionTable, micropythonPartitions, olderPartitions } from '../../support/images.js';

describe('parsePartitionTable', () => {
  it('reads the table of MicroPython', () => {
    const table = parsePartitionTable(buildPartitionTable(olderPartitions), 0);
    expect(table).toMatchObject({
      valid: true,
      partitions: [
        { label: 'nvs', type: 'data', subtype: 'nvs', offset: 0x9000, sizeBytes: 0x6000, encrypted: false },
        { label: 'phy_init', type: 'data', subtype: 'phy' },
        { label: 'factory', type: 'app', subtype: 'factory', offset: 0x10000, sizeBytes: 0x1f0000 },
        { label: 'vfs', type: 'data', subtype: 'fat', offset: 0x200000, sizeBytes: 0x200000 },
      ],
    });
    expect(bootPartition(table!.partitions)?.label).toBe('factory');
  });

  it('takes a table without MD5 that ends in 0xFF', () => {
    expect(parsePartitionTable(buildPartitionTable(micropythonPartitions, false), 0)?.valid).toBe(true);
  });

  it('marks a table whose MD5 is wrong, or that ends in something else', () => {
    const flipped = buildPartitionTable();
    flipped[40] = (flipped[40] ?? 0) ^ 1;
    expect(parsePartitionTable(flipped, 0)?.valid).toBe(false);
    const cut = buildPartitionTable(micropythonPartitions, false);
    cut[3 * 32] = 0x55;
    expect(parsePartitionTable(cut, 0)?.valid).toBe(false);
  });

  it.each([
    ['blank flash', new Uint8Array(0x9000).fill(0xff)],
    ['too few bytes', new Uint8Array(100)],
    ['zeros', new Uint8Array(0x9000)],
  ])('finds none in %s', (_name, bytes) => {
    expect(parsePartitionTable(bytes)).toBeUndefined();
  });

  it('starts the first OTA partition where there is no factory', () => {
    const partitions = [
      { label: 'otadata', type: 1, subtype: 0, offset: 0xd000, sizeBytes: 0x2000 },
      { label: 'a', type: 0, subtype: 0x10, offset: 0x10000, sizeBytes: 0x100000 },
      { label: 'b', type: 0, subtype: 0x11, offset: 0x110000, sizeBytes: 0x100000 },
      { label: 'own', type: 0x40, subtype: 7, offset: 0x210000, sizeBytes: 0x1000 },
    ];
    const table = parsePartitionTable(buildPartitionTable(partitions), 0)!;
    expect(bootPartition(table.partitions)).toMatchObject({ label: 'a', subtype: 'ota_0' });
    expect(table.partitions[3]).toMatchObject({ type: '0x40', subtype: '0x07' });
  });
});
