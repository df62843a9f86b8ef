import { createHash } from 'node:crypto';
import type { FirmwareFile } from '../../src/firmware/read-firmware.js';
import { recognise } from '../../src/firmware/recognise.js';
import { connectLoader } from '../../src/loader/connect-loader.js';
import type { Loader } from '../../src/loader/loader.js';
import { ChipPort } from './chip-port.js';
import type { ChipPortOptions } from './chip-port.js';
import { pattern } from './images.js';

export const flashSizeBytes = 0x400000;

export function asFile(bytes: Uint8Array, path = 'fw.bin'): FirmwareFile {
  return { path, bytes, recognised: recognise(bytes) };
}

/** What the whole flash must be for a firmware. */
export function imageOf(firmware: Uint8Array, offset = 0x1000): Uint8Array {
  const image = new Uint8Array(flashSizeBytes).fill(0xff);
  image.set(firmware, offset);
  return image;
}

export function sameFlash(port: ChipPort, expected: Uint8Array): boolean {
  const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
  return md5(port.flash.read(0, flashSizeBytes)) === md5(expected);
}

export interface Setup {
  readonly port: ChipPort;
  readonly loader: Loader;
}

export async function start(options: ChipPortOptions = {}, stub = true): Promise<Setup> {
  const port = new ChipPort(options);
  return { port, loader: await connectLoader(port, { stub }) };
}

/** Fills the flash with what a used board has: another firmware, and files. */
export function soil(port: ChipPort): void {
  port.flash.erase(0, flashSizeBytes);
  port.flash.program(0x1000, pattern(0x90000, 77));
  port.flash.program(0x200000, pattern(0x12345, 78));
}
