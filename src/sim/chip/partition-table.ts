import { createHash } from 'node:crypto';

/** Where ESP-IDF and MicroPython put the table, and how much of it is read. */
export const partitionTableOffset = 0x8000;
export const partitionTableSizeBytes = 0xc00;

const rowSizeBytes = 32;

export interface Partition {
  readonly label: string;
  /** 0 app, 1 data. */
  readonly type: number;
  readonly subtype: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

/**
 * Reads the rows of a partition table: ESP-IDF, "Partition Tables": rows of 32 bytes that begin AA 50, then a row that begins
 * EB EB and ends with the MD5 of the rows before it, then 0xFF.
 * @returns undefined where there is no table, or its MD5 is wrong (the second-stage bootloader then does not start).
 */
export function parsePartitionTable(bytes: Uint8Array): Partition[] | undefined {
  const partitions: Partition[] = [];
  for (let at = 0; at + rowSizeBytes <= bytes.length; at += rowSizeBytes) {
    const row = bytes.subarray(at, at + rowSizeBytes);
    const view = new DataView(row.buffer, row.byteOffset, rowSizeBytes);
    const magic = view.getUint16(0, true);
    if (magic === 0xebeb) {
      const digest = createHash('md5').update(bytes.subarray(0, at)).digest();
      return at > 0 && digest.equals(row.subarray(16)) ? partitions : undefined;
    }
    if (magic !== 0x50aa) return undefined;
    partitions.push({
      label: readLabel(row),
      type: view.getUint8(2),
      subtype: view.getUint8(3),
      offset: view.getUint32(4, true),
      sizeBytes: view.getUint32(8, true),
    });
  }
  return undefined;
}

function readLabel(row: Uint8Array): string {
  const label = row.subarray(12, 28);
  const end = label.indexOf(0);
  return String.fromCharCode(...(end < 0 ? label : label.subarray(0, end)));
}

/** The inverse of {@link parsePartitionTable}, filled up with 0xFF to the size the bootloader reads. */
export function buildPartitionTable(partitions: readonly Partition[]): Uint8Array {
  const table = new Uint8Array(partitionTableSizeBytes).fill(0xff);
  const view = new DataView(table.buffer);
  partitions.forEach((partition, index) => {
    const at = index * rowSizeBytes;
    table.fill(0, at, at + rowSizeBytes);
    view.setUint16(at, 0x50aa, true);
    view.setUint8(at + 2, partition.type);
    view.setUint8(at + 3, partition.subtype);
    view.setUint32(at + 4, partition.offset, true);
    view.setUint32(at + 8, partition.sizeBytes, true);
    table.set(new TextEncoder().encode(partition.label).subarray(0, 15), at + 12);
  });
  const end = partitions.length * rowSizeBytes;
  view.setUint16(end, 0xebeb, true);
  table.set(createHash('md5').update(table.subarray(0, end)).digest(), end + 16);
  return table;
}
