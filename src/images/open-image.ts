import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { findSectorBytes } from '../fat/fat-device.js';
import { FatError } from '../fat/fat-error.js';
import { isBlank } from '../firmware/is-blank.js';
import { looksLike } from '../firmware/looks-like.js';
import { ImageDevice, erased } from '../littlefs/block-device.js';
import { LittlefsError } from '../littlefs/littlefs-error.js';
import { Littlefs } from '../littlefs/littlefs.js';
import { findSuperblock } from '../littlefs/find-superblock.js';
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
}

/**
 * Opens a backup, the image of a file system, or a firmware that has files in it. Throws `image/no-file-system`, `image/damaged`, `file/…`.
 * @param shown How the image is called in messages.
 */
export async function openImage(path: string, shown: string, now: () => number): Promise<OpenImage> {
  const { image, identity } = await readImage(path, path);
  const files = new ImageFiles(await mountIn(image, shown, Math.floor(now())), shown, now);
  return {
    files,
    save: async (write) => {
      if (!files.isChanged) return;
      if ((await identityAt(path)) !== identity) throw new UpywError('image/changed', { path: shown });
      await write(path, image);
    },
  };
}

/** A whole file, and what tells later whether it is still the one that was read. */
async function readImage(
  path: string,
  named: string,
): Promise<{ readonly image: Uint8Array; readonly identity: string }> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const before = await file.stat();
    // In one piece: `readFile` asks for half a megabyte at a time.
    const { bytesRead, buffer } = await file.read(new Uint8Array(before.size), 0, before.size, 0);
    return { image: buffer.subarray(0, bytesRead), identity: identityOf(before) };
  } catch (error) {
    throw localError(error, named);
  } finally {
    await file?.close();
  }
}

/** The place of the files in an image. Throws `image/no-file-system`, `file/…`. */
export async function readVolume(path: string, shown: string): Promise<Volume> {
  return volumeIn((await readImage(path, shown)).image, shown);
}

function volumeIn(image: Uint8Array, shown: string): Volume {
  const volume = findVolume(image);
  if (volume === undefined)
    throw new UpywError('image/no-file-system', { path: shown, is: looksLike(image) });
  return volume;
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
  try {
    return await mountRegion(region, seed, () => {
      const holds = isBlank(region) ? 'nothing yet' : 'no littlefs and no FAT';
      return new UpywError('image/no-file-system', { path: shown, is: `a ${holder} with ${holds}` });
    });
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

function identityOf({ dev, ino, size, mtimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs].join();
}
