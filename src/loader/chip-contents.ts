import { parseAppDescription } from '../firmware/app-description.js';
import type { AppDescription } from '../firmware/app-description.js';
import { chipByName } from '../firmware/chips.js';
import { findFilesPlace } from '../firmware/files-place.js';
import type { FilesPlace } from '../firmware/files-place.js';
import { imageHeaderSizeBytes, parseImageHeader } from '../firmware/image-header.js';
import { findMicroPython, maxBannerBytes } from '../firmware/micropython-version.js';
import type { MicroPythonVersion } from '../firmware/micropython-version.js';
import {
  bootPartition,
  parsePartitionTable,
  partitionTableOffset,
  partitionTableSizeBytes,
} from '../firmware/partition-table.js';
import type { Partition, PartitionTable } from '../firmware/partition-table.js';
import { digestFlash } from './digest-flash.js';
import type { Loader } from './loader.js';
import { readRegions } from './read-regions.js';
import { endOf, splitRegion } from './regions.js';
import type { Region } from './regions.js';

/** The partition that starts, and what the application in it says about itself. */
export interface AppOnChip {
  readonly partition: Partition;
  readonly description: AppDescription | undefined;
  /** Undefined for what is not MicroPython, and where no stub runs: finding it out would take minutes. */
  readonly micropython: MicroPythonVersion | undefined;
}

/** What is on a chip, as far as its first bytes tell. */
export interface ChipContents {
  readonly bootloader: boolean;
  readonly table: PartitionTable | undefined;
  readonly app: AppOnChip | undefined;
  /** Where its files are. */
  readonly files: FilesPlace | undefined;
}

/** Header of the image and of its first segment. */
const constantsOffset = imageHeaderSizeBytes + 8;
const descriptionSizeBytes = 256;
/** MicroPython's version stands some 50 kB behind the start of its constants, of up to 400 kB. */
const searchStepBytes = 0x8000;
const maxConstantsBytes = 0x80000;
/** What MicroPython's builds have for a project name; another name is another program. */
const possibleNames = ['', 'micropython'];

/** Reads the few kilobytes that tell what a chip holds. */
export async function readChipContents(loader: Loader): Promise<ChipContents> {
  const bootloaderOffset = chipByName(loader.chip.name)?.bootloaderOffset ?? 0;
  const header = await readBytes(loader, { offset: bootloaderOffset, sizeBytes: imageHeaderSizeBytes });
  const table = await readPartitionTable(loader);
  const partition = table === undefined ? undefined : bootPartition(table.partitions);
  return {
    bootloader: parseImageHeader(header, 0) !== undefined,
    table,
    app: partition === undefined ? undefined : { partition, ...(await readApp(loader, partition)) },
    files: table === undefined ? undefined : findFilesPlace(table.partitions, loader.flash.sizeBytes),
  };
}

export async function readPartitionTable(loader: Loader): Promise<PartitionTable | undefined> {
  const region = { offset: partitionTableOffset, sizeBytes: partitionTableSizeBytes };
  return parsePartitionTable(await readBytes(loader, region), 0);
}

async function readApp(loader: Loader, { offset }: Partition): Promise<Omit<AppOnChip, 'partition'>> {
  const start = await readBytes(loader, { offset, sizeBytes: constantsOffset + descriptionSizeBytes });
  const isImage = parseImageHeader(start, 0) !== undefined;
  const description = isImage ? parseAppDescription(start, constantsOffset) : undefined;
  if (description === undefined || !possibleNames.includes(description.projectName) || !loader.stub) {
    return { description, micropython: undefined };
  }
  const sizeBytes = new DataView(start.buffer).getUint32(constantsOffset - 4, true);
  const constants = { offset: offset + constantsOffset, sizeBytes: Math.min(sizeBytes, maxConstantsBytes) };
  return { description, micropython: await searchMicroPython(loader, constants) };
}

/** Piece by piece, until it is found. */
async function searchMicroPython(loader: Loader, constants: Region): Promise<MicroPythonVersion | undefined> {
  for (const { offset, sizeBytes } of splitRegion(constants, searchStepBytes)) {
    // So much more that a banner that begins in this piece is whole.
    const end = Math.min(offset + sizeBytes + maxBannerBytes, endOf(constants), loader.flash.sizeBytes);
    const found = findMicroPython(await readBytes(loader, { offset, sizeBytes: end - offset }));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Reads a region of a few kilobytes, and makes sure it arrived whole. */
export async function readBytes(loader: Loader, region: Region): Promise<Uint8Array> {
  const md5 = await digestFlash(loader, region);
  const result = new Uint8Array(region.sizeBytes);
  await readRegions(loader, [{ ...region, md5 }], {
    onRegion: ({ offset }, bytes) => {
      result.set(bytes, offset - region.offset);
    },
  });
  return result;
}
