import { findSectorBytes } from '../fat/fat-device.js';
import { type FilesPlace, findFilesPlace } from '../firmware/files-place.js';
import { parsePartitionTable, partitionTableOffset } from '../firmware/partition-table.js';
import { isChipSize } from '../firmware/chip-size.js';
import { findSuperblock, superblockSpan } from '../littlefs/find-superblock.js';
import type { ByteSource } from './file-bytes.js';
import type { VolumeFormat } from './image-volume.js';

/** Where in a file the files of a board are. */
export interface Volume {
  readonly holder: 'file system' | 'card' | 'backup' | 'firmware';
  readonly offset: number;
  readonly sizeBytes: number;
  /** What is there, or what MicroPython would make of it. */
  readonly type: VolumeFormat['type'];
  /** Undefined where there is no file system yet. */
  readonly found: FoundSystem | undefined;
}

/** A file system, by what begins there. */
export type FoundSystem =
  | { readonly type: 'littlefs'; readonly blockBytes: number }
  | { readonly type: 'fat'; readonly sectorBytes: number };

/** Where what was read from a chip, or is to be written to it, begins: a merged firmware at the bootloader's place. */
const flashOffsets = [0, 0x1000];

/** A place for files that lies behind the end of the file, or half of it: what the file is then, for a message. */
export interface Beyond {
  readonly is: string;
}

/** Undefined where there is no place for files. What is there may be blank, or another file system. */
export function findVolume(bytes: ByteSource): Volume | Beyond | undefined {
  const whole = findSystem(bytes, 0);
  if (whole !== undefined) {
    return { holder: 'file system', offset: 0, sizeBytes: bytes.length, type: whole.type, found: whole };
  }
  const card = findOnCard(bytes);
  if (card !== undefined) return card;
  for (const flashOffset of flashOffsets) {
    const table = parsePartitionTable(bytes, partitionTableOffset - flashOffset);
    if (table?.valid !== true) continue;
    const place = findFilesPlace(table.partitions, bytes.length + flashOffset);
    const offset = (place?.offset ?? Infinity) - flashOffset;
    if (place === undefined) return undefined;
    if (offset >= bytes.length) return { is: 'a firmware that ends before the place of the files' };
    if (offset + place.sizeBytes > bytes.length) return { is: 'cut off in the middle of the files' };
    const holder = isChipSize(bytes.length) ? 'backup' : 'firmware';
    const { sizeBytes } = place;
    const found = findSystem(bytes, offset);
    return { holder, offset, sizeBytes, type: found?.type ?? usualType(place), found };
  }
  return undefined;
}

function findSystem(bytes: ByteSource, offset: number): FoundSystem | undefined {
  const start = bytes.subarray(offset, offset + superblockSpan);
  const superblock = findSuperblock(start);
  if (superblock !== undefined) return { type: 'littlefs', blockBytes: superblock.blockBytes };
  const sectorBytes = findSectorBytes(start);
  return sectorBytes === undefined ? undefined : { type: 'fat', sectorBytes };
}

/** What MicroPython makes where it finds nothing: a partition `ffat` gets FAT (`ports/esp32/modules/inisetup.py`). */
export function usualType({ label }: FilesPlace): VolumeFormat['type'] {
  return label === 'ffat' ? 'fat' : 'littlefs';
}

/** A card begins with a table of four partitions (master boot record): 16 bytes each, with the first sector and their number at 8 and 12. */
const cardRowsAt = 446;
const cardRowBytes = 16;
const cardSectorBytes = 512;

/** The first partition with a FAT on an SD card. */
function findOnCard(bytes: ByteSource): Volume | undefined {
  const table = bytes.subarray(0, cardSectorBytes);
  if (table.length < cardSectorBytes || table[510] !== 0x55 || table[511] !== 0xaa) return undefined;
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  for (const row of [0, 1, 2, 3]) {
    const at = cardRowsAt + row * cardRowBytes;
    const offset = view.getUint32(at + 8, true) * cardSectorBytes;
    const sizeBytes = view.getUint32(at + 12, true) * cardSectorBytes;
    if (offset === 0 || offset + sizeBytes > bytes.length) continue;
    const sectorBytes = findSectorBytes(bytes.subarray(offset, offset + cardSectorBytes));
    if (sectorBytes === undefined) continue;
    return { holder: 'card', offset, sizeBytes, type: 'fat', found: { type: 'fat', sectorBytes } };
  }
  return undefined;
}
