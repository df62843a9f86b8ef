import { chipFamilies } from './chips.js';
import type { ChipFamily } from './chips.js';
import { isIntact, parseImage } from './esp-image.js';
import type { EspImage, ImageProblem } from './esp-image.js';
import { parseImageHeader } from './image-header.js';
import { findFilesPlace } from './files-place.js';
import { isBlank } from './is-blank.js';
import { findWebPage, looksLike } from './looks-like.js';
import { littlefsSize } from './littlefs-size.js';
import { bootPartition, parsePartitionTable, partitionTableOffset } from './partition-table.js';
import type { Partition, PartitionTable } from './partition-table.js';

/** Bootloader, partition table and application in one file, as MicroPython publishes it. */
export interface Firmware {
  readonly kind: 'firmware';
  /** Of the file. */
  readonly sizeBytes: number;
  readonly chip: ChipFamily;
  /** Where in the flash the first byte of the file belongs. */
  readonly flashOffset: number;
  readonly bootloader: EspImage;
  readonly partitions: readonly Partition[];
  readonly appPartition: Partition;
  readonly app: EspImage;
}

/** All bytes of a chip, from 0 to its end. */
export interface FullBackup {
  readonly kind: 'backup';
  readonly sizeBytes: number;
  /** Undefined when nothing that could start was on it. */
  readonly chip: ChipFamily | undefined;
  readonly partitions: readonly Partition[];
  readonly app: EspImage | undefined;
}

/** The beginning of a chip's backup, cut off somewhere behind its application. */
export interface PartialBackup {
  readonly kind: 'partial-backup';
  readonly sizeBytes: number;
}

/** One image alone: an application for an update over the air, or a bootloader. */
export interface SingleImage {
  readonly kind: 'application' | 'bootloader';
  readonly chip: ChipFamily;
  readonly image: EspImage;
}

/** Begins like a firmware and is broken further on. */
export interface DamagedFile {
  readonly kind: 'damaged';
  readonly chip: ChipFamily | undefined;
  readonly part: 'bootloader' | 'partition table' | 'application' | 'image';
  readonly problem: string;
  /** Of the file. */
  readonly sizeBytes: number;
  /** Set when the file merely ends too early. */
  readonly neededBytes?: number;
}

export interface OtherFile {
  readonly kind: 'other';
  /** Reads on in "it is …": `a web page, so the download went wrong`. */
  readonly looksLike: string;
}

export type Recognised = Firmware | FullBackup | PartialBackup | SingleImage | DamagedFile | OtherFile;

/** Says what a file is, from its bytes alone. */
export function recognise(bytes: Uint8Array): Recognised {
  if (isChipSize(bytes.length)) {
    const backup = recogniseBackup(bytes);
    if (backup !== undefined) return backup;
  }
  for (const flashOffset of [undefined, 0]) {
    const start = findBootloader(bytes, flashOffset);
    if (start !== undefined) return recogniseImage(bytes, start.chip, start.flashOffset);
  }
  return { kind: 'other', looksLike: looksLike(bytes) };
}

/** Flash chips come in powers of two; fewer than 1 MiB do not hold MicroPython. */
export function isChipSize(sizeBytes: number): boolean {
  return sizeBytes >= 0x100000 && (sizeBytes & (sizeBytes - 1)) === 0;
}

function recogniseBackup(bytes: Uint8Array): FullBackup | PartialBackup | undefined {
  const start = findBootloader(bytes, 0);
  const table = parsePartitionTable(bytes);
  if (table !== undefined && isCutOff(bytes, table.partitions)) {
    return { kind: 'partial-backup', sizeBytes: bytes.length };
  }
  if (start === undefined && table === undefined && !isBlank(bytes)) return undefined;
  const appPartition = table === undefined ? undefined : bootPartition(table.partitions);
  return {
    kind: 'backup',
    sizeBytes: bytes.length,
    chip: start?.chip,
    partitions: table?.partitions ?? [],
    app: appPartition === undefined ? undefined : parseImage(bytes, appPartition.offset).image,
  };
}

/** Whether a file that is as long as a smaller chip holds the beginning of a larger one. */
function isCutOff(bytes: Uint8Array, partitions: readonly Partition[]): boolean {
  if (partitions.some(({ offset, sizeBytes }) => offset + sizeBytes > bytes.length)) return true;
  const files = findFilesPlace(partitions, bytes.length);
  // MicroPython without a row for its files has them behind the last row.
  if (files === undefined)
    return bootPartition(partitions) !== undefined && hasMicroPython(bytes, partitions);
  const fileSystemBytes = littlefsSize(bytes.subarray(files.offset, files.offset + files.sizeBytes));
  return fileSystemBytes !== undefined && fileSystemBytes > files.sizeBytes;
}

function hasMicroPython(bytes: Uint8Array, partitions: readonly Partition[]): boolean {
  const app = bootPartition(partitions);
  return app !== undefined && parseImage(bytes, app.offset).image?.micropython !== undefined;
}

/**
 * Finds the bootloader of any chip. `flashOffset` undefined: the file begins with the bootloader, wherever that belongs;
 * 0: the file begins at the start of the flash.
 */
