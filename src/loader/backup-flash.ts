import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { AtomicFile } from '../local/atomic-file.js';
import { digestBytes, digestFlash } from './digest-flash.js';
import type { Loader } from './loader.js';
import { isBlankRegion, readRegions } from './read-regions.js';
import type { DigestedRegion } from './read-regions.js';
import { blockSizeBytes, endOf, splitRegion, sumSizes } from './regions.js';
import type { Region } from './regions.js';

export interface BackupOptions {
  /** Where to begin, and how much; by default all of the flash. */
  readonly offset?: number | undefined;
  readonly sizeBytes?: number | undefined;
  /** A file that holds, at the same places, what the flash may still hold: such parts are taken from there. */
  readonly reference?: string | undefined;
  /** Finds out what would be read, and writes nothing. */
  readonly dryRun?: boolean | undefined;
  readonly onProgress?:
    ((phase: 'compare' | 'read', doneBytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BackupResult {
  readonly path: string;
  readonly offset: number;
  readonly sizeBytes: number;
  /** What went over the wire, what was erased, and what the reference had. */
  readonly readBytes: number;
  readonly blankBytes: number;
  readonly referenceBytes: number;
  readonly sha256: string;
}

/** What a scan of the chip found: every region once. */
interface Scan {
  readonly blank: readonly DigestedRegion[];
  readonly inReference: readonly DigestedRegion[];
  readonly toRead: readonly DigestedRegion[];
}

/**
 * Copies the flash to a file. The chip first digests all of it, so that erased regions and those that the reference holds
 * need not be read; what arrives goes to a temporary file at once. The file takes its name only when every region
 * in it, read back, has the digest that the chip gave. Mode 0600: it holds whatever the board knows.
 */
export async function backupFlash(
  loader: Loader,
  path: string,
  options: BackupOptions = {},
): Promise<BackupResult> {
  return loader.withSignal(options.signal, async () => {
    const region = backupRegion(loader, options);
    const reference = options.reference === undefined ? undefined : await openReference(options.reference);
    try {
      // Made first: a place that cannot be written is better found out before the chip is read.
      const file = options.dryRun === true ? undefined : await AtomicFile.create(path);
      try {
        const scan = await scanFlash(loader, region, reference, options);
        const sha256 =
          file === undefined ? '' : await copyAll({ loader, file, region, scan, reference, options });
        return {
          path,
          ...region,
          readBytes: sumSizes(scan.toRead),
          blankBytes: sumSizes(scan.blank),
          referenceBytes: sumSizes(scan.inReference),
          sha256,
        };
      } finally {
        await file?.discard();
      }
    } finally {
      await reference?.close();
    }
  });
}

function backupRegion(loader: Loader, options: BackupOptions): Region {
  const flashSizeBytes = loader.flash.sizeBytes;
  const offset = options.offset ?? 0;
  const sizeBytes = options.sizeBytes ?? flashSizeBytes - offset;
  if (sizeBytes <= 0 || offset + sizeBytes > flashSizeBytes) {
    const name = options.sizeBytes === undefined ? '--offset' : '--size';
    const value = `0x${(options.sizeBytes ?? offset).toString(16)}`;
    const expected = `inside the flash of 0x${flashSizeBytes.toString(16)} bytes`;
    throw new UpywError('usage/bad-value', { name, value, expected });
  }
  return { offset, sizeBytes };
}

async function openReference(path: string): Promise<FileHandle> {
  try {
    if ((await stat(path)).isDirectory()) throw new UpywError('file/is-folder', { path });
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof UpywError) throw error;
    throw localError(error, path);
  }
}

async function scanFlash(
  loader: Loader,
  region: Region,
  reference: FileHandle | undefined,
  { onProgress }: BackupOptions,
): Promise<Scan> {
  const scan = {
    blank: [] as DigestedRegion[],
    inReference: [] as DigestedRegion[],
    toRead: [] as DigestedRegion[],
  };
  for (const piece of splitRegion(region, blockSizeBytes)) {
    const digested = { ...piece, md5: await digestFlash(loader, piece) };
    if (isBlankRegion(digested)) scan.blank.push(digested);
    else if (await holds(reference, digested)) scan.inReference.push(digested);
    else scan.toRead.push(digested);
    onProgress?.('compare', endOf(piece) - region.offset, region.sizeBytes);
  }
  return scan;
}

async function holds(reference: FileHandle | undefined, region: DigestedRegion): Promise<boolean> {
  if (reference === undefined) return false;
  return digestBytes(await readPiece(reference, region)) === region.md5;
}

async function readPiece(file: FileHandle, { offset, sizeBytes }: Region): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes);
  const { bytesRead } = await file.read(bytes, 0, sizeBytes, offset);
  return bytes.subarray(0, bytesRead);
}

interface Copy {
  readonly loader: Loader;
  readonly file: AtomicFile;
  readonly region: Region;
  readonly scan: Scan;
  readonly reference: FileHandle | undefined;
  readonly options: BackupOptions;
}

/** Fills the file, checks it and gives it its name. Returns its SHA-256. */
async function copyAll(copy: Copy): Promise<string> {
  await fillIn(copy);
  await readIn(copy);
  const sha256 = await checkWhole(copy);
  // The new backup may take the place of its reference, and Windows replaces no file that is open.
  await copy.reference?.close();
  await copy.file.commit();
  return sha256;
}

/** What need not be read: 0xFF, and what the reference holds. */
async function fillIn({ file, region, scan, reference }: Copy): Promise<void> {
  for (const { offset, sizeBytes } of scan.blank) {
    await file.write(new Uint8Array(sizeBytes).fill(0xff), offset - region.offset);
  }
  for (const piece of scan.inReference) {
    if (reference === undefined) break;
    await file.write(await readPiece(reference, piece), piece.offset - region.offset);
  }
}

/** Writes each region to the file as it arrives; the wire is far slower than any disk. */
async function readIn({ loader, file, region, scan, options }: Copy): Promise<void> {
  const totalBytes = sumSizes(scan.toRead);
  let doneBytes = 0;
  await readRegions(loader, scan.toRead, {
    onRegion: (piece, bytes) => {
      file.writeSoon(bytes.slice(), piece.offset - region.offset);
    },
    onBytes: (sizeBytes) => {
      file.throwIfFailed();
      doneBytes = Math.min(totalBytes, doneBytes + sizeBytes);
      options.onProgress?.('read', doneBytes, totalBytes);
    },
  });
  await file.settle();
}

/** Reads the file back and holds every region to the digest that the chip gave for it. */
async function checkWhole({ file, region, scan }: Copy): Promise<string> {
  const hash = createHash('sha256');
  const pieces = [...scan.blank, ...scan.inReference, ...scan.toRead].sort((a, b) => a.offset - b.offset);
  for (const { offset, sizeBytes, md5 } of pieces) {
    const bytes = await file.read(sizeBytes, offset - region.offset);
    if (digestBytes(bytes) !== md5) {
      const reason = 'what was written to the disk reads back otherwise';
      throw new UpywError('file/failed', { path: file.path, reason });
    }
    hash.update(bytes);
  }
  return hash.digest('hex');
}
