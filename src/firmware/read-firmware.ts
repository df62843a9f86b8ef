import { readFile } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { recognise } from './recognise.js';
import type { Recognised } from './recognised.js';
import { isZip, unpackFirmware } from './unpack-zip.js';

export interface FirmwareFile {
  /** As the user named it, for messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly recognised: Recognised;
  /** Its name in the archive that `path` names. */
  readonly entry?: string;
}

/** No ESP32 has a larger flash; a file beyond this is not read to the end of memory. */
const maxSizeBytes = 0x10000000;

/** Reads a file whole and says what it is; of a zip archive, the firmware in it. Throws `file/…` when it cannot be read, `firmware/zip`. */
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
  if (isZip(bytes)) return { path, ...(await unpackFirmware(bytes, path)) };
  return { path, bytes, recognised: recognise(bytes) };
}
