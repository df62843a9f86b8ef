import { ImageDevice } from '../../src/littlefs/block-device.js';
import { Littlefs } from '../../src/littlefs/littlefs.js';

export const blockBytes = 4096;

/** An empty file system. */
export function formatted(blockCount: number): Uint8Array {
  const image = new Uint8Array(blockCount * blockBytes).fill(0xff);
  Littlefs.format(new ImageDevice(image));
  return image;
}

export const mount = (image: Uint8Array, seed = 0) => Littlefs.mount(new ImageDevice(image), seed);
