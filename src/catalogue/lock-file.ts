import { readFile } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { errorCode, localError } from '../errors/local-error.js';
import { writeLocalFile } from '../local/local-files.js';
import { lockParts, lockText } from '../local/lock-parts.js';

/** The firmware that a project is held to. */
export interface LockedFirmware {
  readonly board: string;
  readonly variant: string;
  /** `v1.26.1` */
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
}

/** What the project is held to; undefined where nothing is locked. Throws `firmware/lock`, `file/…`. */
export async function readLock(path: string): Promise<LockedFirmware | undefined> {
  const { firmware } = await readWhole(path);
  if (firmware === undefined) return undefined;
  if (!isLocked(firmware)) {
    const reason = 'its firmware needs board, variant, version, file and sha256';
    throw new UpywError('firmware/lock', { path, reason });
  }
  return firmware;
}

/** Writes it; what else is in the file stays. Throws `firmware/lock`, `file/…`. */
export async function writeLock(path: string, firmware: LockedFirmware): Promise<void> {
  const whole = await readWhole(path).catch((error: unknown) => {
    // It is written anew because it cannot be used.
    if (error instanceof UpywError && (error as UpywError).code === 'firmware/lock') return {};
    throw error;
  });
  const { board, variant, version, file, sha256 } = firmware;
  const content = { ...whole, firmware: { board, variant, version, file, sha256 } };
  await writeLocalFile(path, new TextEncoder().encode(lockText(content)));
}

async function readWhole(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw localError(error, path);
  }
  return lockParts(text, (cause) => {
    const reason = cause === undefined ? 'it holds no object' : 'it is not valid JSON';
    return new UpywError('firmware/lock', { path, reason }, { cause });
  });
}

function isLocked(value: unknown): value is LockedFirmware {
  if (typeof value !== 'object' || value === null) return false;
  const { board, variant, version, file, sha256 } = value as Record<string, unknown>;
  const texts = [board, variant, version, file, sha256];
  return texts.every((each) => typeof each === 'string') && /^[0-9a-f]{64}$/.test(String(sha256));
}
