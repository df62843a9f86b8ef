import { readFile } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { recognise } from './recognise.js';
import type { Recognised } from './recognised.js';

export interface FirmwareFile {
  /** As the user named it, for messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly recognised: Recognised;
}

/** No ESP32 has a larger flash; a file beyond this is not read to the end of memory. */
const maxSizeBytes = 0x10000000;

/** Reads a file whole and says what it is. Throws `file/…` when it cannot be read. */
export async function readFirmware(path: string): Promise<FirmwareFile> {
  let bytes: Uint8Array;
  try {
    const buffer = await readFile(path);
    bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (error) {
    throw localError(error, path);
  }
  if (bytes.length > maxSizeBytes) {
    throw new UpywError('firmware/not-an-image', { path, looksLike: 'larger than any flash chip' });
  }
  return { path, bytes, recognised: recognise(bytes) };
}
