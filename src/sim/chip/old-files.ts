import { ImageDevice, erased } from '../../littlefs/block-device.js';
import { Littlefs } from '../../littlefs/littlefs.js';
import type { Flash, FlashRegion } from '../guest.js';
import { findFilesRegion } from './files-region.js';
import { isErased } from './flash.js';
import { sectorSizeBytes } from './timing.js';

/**
 * The files of boards that were made before version 0.2, in a format of their own, in blocks of 4 KiB. All numbers are u32, little endian:
 *   block 0 or 1: `UPYWVFS1` · 8 CRC-32 · 12 sequence (the higher one counts) · 16 size of the index in bytes · 20 CRC-32 of the index ·
 *   24 number of its blocks · 28 their numbers
 *   the index, for each path: 0 type (1 file, 2 folder) · 2 length of the path (u16) · 4 size in bytes · 8 path · the numbers of its blocks
 */
const magic = 'UPYWVFS1';

interface OldEntry {
  readonly path: string;
  /** Undefined for a folder. */
  readonly content: Uint8Array | undefined;
}

/** Where they are; undefined where there are none. */
export function findOldFiles(flash: Flash): FlashRegion | undefined {
  const region = findFilesRegion(flash);
  return region !== undefined && superblocks(flash, region).length > 0 ? region : undefined;
}

/** Puts a littlefs with the same files in their place. */
export function convertOldFiles(flash: Flash, region: FlashRegion): void {
  const image = new Uint8Array(region.sizeBytes);
  const device = new ImageDevice(image.fill(erased));
  Littlefs.format(device);
  const fs = Littlefs.mount(device);
  for (const { path, content } of readOldFiles(flash, region)) {
    if (content === undefined) fs.makeFolder(path);
    else fs.write(path, content);
  }
  flash.erase(region.offset, region.sizeBytes);
  for (let at = 0; at < image.length; at += sectorSizeBytes) {
    const sector = image.subarray(at, at + sectorSizeBytes);
    if (!isErased(sector)) flash.program(region.offset + at, sector);
  }
}

function superblocks(flash: Flash, { offset }: FlashRegion): DataView[] {
  return [0, sectorSizeBytes]
    .map((at) => viewOf(flash.read(offset + at, sectorSizeBytes)))
    .filter((view) => textAt(view, 0, magic.length) === magic)
    .sort((left, right) => right.getUint32(12, true) - left.getUint32(12, true));
}

/** Folders come before what is in them. */
function* readOldFiles(flash: Flash, region: FlashRegion): Generator<OldEntry> {
  const [superblock] = superblocks(flash, region);
  if (superblock === undefined) return;
  const index = viewOf(
    readBlocks(
      flash,
      region,
      numbersAt(superblock, 28, superblock.getUint32(24, true)),
      superblock.getUint32(16, true),
    ),
  );
  for (let at = 0; at < index.byteLength;) {
    const isFile = index.getUint8(at) === 1;
    const pathBytes = index.getUint16(at + 2, true);
    const sizeBytes = index.getUint32(at + 4, true);
    const path = textAt(index, at + 8, pathBytes);
    at += 8 + pathBytes;
    const blocks = isFile ? numbersAt(index, at, Math.ceil(sizeBytes / sectorSizeBytes)) : [];
    at += 4 * blocks.length;
    yield { path, content: isFile ? readBlocks(flash, region, blocks, sizeBytes) : undefined };
  }
}

function readBlocks(
  flash: Flash,
  region: FlashRegion,
  blocks: readonly number[],
  sizeBytes: number,
): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (const [nth, block] of blocks.entries()) {
    const at = nth * sectorSizeBytes;
    const size = Math.min(sectorSizeBytes, sizeBytes - at);
    bytes.set(flash.read(region.offset + block * sectorSizeBytes, size), at);
  }
  return bytes;
}

function numbersAt(view: DataView, at: number, count: number): number[] {
  return Array.from({ length: count }, (_, nth) => view.getUint32(at + 4 * nth, true));
}

function textAt(view: DataView, at: number, length: number): string {
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
