import { UpywError } from '../errors.js';
import type { ChipFamily } from './chips.js';
import type { Firmware, FullBackup, Recognised } from './recognised.js';

/** The chip that a file is to be written to. */
export interface TargetChip {
  readonly name: string;
  /** Major × 100 + minor; undefined where the chip does not tell. */
  readonly revision: number | undefined;
  readonly flashSizeBytes: number;
}

/** Where MicroPython's and most other tables have the application. */
const usualAppOffset = 0x10000;
/** The chip maps an application into memory in pieces of this size (ESP-IDF, "Partition Tables": alignment of app partitions). */
const appGrid = 0x10000;

/** Passes a whole firmware on, and says of everything else why it cannot be flashed. `path` is for the message. */
export function requireFirmware(file: Recognised, path: string): Firmware {
  switch (file.kind) {
    case 'firmware':
      return file;
    case 'backup':
      if (file.merged !== undefined) return file.merged;
      throw new UpywError('firmware/is-backup', { path });
    case 'part':
      throw new UpywError('firmware/is-part', { path, part: file.part, usualOffset: file.usualOffset });
    case 'partial-backup':
      throw new UpywError('firmware/partial-backup', { path, sizeBytes: file.sizeBytes });
    case 'application':
      throw new UpywError('firmware/is-part', {
        path,
        part: 'an application, as for an update over the air',
        usualOffset: usualAppOffset,
      });
    case 'bootloader':
      throw new UpywError('firmware/is-part', {
        path,
        part: 'a bootloader',
        usualOffset: file.chip.bootloaderOffset,
      });
    case 'damaged':
    case 'other':
      throw brokenFile(file, path);
  }
}

/**
 * Throws unless a file can do its work at a place that somebody chose: what is looked for at one place only must go there. `path` is for
 * the message.
 */
export function requirePlace(file: Recognised, offset: number, path: string): void {
  switch (file.kind) {
    case 'application':
      if (offset >= usualAppOffset && offset % appGrid === 0) return;
      throw wrongOffset(path, offset, { what: 'an application', ownOffset: usualAppOffset });
    case 'firmware':
      requireOwnOffset(path, offset, { what: 'a complete firmware', ownOffset: file.flashOffset });
      return;
    case 'backup':
      if (offset === 0) return;
      throw new UpywError('firmware/is-backup', { path, offset });
    case 'bootloader':
      requireOwnOffset(path, offset, { what: 'a bootloader', ownOffset: file.chip.bootloaderOffset });
      return;
    case 'part':
      if (file.fixed && file.usualOffset !== undefined) {
        requireOwnOffset(path, offset, { what: file.part, ownOffset: file.usualOffset });
      }
      return;
    case 'partial-backup':
    case 'damaged':
    case 'other':
      requireFirmware(file, path);
  }
}

interface OwnPlace {
  readonly what: string;
  readonly ownOffset: number;
}

function requireOwnOffset(path: string, offset: number, own: OwnPlace): void {
  if (offset !== own.ownOffset) throw wrongOffset(path, offset, own);
}

function wrongOffset(path: string, offset: number, own: OwnPlace): UpywError {
  const isWhole = own.what === 'a complete firmware';
  return new UpywError('firmware/wrong-offset', { path, offset, isWhole, ...own });
}

/** Passes the image of a whole chip on, and says of everything else why it cannot be restored. */
export function requireBackup(file: Recognised, path: string): FullBackup {
  switch (file.kind) {
    case 'backup':
      return file;
    case 'partial-backup':
      throw new UpywError('firmware/partial-backup', { path, sizeBytes: file.sizeBytes });
    case 'firmware':
      throw new UpywError('firmware/not-a-backup', { path, is: 'a firmware', isFirmware: true });
    case 'application':
      throw new UpywError('firmware/not-a-backup', { path, is: 'only an application', isFirmware: false });
    case 'bootloader':
      throw new UpywError('firmware/not-a-backup', { path, is: 'only a bootloader', isFirmware: false });
    case 'part':
      throw new UpywError('firmware/not-a-backup', { path, is: `only ${file.part}`, isFirmware: false });
    case 'damaged':
      throw brokenFile(file, path);
    case 'other':
      throw new UpywError('firmware/not-a-backup', { path, is: file.looksLike, isFirmware: false });
  }
}

/** Throws unless this firmware runs on this chip and fits. Nothing was written at this point. */
export function checkFirmware(firmware: Firmware, chip: TargetChip, path: string): void {
  checkKind(firmware.chip, chip.name, path);
  checkRevision(firmware, chip, path);
  const tooLarge = (what: string, neededBytes: number, availableBytes = chip.flashSizeBytes): void => {
    if (neededBytes > availableBytes) {
      throw new UpywError('firmware/too-large', { path, what, neededBytes, availableBytes });
    }
  };
  const { app, appPartition, partitions } = firmware;
  tooLarge('the image', firmware.flashOffset + firmware.sizeBytes);
  tooLarge('the application', app.sizeBytes, appPartition.sizeBytes);
  tooLarge('its partition table', Math.max(...partitions.map((part) => part.offset + part.sizeBytes)));
  // The bootloader refuses to start on a flash smaller than its header says.
  tooLarge('its bootloader', firmware.bootloader.flashSizeBytes ?? 0);
}

/** Throws unless what begins a chip, or is an image, is for this kind of chip. */
export function checkKind(imageChip: ChipFamily | undefined, chip: string, path: string): void {
  if (imageChip !== undefined && imageChip.name !== chip) {
    throw new UpywError('firmware/wrong-chip', { path, imageChip: imageChip.name, chip });
  }
}

/** Throws unless the backup is one of this very kind of chip. */
export function checkBackup(backup: FullBackup, chip: TargetChip, path: string): void {
  checkKind(backup.chip, chip.name, path);
  if (backup.sizeBytes !== chip.flashSizeBytes) {
    throw new UpywError('firmware/wrong-size', {
      path,
      sizeBytes: backup.sizeBytes,
      flashSizeBytes: chip.flashSizeBytes,
    });
  }
}

function checkRevision(firmware: Firmware, chip: TargetChip, path: string): void {
  if (chip.revision === undefined) return;
  const { revision } = chip;
  const { minRevision, maxRevision } = firmware.app;
  const tooOld = revision < minRevision;
  const tooNew = maxRevision > 0 && revision > maxRevision;
  if (!tooOld && !tooNew) return;
  throw new UpywError('firmware/wrong-revision', {
    path,
    needed: tooOld ? `${formatRevision(minRevision)} or newer` : `${formatRevision(maxRevision)} or older`,
    revision: formatRevision(revision),
  });
}

/** 301 → `v3.1` (ESP-IDF, "Chip Revision"). */
export function formatRevision(revision: number): string {
  return `v${Math.floor(revision / 100)}.${revision % 100}`;
}

function brokenFile(file: Extract<Recognised, { kind: 'damaged' | 'other' }>, path: string): UpywError {
  if (file.kind === 'other') {
    return new UpywError('firmware/not-an-image', { path, looksLike: file.looksLike });
  }
  const { part, problem, neededBytes, sizeBytes } = file;
  return neededBytes === undefined
    ? new UpywError('firmware/damaged', { path, part, problem })
    : new UpywError('firmware/truncated', { path, part, sizeBytes, neededBytes });
}
