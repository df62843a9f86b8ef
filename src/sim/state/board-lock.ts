import {
  constants,
  copyFileSync,
  linkSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';

/** Who has the board, as its lock file says. */
export interface LockHolder {
  readonly pid: number;
  /** When the computer was started, in seconds since 1970: after a restart, process numbers mean nothing. */
  readonly bootedAtS: number;
  /** Where others can attach to the running board; only `upyw sim serve` offers that. */
  readonly attach?: AttachAddress;
}

/** A loopback port, and the word that shows that whoever connects could read the lock file. */
export interface AttachAddress {
  readonly port: number;
  readonly token: string;
  /** What the board was switched on with: see `digestOptions`. */
  readonly optionsDigest: string;
}

/** For messages: `another upyw (process 4711)`. */
export function describeHolder({ pid, attach }: LockHolder): string {
  return attach === undefined ? `another upyw (process ${pid})` : `upyw sim serve (process ${pid})`;
}

export interface BoardLock {
  release(): void;
}

const fileName = 'lock.json';
/** How far two readings of the boot time may lie apart. */
const bootTimeToleranceS = 30;
const maxAttempts = 5;

/** Takes the board for this process. @returns the lock, or who has it. */
export function takeLock(folder: string, attach?: AttachAddress): BoardLock | LockHolder {
  const path = join(folder, fileName);
  const mine: LockHolder = { pid: process.pid, bootedAtS: bootedAtS(), ...(attach && { attach }) };
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    if (writeNew(path, JSON.stringify(mine)))
      return {
        release: () => {
          remove(path);
        },
      };
    const holder = readHolder(path);
    if (holder !== undefined && isAlive(holder)) return holder;
    discard(path);
  }
  return { pid: 0, bootedAtS: 0 };
}

/** Who has the board now, if anyone. */
export function lockHolder(folder: string): LockHolder | undefined {
  const holder = readHolder(join(folder, fileName));
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/** Makes the file with all of its content in one step; `false` when it is there already. */
function writeNew(path: string, text: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    try {
      linkSync(draft, path);
    } catch (error) {
      if (isExisting(error)) return false;
      // A file system without links: between making and filling lies a moment, but nothing better is to be had.
      copyFileSync(draft, path, constants.COPYFILE_EXCL);
    }
    return true;
  } catch (error) {
    if (isExisting(error)) return false;
    throw error;
  } finally {
    remove(draft);
  }
}

function isExisting(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}

/** Undefined where there is none, or one that was never finished. */
function readHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  } catch {
    return undefined;
  }
}

function isAlive(holder: LockHolder): boolean {
  if (Math.abs(holder.bootedAtS - bootedAtS()) > bootTimeToleranceS) return false;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Two processes may find the same dead lock: renaming it away succeeds for one of them only. */
function discard(path: string): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
    unlinkSync(aside);
  } catch {
    // The other one was faster.
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Somebody removed the state folder while the board was in use.
  }
}

function bootedAtS(): number {
  return Math.round(Date.now() / 1000 - uptime());
}
