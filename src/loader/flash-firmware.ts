import { UpywError } from '../errors.js';
import type { Aftermath } from '../errors.js';
import { checkFirmware, checkKind, requireFirmware, requirePlace } from '../firmware/check-firmware.js';
import { chipByName } from '../firmware/chips.js';
import { type FilesPlace, findFilesPlace, isSamePlace } from '../firmware/files-place.js';
import type { FirmwareFile } from '../firmware/read-firmware.js';
import type { Firmware } from '../firmware/recognised.js';
import { PiecesInBlankFlash, changeFlash } from './change-flash.js';
import type { ChangeResult, FlashPiece, FlashProgress } from './change-flash.js';
import { readPartitionTable } from './chip-contents.js';
import type { Loader } from './loader.js';
import { sectorSizeBytes, subtractRegions } from './regions.js';
import type { Region } from './regions.js';
import { word } from '../errors/word.js';

export interface FlashFirmwareOptions {
  /** Leaves the partition with the board's files as it is. */
  readonly keepFiles?: boolean | undefined;
  /** Makes what is to be where the board keeps its files: as large as the place, or shorter. Nothing has been changed when it is called. */
  readonly makeFiles?: ((place: FilesPlace) => Promise<Uint8Array>) | undefined;
  /** Writes the file here, and touches nothing else. */
  readonly offset?: number | undefined;
  /** Writes what is not recognised, not intact or not for this chip. */
  readonly force?: boolean | undefined;
  /** Finds out what would be done, and does nothing. */
  readonly dryRun?: boolean | undefined;
  readonly onProgress?: FlashProgress | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The command that repeats this one, for the message when it ends half way. By default made from the file's path. */
  readonly repeatCommand?: string | undefined;
}

export interface FlashFirmwareResult extends ChangeResult {
  readonly offset: number;
  readonly sizeBytes: number;
  /** What the file turned out to be; undefined for one that was forced. */
  readonly firmware: Firmware | undefined;
}

/**
 * Checks the file against the chip, then makes the flash hold it and 0xFF everywhere else, touching only what differs.
 * Throws `firmware/…` and `loader/protected` before anything was changed, and `loader/…`, `port/…`, `run/interrupted` with
 * what they leave behind.
 */
export async function flashFirmware(
  loader: Loader,
  file: FirmwareFile,
  options: FlashFirmwareOptions = {},
): Promise<FlashFirmwareResult> {
  return loader.withSignal(options.signal, async () => {
    if (options.force !== true) loader.requireUnlocked();
    const plan = planFlash(loader, file, options);
    const regions = options.keepFiles === true ? await keepFiles(loader, plan, file.path) : plan.regions;
    const files = await makeFiles(loader, plan, file.path, options);
    const content = new PiecesInBlankFlash({ bytes: file.bytes, offset: plan.offset }, ...files);
    const result = await changeFlash(loader, content, regions, {
      onProgress: options.onProgress,
      dryRun: options.dryRun,
      aftermath: aftermathOf(file.path, options),
    });
    return { ...result, offset: plan.offset, sizeBytes: file.bytes.length, firmware: plan.firmware };
  });
}

interface FlashPlan {
  readonly offset: number;
  /** All that is to be made equal. */
  readonly regions: readonly Region[];
  readonly firmware: Firmware | undefined;
}

function planFlash(loader: Loader, file: FirmwareFile, options: FlashFirmwareOptions): FlashPlan {
  const { flash, chip } = loader;
  const wholeFlash = [{ offset: 0, sizeBytes: flash.sizeBytes }];
  if (options.offset === undefined && options.force !== true) {
    const firmware = requireFirmware(file.recognised, file.path);
    checkFirmware(firmware, { ...chip, flashSizeBytes: flash.sizeBytes }, file.path);
    return { offset: firmware.flashOffset, regions: wholeFlash, firmware };
  }
  const offset = options.offset ?? usualOffset(file, chip.name);
  requireGrid(offset);
  const firmware = options.force === true ? undefined : checkPart(loader, file, offset);
  requireRoom(file, offset, flash.sizeBytes);
  if (options.offset === undefined) return { offset, regions: wholeFlash, firmware };
  const sizeBytes = Math.ceil(file.bytes.length / sectorSizeBytes) * sectorSizeBytes;
  return { offset, regions: [{ offset, sizeBytes }], firmware };
}

