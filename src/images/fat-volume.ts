import { ImageSectors } from '../fat/fat-device.js';
import { FatLibrary } from '../fat/fat.js';
import type { ImageVolume } from './image-volume.js';

/** The sector size of MicroPython's flash, which a FAT file system there has, too. */
const flashSectorBytes = 4096;
/** Where a boot sector has the name of its format, `FAT16   `: of FAT12 and FAT16, and of FAT32. */
const nameOffsets = [54, 82];

/** The FAT file system in `region`. Throws `FatError`. */
export async function fatVolume(region: Uint8Array, sectorBytes: number): Promise<ImageVolume> {
  const fat = (await FatLibrary.load()).mount(new ImageSectors(region, sectorBytes));
  return {
    format: { type: 'fat', version: nameIn(region).replace('FAT', '') },
    list: (path) => fat.list(path),
    stat: (path) => fat.stat(path),
    read: (path) => fat.read(path),
    write: (path, content) => {
      fat.write(path, content);
    },
    makeFolder: (path) => {
      fat.makeFolder(path);
    },
    remove: (path) => {
      fat.remove(path);
    },
    space: () => fat.space(),
  };
}

/** An empty FAT file system in place of whatever is in `region`, as MicroPython makes it on a flash chip. Throws `FatError`. */
export async function formatFat(region: Uint8Array, sectorBytes = flashSectorBytes): Promise<void> {
  (await FatLibrary.load()).format(new ImageSectors(region, sectorBytes));
}

function nameIn(region: Uint8Array): string {
  const names = nameOffsets.map((at) => new TextDecoder('latin1').decode(region.subarray(at, at + 8)).trim());
  return names.find((name) => name.startsWith('FAT')) ?? 'FAT';
}
