import { stat } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { findSectorBytes } from '../fat/fat-device.js';
import { FatError } from '../fat/fat-error.js';
import { isBlank } from '../firmware/is-blank.js';
import { looksLike } from '../firmware/looks-like.js';
import { ImageDevice, erased } from '../littlefs/block-device.js';
import { LittlefsError } from '../littlefs/littlefs-error.js';
import { Littlefs } from '../littlefs/littlefs.js';
import { findSuperblock, superblockSpan } from '../littlefs/find-superblock.js';
import { type ByteSource, FileBytes, FileDevice, identityOf } from './file-bytes.js';
import { type Volume, findVolume } from './find-volume.js';
import { ImageFiles } from './image-files.js';
import { type ImageVolume, type VolumeFormat, littlefsVolume } from './image-volume.js';

/** What writes a file of this computer in one step. */
export type SaveFile = (path: string, bytes: Uint8Array) => Promise<void>;

/** An image that is open: its files are changed in memory until it is saved. */
export interface OpenImage {
  readonly files: ImageFiles;
  /** Puts the changed image in place of the old one, in one step; does nothing where nothing has changed. Throws `image/changed`, `file/…`. */
  save(write: SaveFile): Promise<void>;
  /** Its files are of no use any more. */
  close(): void;
}

/**
 * Opens a backup, the image of a file system, or a firmware that has files in it. Throws `image/no-file-system`, `image/damaged`, `file/…`.
 * @param shown How the image is called in messages.
 */
export async function openImage(path: string, shown: string, now: () => number): Promise<OpenImage> {
  const file = new FileBytes(path, path);
  try {
    const volume = volumeIn(file, shown);
    const mounted = mountFile(file, volume, shown, Math.floor(now()));
    const files = new ImageFiles(await mounted, shown, now);
    return {
      files,
      save: async (write) => {
        if (!files.isChanged) return;
        if ((await identityAt(path)) !== file.identity) throw new UpywError('image/changed', { path: shown });
        const image = file.change();
        // Windows replaces no file that is open.
        file.close();
        await write(path, image);
      },
      close: () => {
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** What of a file is read only where it is asked for: FAT wants all of it. */
async function mountFile(file: FileBytes, volume: Volume, shown: string, seed: number): Promise<ImageVolume> {
  const { offset, sizeBytes } = volume;
  const superblock = findSuperblock(file.subarray(offset, offset + superblockSpan));
  if (superblock === undefined) return mountIn(file.change(), shown, seed);
  return telling(shown, () =>
    littlefsVolume(Littlefs.mount(new FileDevice(file, { offset, sizeBytes }, superblock.blockBytes), seed)),
  );
}

/** The place of the files in an image. Throws `image/no-file-system`, `file/…`. */
export function readVolume(path: string, shown: string): Volume {
  const file = new FileBytes(path, shown);
  try {
    return volumeIn(file, shown);
  } finally {
    file.close();
  }
}

function volumeIn(image: ByteSource, shown: string): Volume {
  const volume = findVolume(image);
  if (volume !== undefined && 'offset' in volume) return volume;
  throw new UpywError('image/no-file-system', {
    path: shown,
    is: volume?.is ?? looksLike(image.subarray(0)),
  });
}

/** A new image with nothing in it, and its files: of each kind the form that every MicroPython mounts. Throws `image/too-small`. */
export async function newImage(
  sizeBytes: number,
  type: VolumeFormat['type'],
  shown: string,
  now: () => number,
): Promise<{ readonly image: Uint8Array; readonly files: ImageFiles }> {
  const image = new Uint8Array(sizeBytes).fill(erased);
  try {
    if (type === 'fat') await (await import('./fat-volume.js')).formatFat(image);
    else Littlefs.format(new ImageDevice(image));
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new UpywError('image/too-small', { sizeBytes, type }, { cause: error });
  }
  return { image, files: new ImageFiles(await mountRegion(image, 0), shown, now) };
}

/** The file system in an image. `seed` chooses where littlefs begins to look for free blocks. Throws `image/no-file-system`, `image/damaged`. */
export async function mountIn(image: Uint8Array, shown: string, seed: number): Promise<ImageVolume> {
  const { offset, sizeBytes, holder } = volumeIn(image, shown);
  const region = image.subarray(offset, offset + sizeBytes);
  const none = () => {
    const holds = isBlank(region) ? 'nothing yet' : 'no littlefs and no FAT';
    return new UpywError('image/no-file-system', { path: shown, is: `a ${holder} with ${holds}` });
  };
  return telling(shown, () => mountRegion(region, seed, none));
}

/** Tells damage of a file system by the image that it is in. */
async function telling<Result>(shown: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new UpywError('image/damaged', { path: shown, problem: error.message }, { cause: error });
  }
}

async function mountRegion(
  region: Uint8Array,
  seed: number,
  none = () => new Error('a file system was made, and is not there'),
): Promise<ImageVolume> {
  const superblock = findSuperblock(region);
  if (superblock !== undefined)
    return littlefsVolume(Littlefs.mount(new ImageDevice(region, superblock.blockBytes), seed));
  const sectorBytes = findSectorBytes(region);
  if (sectorBytes === undefined) throw none();
  return (await import('./fat-volume.js')).fatVolume(region, sectorBytes);
}

function isFileSystemError(error: unknown): error is LittlefsError | FatError {
  return error instanceof LittlefsError || error instanceof FatError;
}

async function identityAt(path: string): Promise<string> {
  try {
    return identityOf(await stat(path));
  } catch (error) {
    throw localError(error, path);
  }
}