/** Where a file belongs that was not fully recognised. */
function usualOffset(file: FirmwareFile, chipName: string): number {
  const { recognised } = file;
  if (recognised.kind === 'firmware') return recognised.flashOffset;
  return recognised.kind === 'backup' ? 0 : (chipByName(chipName)?.bootloaderOffset ?? 0);
}

/** Throws `usage/bad-value` unless a whole sector begins there. */
export function requireGrid(offset: number): void {
  if (offset % sectorSizeBytes !== 0) {
    throw new UpywError('usage/bad-value', {
      name: '--offset',
      value: `0x${offset.toString(16)}`,
      expected: 'a multiple of 0x1000, the smallest piece that can be erased',
    });
  }
}

function requireRoom({ path, bytes }: FirmwareFile, offset: number, flashSizeBytes: number): void {
  if (offset + bytes.length > flashSizeBytes) {
    const neededBytes = offset + bytes.length;
    throw new UpywError('firmware/too-large', {
      path,
      what: 'the file',
      neededBytes,
      availableBytes: flashSizeBytes,
    });
  }
}

/** What may go to a chosen place without `--force`. Returns it where it is a firmware: a board starts from it. */
function checkPart(
  { chip, flash }: Loader,
  { recognised, path }: FirmwareFile,
  offset: number,
): Firmware | undefined {
  requirePlace(recognised, offset, path);
  if (recognised.kind !== 'firmware') {
    checkKind('chip' in recognised ? recognised.chip : undefined, chip.name, path);
    return undefined;
  }
  checkFirmware(recognised, { ...chip, flashSizeBytes: flash.sizeBytes }, path);
  return recognised;
}

/** Leaves out where the files are, which must be the same place for the old and the new firmware. */
async function keepFiles(loader: Loader, plan: FlashPlan, path: string): Promise<readonly Region[]> {
  const flashSizeBytes = loader.flash.sizeBytes;
  const table = await readPartitionTable(loader);
  const now = table === undefined ? undefined : findFilesPlace(table.partitions, flashSizeBytes);
  const then = plan.firmware === undefined ? now : findFilesPlace(plan.firmware.partitions, flashSizeBytes);
  if (now === undefined || then === undefined || !isSamePlace(now, then)) {
    throw new UpywError('firmware/files-move', { path, now, then });
  }
  return plan.regions.flatMap((region) => subtractRegions(region, [now]));
}

/** The board's files, where they belong under this firmware. Throws `firmware/no-files-place`. */
async function makeFiles(
  { flash }: Loader,
  { firmware }: FlashPlan,
  path: string,
  { makeFiles: make }: FlashFirmwareOptions,
): Promise<FlashPiece[]> {
  if (make === undefined) return [];
  const place = firmware && findFilesPlace(firmware.partitions, flash.sizeBytes);
  if (place === undefined) throw new UpywError('firmware/no-files-place', { path });
  return [{ bytes: await make(place), offset: place.offset }];
}

function aftermathOf(path: string, options: FlashFirmwareOptions): Aftermath {
  const { keepFiles, offset, force, repeatCommand } = options;
  const flags = [
    offset === undefined ? '' : ` --offset 0x${offset.toString(16)}`,
    force === true ? ' --force' : '',
    keepFiles === true ? ' --keep-files' : '',
  ].join('');
  return {
    state: 'The chip holds only part of the firmware and does not start; it is not broken',
    mend: `Repeat the command, it goes on where it stopped: ${repeatCommand ?? `upyw flash ${word(path)}${flags}`}`,
  };
}
