import { UpywError } from '../errors.js';
import { recognise } from './recognise.js';
import type { Recognised } from './recognised.js';

/** Larger than any flash that is built into a module; a zip of a few kilobytes can claim to hold terabytes. */
const maxFileBytes = 0x2000000;
const maxTotalBytes = 0x4000000;
const maxEntries = 10_000;

export interface UnpackedFile {
  /** Its name within the archive. */
  readonly entry: string;
  readonly bytes: Uint8Array;
  readonly recognised: Recognised;
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/**
 * Unpacks the one firmware or backup in a zip archive, in memory; where there is none, its one `.bin` file. Throws `firmware/zip` for
 * anything else, with what is in it.
 */
export async function unpackFirmware(zip: Uint8Array, path: string): Promise<UnpackedFile> {
  const files = await unpackBins(zip, path);
  const whole = files.filter(({ recognised: { kind } }) => kind === 'firmware' || kind === 'backup');
  const [only, ...others] = whole.length === 0 ? files : whole;
  if (only !== undefined && others.length === 0) return only;
  throw new UpywError('firmware/zip', {
    path,
    found: [only, ...others].flatMap((file) => file?.entry ?? []),
  });
}

async function unpackBins(zip: Uint8Array, path: string): Promise<UnpackedFile[]> {
  const { unzipSync } = await import('fflate');
  let entries = 0;
  let totalBytes = 0;
  try {
    // Each is unpacked into as many bytes as the archive says it has, and not one more.
    const files = unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        if (++entries > maxEntries) throw new Error('too many files');
        if (!isBin(name) || originalSize > maxFileBytes) return false;
        totalBytes += originalSize;
        if (totalBytes > maxTotalBytes) throw new Error('too large');
        return true;
      },
    });
    return Object.entries(files).map(([entry, bytes]) => ({ entry, bytes, recognised: recognise(bytes) }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UpywError('firmware/zip', { path, found: [], reason }, { cause: error });
  }
}

/** macOS puts a file of notes beside each in an archive, `__MACOSX/._NAME`. */
function isBin(name: string): boolean {
  return /\.bin$/i.test(name) && !/(^|\/)\._[^/]*$/.test(name);
}
