import { statSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { FatError } from '../fat/fat-error.js';
import { isBlank } from '../firmware/is-blank.js';
import { looksLike } from '../firmware/looks-like.js';
import { type BlockDevice, ImageDevice, erased } from '../littlefs/block-device.js';
import { LittlefsError } from '../littlefs/littlefs-error.js';
import { Littlefs } from '../littlefs/littlefs.js';
import { type ByteSource, FileBytes, FileDevice, identityOf } from './file-bytes.js';
import { type Volume, findVolume } from './find-volume.js';
import { ImageFiles } from './image-files.js';
import { type ImageVolume, type VolumeFormat, littlefsVolume } from './image-volume.js';

/** What writes a file of this computer in one step, unless `before`, called in the same moment, throws. */
export type SaveFile = (path: string, bytes: Uint8Array, options: { before: () => void }) => Promise<void>;

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
    const mounted = await mount(volume, shown, {
      device: (blockBytes) => new FileDevice(file, volume, blockBytes),
      region: () => regionOf(file.change(), volume),
      seed: Math.floor(now()),
    });
    const files = new ImageFiles(mounted, shown, now);
    return {
      files,
      save: async (write) => {
        if (!files.isChanged) return;
        const before = () => {
          if (identityAt(path) !== file.identity) throw new UpywError('image/changed', { path: shown });
        };
        before();
        const image = file.change();
        // Windows replaces no file that is open.
        file.close();
        await write(path, image, { before });
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
  // So much memory at once took the system some milliseconds: other boards are heard before this goes on.
  await turn();
  try {
    return { image, files: new ImageFiles(await makeIn(image, type), shown, now) };
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new UpywError('image/too-small', { sizeBytes, type }, { cause: error });
  }
}

async function makeIn(image: Uint8Array, type: VolumeFormat['type']): Promise<ImageVolume> {
  if (type === 'fat') return (await import('./fat-volume.js')).makeFat(image);
  const device = new ImageDevice(image);
  Littlefs.format(device);
  return littlefsVolume(Littlefs.mount(device));
}

/** The file system in an image, which is changed in place. Throws `image/no-file-system`, `image/damaged`. */
export async function mountIn(image: Uint8Array, shown: string): Promise<ImageVolume> {
  const volume = volumeIn(image, shown);
  const region = regionOf(image, volume);
  const device = (blockBytes: number) => new ImageDevice(region, blockBytes);
  return mount(volume, shown, { device, region: () => region, seed: 0 });
}

function regionOf(image: Uint8Array, { offset, sizeBytes }: Volume): Uint8Array {
  return image.subarray(offset, offset + sizeBytes);
}

interface MountOptions {
  /** The flash that a littlefs is on. */
  readonly device: (blockBytes: number) => BlockDevice;
  /** All of it in memory, which a FAT wants. */
  readonly region: () => Uint8Array;
  /** Where littlefs begins to look for free blocks. */
  readonly seed: number;
}

async function mount(volume: Volume, shown: string, options: MountOptions): Promise<ImageVolume> {
  const { holder, found } = volume;
  if (found === undefined) {
    const holds = isBlank(options.region()) ? 'nothing yet' : 'no littlefs and no FAT';
    throw new UpywError('image/no-file-system', { path: shown, is: `a ${holder} with ${holds}` });
  }
  try {
    if (found.type === 'littlefs')
      return littlefsVolume(Littlefs.mount(options.device(found.blockBytes), options.seed));
    return await (await import('./fat-volume.js')).fatVolume(options.region(), found.sectorBytes);
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new UpywError('image/damaged', { path: shown, problem: error.message }, { cause: error });
  }
}

function isFileSystemError(error: unknown): error is LittlefsError | FatError {
  return error instanceof LittlefsError || error instanceof FatError;
}

function identityAt(path: string): string {
  try {
    return identityOf(statSync(path));
  } catch (error) {
    throw localError(error, path);
  }
}
