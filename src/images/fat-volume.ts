import { ImageSectors } from '../fat/fat-device.js';
import { FatError } from '../fat/fat-error.js';
import { FatLibrary } from '../fat/fat.js';
import type { ImageVolume } from './image-volume.js';

/** The sector size of MicroPython's flash, which a FAT file system there has, too. */
const flashSectorBytes = 4096;
/** From so many clusters on it is FAT16, and FAT32. */
const mostClusters12 = 4085;
const mostClusters16 = 65_525;

/** The FAT file system in `region`. Throws `FatError`. */
export async function fatVolume(region: Uint8Array, sectorBytes: number): Promise<ImageVolume> {
  const library = await FatLibrary.load();
  const fat = guarded(() => library.mount(new ImageSectors(region, sectorBytes)));
  return {
    format: { type: 'fat', version: bitsOf(guarded(() => fat.space().blockCount)) },
    list: (path) => guarded(() => fat.list(path)),
    stat: (path) => guarded(() => fat.stat(path)),
    read: (path) => guarded(() => fat.read(path)),
    write: (path, content) => {
      guarded(() => {
        fat.write(path, content);
      });
    },
    makeFolder: (path) => {
      guarded(() => {
        fat.makeFolder(path);
      });
    },
    remove: (path) => {
      guarded(() => {
        fat.remove(path);
      });
    },
    rename: (from, to) => {
      guarded(() => {
        fat.rename(from, to);
      });
    },
    space: () => guarded(() => fat.space()),
  };
}

/** FatFs trusts what is on a disk, and may leave its memory for it: WebAssembly ends it there, and nothing of ours is touched. */
function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'RuntimeError') throw error;
    throw new FatError('corrupt', 'the FAT makes no sense, and cannot be read', undefined, { cause: error });
  }
}

/** An empty FAT file system in place of whatever is in `region`, as MicroPython makes it on a flash chip. Throws `FatError`. */
export async function makeFat(region: Uint8Array): Promise<ImageVolume> {
  (await FatLibrary.load()).format(new ImageSectors(region, flashSectorBytes));
  return fatVolume(region, flashSectorBytes);
}

/** How many bits of a FAT are for one cluster: the number of clusters alone tells it (Microsoft, "FAT: general overview of on-disk format"). */
function bitsOf(clusters: number): '12' | '16' | '32' {
  if (clusters < mostClusters12) return '12';
  return clusters < mostClusters16 ? '16' : '32';
}
