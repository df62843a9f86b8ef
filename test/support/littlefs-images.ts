import { ImageDevice } from '../../src/littlefs/block-device.js';
import { LittlefsError } from '../../src/littlefs/littlefs-error.js';
import { Littlefs } from '../../src/littlefs/littlefs.js';

export const blockBytes = 4096;

/** An empty file system. */
export function formatted(blockCount: number): Uint8Array {
  const image = new Uint8Array(blockCount * blockBytes).fill(0xff);
  Littlefs.format(new ImageDevice(image));
  return image;
}

export const mount = (image: Uint8Array, seed = 0) => Littlefs.mount(new ImageDevice(image), seed);

/** The code of what a call throws; undefined where it goes well. */
export function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof LittlefsError ? error.code : String(error);
  }
}
