import { readFile } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { recognise } from './recognise.js';
import type { Recognised } from './recognise.js';

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
    throw fileError(path, error);
  }
  if (bytes.length > maxSizeBytes) {
    throw new UpywError('firmware/not-an-image', { path, looksLike: 'larger than any flash chip' });
  }
  return { path, bytes, recognised: recognise(bytes) };
}

/** Translates what Node says about a file on this computer. */
export function fileError(path: string, error: unknown): UpywError {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return new UpywError('file/not-found', { path }, { cause: error });
    case 'EISDIR':
      return new UpywError('file/is-folder', { path }, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new UpywError('file/permission', { path }, { cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
      return new UpywError('file/no-space', { path }, { cause: error });
    default:
      return new UpywError('file/failed', { path, reason: message }, { cause: error });
  }
}
