import { createHash } from 'node:crypto';
import { toHex } from './app-description.js';
import { isBlank } from './is-blank.js';

/** Where ESP-IDF and MicroPython put the table, on every chip. */
export const partitionTableOffset = 0x8000;
/** `ESP_PARTITION_TABLE_MAX_LEN`: the table with its end mark or MD5. */
export const partitionTableSizeBytes = 0xc00;
const entrySizeBytes = 32;

export interface Partition {
  readonly label: string;
  /** `app`, `data`, or the number of a type of somebody's own. */
  readonly type: string;
  /** `factory`, `ota_0`, `nvs`, `fat`, …, or the number. */
  readonly subtype: string;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly encrypted: boolean;
}

export interface PartitionTable {
  readonly partitions: readonly Partition[];
  /** False when the table carries an MD5 and it is wrong. */
  readonly valid: boolean;
}

const dataSubtypes: Readonly<Record<number, string>> = {
  0x00: 'ota',
  0x01: 'phy',
  0x02: 'nvs',
  0x03: 'coredump',
  0x04: 'nvs_keys',
  0x05: 'efuse',
  0x06: 'undefined',
  0x81: 'fat',
  0x82: 'spiffs',
  0x83: 'littlefs',
};

/**
 * Parses the table at `offset` (ESP-IDF, "Partition Tables": 32-byte entries `AA 50`, then `EB EB` with an MD5 of the
 * entries before it, then 0xFF). Undefined where no table begins.
 */
export function parsePartitionTable(
  bytes: Pick<Uint8Array, 'subarray'>,
  offset = partitionTableOffset,
): PartitionTable | undefined {
  const table = bytes.subarray(offset, offset + partitionTableSizeBytes);
  const partitions: Partition[] = [];
  for (let position = 0; position + entrySizeBytes <= table.length; position += entrySizeBytes) {
    const entry = table.subarray(position, position + entrySizeBytes);
    if (entry[0] === 0xaa && entry[1] === 0x50) {
      partitions.push(parseEntry(entry));
    } else if (entry[0] === 0xeb && entry[1] === 0xeb) {
      const computed = createHash('md5').update(table.subarray(0, position)).digest('hex');
      return partitions.length === 0
        ? undefined
        : { partitions, valid: toHex(entry.subarray(16)) === computed };
    } else {
      const ended = isBlank(entry);
      return partitions.length === 0 ? undefined : { partitions, valid: ended };
    }
  }
  return partitions.length === 0 ? undefined : { partitions, valid: true };
}

/** The partition that a bootloader starts while nothing was updated over the air: `factory`, else the first `ota_N`. */
export function bootPartition(partitions: readonly Partition[]): Partition | undefined {
  const apps = partitions.filter(({ type }) => type === 'app');
  return (
    apps.find(({ subtype }) => subtype === 'factory') ??
    apps.find(({ subtype }) => subtype.startsWith('ota_')) ??
    apps[0]
  );
}

function parseEntry(entry: Uint8Array): Partition {
  const view = new DataView(entry.buffer, entry.byteOffset, entrySizeBytes);
  const label = entry.subarray(12, 28);
  const end = label.indexOf(0);
  const type = view.getUint8(2);
  const subtype = view.getUint8(3);
  return {
    label: new TextDecoder().decode(end === -1 ? label : label.subarray(0, end)),
    type: type === 0 ? 'app' : type === 1 ? 'data' : hexByte(type),
    subtype: subtypeName(type, subtype),
    offset: view.getUint32(4, true),
    sizeBytes: view.getUint32(8, true),
    encrypted: (view.getUint32(28, true) & 1) === 1,
  };
}

function subtypeName(type: number, subtype: number): string {
  if (type === 0) {
    if (subtype === 0x00) return 'factory';
    if (subtype >= 0x10 && subtype < 0x20) return `ota_${subtype - 0x10}`;
    if (subtype === 0x20) return 'test';
  }
  return (type === 1 ? dataSubtypes[subtype] : undefined) ?? hexByte(subtype);
}

function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
