import type { ChipFamily } from './chips.js';
import { isIntact, parseImage } from './esp-image.js';
import type { EspImage, ImageProblem } from './esp-image.js';
import { findBootloader } from './find-bootloader.js';
import { isBlank } from './is-blank.js';
import { findWebPage, looksLike } from './looks-like.js';
import { bootPartition, parsePartitionTable, partitionTableOffset } from './partition-table.js';
import type { Partition, PartitionTable } from './partition-table.js';
import { isChipSize } from './chip-size.js';
import { recogniseBackup } from './recognise-backup.js';
import { recognisePart } from './recognise-part.js';
import type { DamagedFile, Firmware, Recognised } from './recognised.js';

/** Says what a file is, from its bytes alone. */
export function recognise(bytes: Uint8Array): Recognised {
  if (isChipSize(bytes.length)) {
    const backup = recogniseBackup(bytes, mergedFirmware(bytes));
    if (backup !== undefined) return backup;
  }
  for (const flashOffset of [undefined, 0]) {
    const start = findBootloader(bytes, flashOffset);
    if (start !== undefined) return recogniseImage(bytes, start.chip, start.flashOffset);
  }
  return recognisePart(bytes) ?? { kind: 'other', looksLike: looksLike(bytes) };
}

/** The firmware that was merged to the size of a chip; undefined where anything else is in the file, too. */
function mergedFirmware(bytes: Uint8Array): Firmware | undefined {
  const start = findBootloader(bytes, 0);
  const table = parsePartitionTable(bytes);
  if (start === undefined || table?.valid !== true) return undefined;
  const app = bootPartition(table.partitions);
  const image = app === undefined ? undefined : parseImage(bytes, app.offset).image;
  if (app === undefined || image === undefined) return undefined;
  const end = app.offset + image.sizeBytes;
  if (!isBlank(bytes.subarray(end)) || hasNotes(bytes, table.partitions)) return undefined;
  const merged = recogniseImage(bytes.subarray(0, end), start.chip, 0);
  return merged.kind === 'firmware' ? merged : undefined;
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
  return (endsBehindApp && !endsWithPartition) || hasNotes(bytes, partitions);
}

/** Whether the chip has noted something for itself: that makes it one of a kind. */
function hasNotes(bytes: Uint8Array, partitions: readonly Partition[]): boolean {
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
