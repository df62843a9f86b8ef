import { readFile, stat } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { isBlank } from '../firmware/is-blank.js';
import { looksLike } from '../firmware/looks-like.js';
import { ImageDevice, erased } from '../littlefs/block-device.js';
import { LittlefsError } from '../littlefs/littlefs-error.js';
import { Littlefs } from '../littlefs/littlefs.js';
import { findBlockBytes } from '../littlefs/superblock.js';
import { type Volume, findVolume } from './find-volume.js';
import { ImageFiles } from './image-files.js';

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
  const opened = await identityOf(path);
  const image = await readImage(path, path);
  const files = new ImageFiles(mountIn(image, shown, Math.floor(now())), shown, now);
  return {
    files,
    save: async (write) => {
      if (!files.isChanged) return;
      if ((await identityOf(path)) !== opened) throw new UpywError('image/changed', { path: shown });
      await write(path, image);
    },
  };
}

async function readImage(path: string, named: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw localError(error, named);
  });
}

/** How large the place of the files is in an image. Throws `image/no-file-system`, `file/…`. */
export async function volumeBytes(path: string, shown: string): Promise<number> {
  return volumeIn(await readImage(path, shown), shown).sizeBytes;
}

function volumeIn(image: Uint8Array, shown: string): Volume {
  const volume = findVolume(image);
  if (volume === undefined)
    throw new UpywError('image/no-file-system', { path: shown, is: looksLike(image) });
  return volume;
}

/** A new image with nothing in it, and its files. */
export function newImage(
  sizeBytes: number,
  shown: string,
  now: () => number,
): { readonly image: Uint8Array; readonly files: ImageFiles } {
  const image = new Uint8Array(sizeBytes).fill(erased);
  const device = new ImageDevice(image);
  Littlefs.format(device);
  return { image, files: new ImageFiles(Littlefs.mount(device), shown, now) };
}

/** The file system in an image. Throws `image/no-file-system`, `image/damaged`. */
export function mountIn(image: Uint8Array, shown: string, seed: number): Littlefs {
  const volume = volumeIn(image, shown);
  const region = image.subarray(volume.offset, volume.offset + volume.sizeBytes);
  const blockBytes = findBlockBytes(region);
  if (blockBytes === undefined) {
    const holds = isBlank(region) ? 'nothing yet' : 'no littlefs';
    throw new UpywError('image/no-file-system', { path: shown, is: `a ${volume.holder} with ${holds}` });
  }
  try {
    return Littlefs.mount(new ImageDevice(region, blockBytes), seed);
  } catch (error) {
    if (!(error instanceof LittlefsError)) throw error;
    throw new UpywError('image/damaged', { path: shown, problem: error.message }, { cause: error });
  }
}

/** What tells whether a file is still the one that was read. */
async function identityOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeMs } = await stat(path);
    return [dev, ino, size, mtimeMs].join();
  } catch (error) {
    throw localError(error, path);
  }
}
