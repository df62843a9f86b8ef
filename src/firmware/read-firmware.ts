import { Buffer } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
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

/** What is no ordinary file tells no size, and may have no end. */
async function readPipe(path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes > maxSizeBytes) break;
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Reads a file whole and says what it is; of a zip archive, the firmware in it. Throws `file/…` when it cannot be read, `firmware/zip`. */
export async function readFirmware(path: string): Promise<FirmwareFile> {
  let bytes: Uint8Array;
  try {
    bytes = (await stat(path)).isFile() ? new Uint8Array(await readFile(path)) : await readPipe(path);
  } catch (error) {
    throw localError(error, path);
  }
  if (bytes.length > maxSizeBytes) {
    throw new UpywError('firmware/not-an-image', { path, looksLike: 'larger than any flash chip' });
  }
  if (isZip(bytes)) return { path, ...(await unpackFirmware(bytes, path)) };
  return { path, bytes, recognised: recognise(bytes) };
}
