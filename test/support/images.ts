import { createHash } from 'node:crypto';

/** Builders of what ESP-IDF's tools write, for tests of the parsers. */

export interface ImageOptions {
  chipId?: number;
  segments?: readonly { address: number; data: Uint8Array }[];
  hashAppended?: boolean;
  /** Where an application's constants are mapped; every family has a place of its own. */
  constantsAddress?: number;
  /** High nibble flash size, low nibble flash clock. */
  sizeAndFrequency?: number;
  flashMode?: number;
  entryAddress?: number;
  minRevision?: number;
  maxRevision?: number;
  /** The banner in an application's constants, by which MicroPython is known; another text for another program. */
  banner?: string;
  /** Project name and version in an application's description; MicroPython's own builds have neither. */
  names?: readonly [project: string, version: string];
}

/** As in the release of that version, its second line after it. */
export const officialBanner = 'MicroPython v1.26.1 on 2025-09-11';

export function buildImage(options: ImageOptions = {}): Uint8Array {
  const segments = options.segments ?? [{ address: 0x3fff0018, data: pattern(1000, 1) }];
  const parts: Uint8Array[] = [imageHeader(options, segments.length)];
  let checksum = 0xef;
  for (const { address, data } of segments) {
    parts.push(words(address, data.length), data);
    for (const byte of data) checksum ^= byte;
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const padding = new Uint8Array(16 - (length % 16));
  padding[padding.length - 1] = checksum;
  parts.push(padding);
  if (options.hashAppended !== false) parts.push(sha256(join(...parts)));
  return join(...parts);
}

function imageHeader(options: ImageOptions, segmentCount: number): Uint8Array {
  const header = new Uint8Array(24);
  const view = new DataView(header.buffer);
  header[0] = 0xe9;
  header[1] = segmentCount;
  header[2] = options.flashMode ?? 2;
  header[3] = options.sizeAndFrequency ?? 0x20;
  view.setUint32(4, options.entryAddress ?? 0x40080000, true);
  header[8] = 0xee;
  view.setUint16(12, options.chipId ?? 0, true);
  view.setUint16(15, options.minRevision ?? 0, true);
  view.setUint16(17, options.maxRevision ?? 0xffff, true);
  header[23] = options.hashAppended === false ? 0 : 1;
  return header;
}

/**
 * An application in the form of MicroPython's own builds: at the start of its first segment a description without names, further back in it
 * the banner.
 */
export function buildApp(sizeBytes = 50_000, options: ImageOptions = {}): Uint8Array {
  const rodata = pattern(sizeBytes, 7);
  rodata.set(appDescription(options.names));
  const { banner = officialBanner } = options;
  const bannerAt = Math.floor(sizeBytes * 0.8);
  rodata.set(new TextEncoder().encode(`${banner}\0\0\0`), bannerAt - (bannerAt % 4));
  return buildImage({
    segments: [
      { address: options.constantsAddress ?? 0x3f400020, data: rodata },
      { address: 0x3ffb0000, data: pattern(5000, 3) },
      { address: 0x40080000, data: pattern(9004, 5) },
      { address: 0x400d0020, data: pattern(20_000, 9) },
    ],
    ...options,
  });
}

function appDescription([project, version]: readonly [string, string] = ['', '']): Uint8Array {
  const text = (value: string, length: number): Uint8Array => {
    const field = new Uint8Array(length);
    field.set(new TextEncoder().encode(value));
    return field;
  };
  return join(
    words(0xabcd5432, 3, 0, 0),
    text(version, 32),
    text(project, 32),
    text('12:01:02', 16),
    text('Sep 11 2025', 16),
    text('v5.4.2', 32),
    pattern(32, 11),
    new Uint8Array(80),
  );
}

export interface PartitionSpec {
  label: string;
  type: number;
  subtype: number;
  offset: number;
  sizeBytes: number;
}

/** MicroPython's partitions on an ESP32 from v1.26 on: files behind the last row. */
export const micropythonPartitions: readonly PartitionSpec[] = [
  { label: 'nvs', type: 1, subtype: 2, offset: 0x9000, sizeBytes: 0x6000 },
  { label: 'phy_init', type: 1, subtype: 1, offset: 0xf000, sizeBytes: 0x1000 },
  { label: 'factory', type: 0, subtype: 0, offset: 0x10000, sizeBytes: 0x1f0000 },
];

/** Before v1.26 (v1.22, v1.23). */
export const olderPartitions: readonly PartitionSpec[] = [
  ...micropythonPartitions,
  { label: 'vfs', type: 1, subtype: 0x81, offset: 0x200000, sizeBytes: 0x200000 },
];

/** Of the builds for updates over the air (v1.22). */
export const otaPartitions: readonly PartitionSpec[] = [
  { label: 'nvs', type: 1, subtype: 2, offset: 0x9000, sizeBytes: 0x4000 },
  { label: 'otadata', type: 1, subtype: 0, offset: 0xd000, sizeBytes: 0x2000 },
  { label: 'phy_init', type: 1, subtype: 1, offset: 0xf000, sizeBytes: 0x1000 },
  { label: 'ota_0', type: 0, subtype: 0x10, offset: 0x10000, sizeBytes: 0x180000 },
  { label: 'ota_1', type: 0, subtype: 0x11, offset: 0x190000, sizeBytes: 0x180000 },
  { label: 'vfs', type: 1, subtype: 0x81, offset: 0x310000, sizeBytes: 0xf0000 },
];

export function buildPartitionTable(specs = micropythonPartitions, withMd5 = true): Uint8Array {
  const entries = specs.map(({ label, type, subtype, offset, sizeBytes }) => {
    const entry = new Uint8Array(32);
    entry.set([0xaa, 0x50, type, subtype]);
    entry.set(words(offset, sizeBytes), 4);
    entry.set(new TextEncoder().encode(label), 12);
    return entry;
  });
  const md5 = new Uint8Array(32).fill(0xff);
  md5.set([0xeb, 0xeb]);
  md5.set(
    createHash('md5')
      .update(join(...entries))
      .digest(),
    16,
  );
  return join(...entries, withMd5 ? md5 : new Uint8Array(), new Uint8Array(32).fill(0xff));
}

export interface FirmwareOptions {
  chipId?: number;
  bootloaderOffset?: number;
  /** Where in the flash the file begins: the bootloader's offset (MicroPython) or 0 (esptool's merge_bin). */
  flashOffset?: number;
  app?: Uint8Array;
  bootloader?: Uint8Array;
  table?: Uint8Array;
}

/** Bootloader, partition table and application in one file. */
export function buildFirmware(options: FirmwareOptions = {}): Uint8Array {
  const bootloaderOffset = options.bootloaderOffset ?? 0x1000;
  const flashOffset = options.flashOffset ?? bootloaderOffset;
  const chip = { chipId: options.chipId ?? 0 };
  const app = options.app ?? buildApp(50_000, chip);
  const bytes = new Uint8Array(0x10000 - flashOffset + app.length).fill(0xff);
  bytes.set(options.bootloader ?? buildImage(chip), bootloaderOffset - flashOffset);
  bytes.set(options.table ?? buildPartitionTable(), 0x8000 - flashOffset);
  bytes.set(app, 0x10000 - flashOffset);
  return bytes;
}

/** A firmware filled up to the size of a chip, as `esptool merge-bin --fill-flash-size` makes it. */
export function buildMerged(sizeBytes = 0x400000, firmware = buildFirmware({ flashOffset: 0 })): Uint8Array {
  const bytes = new Uint8Array(sizeBytes).fill(0xff);
  bytes.set(firmware);
  return bytes;
}

/** A whole chip with a firmware on it that ran: it has noted something in its NVS. */
export function buildBackup(sizeBytes = 0x400000, firmware = buildFirmware({ flashOffset: 0 })): Uint8Array {
  const bytes = buildMerged(sizeBytes, firmware);
  bytes.set(buildNvs().subarray(0, 0x1000), 0x9000);
  return bytes;
}

/** NVS as a chip leaves it: one page in use. */
export function buildNvs(): Uint8Array {
  const bytes = new Uint8Array(0x6000).fill(0xff);
  bytes.set(join(words(0xfffffffe, 0), Uint8Array.of(0xfe)));
  bytes.set(pattern(200, 21), 32);
  return bytes;
}

/** Bytes that look random and are the same every time. */
export function pattern(sizeBytes: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let index = 0; index < sizeBytes; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

export function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(index * 4, value, true);
  });
  return bytes;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
