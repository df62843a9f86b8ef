import { parseAppDescription } from '../firmware/app-description.js';
import type { AppDescription } from '../firmware/app-description.js';
import { chipByName } from '../firmware/chips.js';
import { imageHeaderSizeBytes, parseImageHeader } from '../firmware/image-header.js';
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
import type { Region } from './regions.js';

/** What is on a chip, as far as its first bytes tell. */
export interface ChipContents {
  readonly bootloader: boolean;
  readonly table: PartitionTable | undefined;
  /** The partition that starts, and what the application in it says about itself. */
  readonly app:
    { readonly partition: Partition; readonly description: AppDescription | undefined } | undefined;
}

/** Reads the few kilobytes that tell what a chip holds. */
export async function readChipContents(loader: Loader): Promise<ChipContents> {
  const bootloaderOffset = chipByName(loader.chip.name)?.bootloaderOffset ?? 0;
  const header = await readBytes(loader, { offset: bootloaderOffset, sizeBytes: imageHeaderSizeBytes });
  const table = await readPartitionTable(loader);
  const partition = table === undefined ? undefined : bootPartition(table.partitions);
  return {
    bootloader: parseImageHeader(header, 0) !== undefined,
    table,
    app: partition === undefined ? undefined : { partition, description: await readApp(loader, partition) },
  };
}

export async function readPartitionTable(loader: Loader): Promise<PartitionTable | undefined> {
  const region = { offset: partitionTableOffset, sizeBytes: partitionTableSizeBytes };
  return parsePartitionTable(await readBytes(loader, region), 0);
}

async function readApp(loader: Loader, { offset }: Partition): Promise<AppDescription | undefined> {
  const start = await readBytes(loader, { offset, sizeBytes: imageHeaderSizeBytes + 8 + 256 });
  return parseImageHeader(start, 0) === undefined
    ? undefined
    : parseAppDescription(start, imageHeaderSizeBytes + 8);
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