function findBootloader(
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

function recogniseImage(bytes: Uint8Array, chip: ChipFamily, flashOffset: number): Recognised {
  const imageOffset = chip.bootloaderOffset - flashOffset;
  const first = parseImage(bytes, imageOffset);
  if (first.image === undefined) {
    const other = first.problem.kind === 'implausible' ? looksLike(bytes) : '';
    if (other.includes('ESP8266')) return { kind: 'other', looksLike: other };
    return damagedImage(bytes, chip, 'image', first.problem);
  }
  const table = parsePartitionTable(bytes, partitionTableOffset - flashOffset);
  if (table !== undefined)
    return recogniseFirmware(bytes, { chip, flashOffset, table, bootloader: first.image });

  const part = first.image.app === undefined ? 'bootloader' : 'application';
  if (!isIntact(first.image)) return damagedContent(bytes, chip, part, first.image);
  // A lone image ends with its last check byte; a little padding is usual.
  if (part === 'bootloader' && bytes.length > imageOffset + first.image.sizeBytes + 0x1000) {
    return brokenTable(bytes, chip, flashOffset);
  }
  return { kind: part, chip, image: first.image };
}

interface FirmwareParts {
  readonly chip: ChipFamily;
  readonly flashOffset: number;
  readonly table: PartitionTable;
  readonly bootloader: EspImage;
}

function recogniseFirmware(bytes: Uint8Array, parts: FirmwareParts): Recognised {
  const { chip, flashOffset, table, bootloader } = parts;
  if (!isIntact(bootloader)) return damagedContent(bytes, chip, 'bootloader', bootloader);
  if (!table.valid) {
    return damaged(bytes, chip, 'partition table', 'its MD5 does not fit its entries');
  }
  const appPartition = bootPartition(table.partitions);
  if (appPartition === undefined) {
    return damaged(bytes, chip, 'partition table', 'it has no partition for an application');
  }
  const { image: app, problem } = parseImage(bytes, appPartition.offset - flashOffset);
  if (app === undefined) return damagedImage(bytes, chip, 'application', problem);
  if (!isIntact(app)) return damagedContent(bytes, chip, 'application', app);
  const { partitions } = table;
  if (flashOffset === 0 && wasReadFromChip(bytes, partitions, appPartition.offset + app.sizeBytes)) {
    return { kind: 'partial-backup', sizeBytes: bytes.length };
  }
  return {
    kind: 'firmware',
    sizeBytes: bytes.length,
    chip,
    flashOffset,
    bootloader,
    partitions,
    appPartition,
    app,
  };
}

/** Padding behind an application: up to a whole sector is usual. */
const paddingBytes = 0x1000;

/**
 * Whether a file that is no whole backup is part of one. A firmware is put together from whole parts: it ends with its
 * application, or with the whole image of a later partition, and what a chip notes for itself (NVS) is blank in it.
 */
function wasReadFromChip(bytes: Uint8Array, partitions: readonly Partition[], appEnd: number): boolean {
  const endsBehindApp = bytes.length > appEnd + paddingBytes;
  const endsWithPartition = partitions.some(
    ({ type, offset, sizeBytes }) =>
      type === 'data' && offset >= appEnd && offset + sizeBytes === bytes.length,
  );
  if (endsBehindApp && !endsWithPartition) return true;
  return partitions
    .filter(({ type, subtype }) => type === 'data' && subtype === 'nvs')
    .some(({ offset, sizeBytes }) => !isBlank(bytes.subarray(offset, offset + sizeBytes)));
}

function brokenTable(bytes: Uint8Array, chip: ChipFamily, flashOffset: number): DamagedFile {
  const neededBytes = partitionTableOffset - flashOffset + 1;
  return bytes.length < neededBytes
    ? damaged(bytes, chip, 'partition table', 'the file ends before it', neededBytes)
    : damaged(bytes, chip, 'partition table', 'there is none where it belongs');
}

function damagedImage(
  bytes: Uint8Array,
  chip: ChipFamily,
  part: DamagedFile['part'],
  problem: ImageProblem,
): DamagedFile {
  switch (problem.kind) {
    case 'no-header':
      return damaged(bytes, chip, part, 'there is none where it belongs');
    case 'implausible':
      return damaged(bytes, chip, part, `it claims ${problem.what}`);
    case 'truncated':
      return damaged(bytes, chip, part, 'the file ends too early', problem.neededBytes);
  }
}

function damagedContent(
  bytes: Uint8Array,
  chip: ChipFamily,
  part: DamagedFile['part'],
  image: EspImage,
): DamagedFile {
  const wrong = [
    image.checksum.valid ? [] : 'checksum',
    image.sha256?.valid === false ? 'SHA-256' : [],
  ].flat();
  const verb = wrong.length > 1 ? 'do' : 'does';
  return damaged(bytes, chip, part, `its ${wrong.join(' and ')} ${verb} not fit its content`);
}

/** A web page at the end explains everything. Only asked of broken files: a sound firmware may well contain one. */
function damaged(
  bytes: Uint8Array,
  chip: ChipFamily,
  part: DamagedFile['part'],
  problem: string,
  neededBytes?: number,
): DamagedFile {
  const base = { kind: 'damaged', chip, part, sizeBytes: bytes.length } as const;
  const webPageOffset = findWebPage(bytes);
  if (webPageOffset !== undefined) {
    return { ...base, problem: `from byte ${webPageOffset} on it is a web page, so the download went wrong` };
  }
  return { ...base, problem, ...(neededBytes === undefined ? {} : { neededBytes }) };
}
