import { randomBytes } from 'node:crypto';
import { type PathLike, renameSync } from 'node:fs';
import { type FileHandle, open, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UpywError } from '../errors.js';
import { localError, targetError } from '../errors/local-error.js';
import { refuseImpossibleName } from './local-name.js';
import { takePlace } from './take-place.js';

/**
 * A file that is written piece by piece and put in place in one step: whoever looks sees the old one or the whole new one.
 * The new one keeps the old one's permissions; a link keeps pointing where it did; what is no ordinary file (`/dev/null`,
 * a pipe) is written to directly. All throw `file/…`, with nothing left behind.
 */
export async function openLocalTarget(path: string, options: { mode?: number } = {}): Promise<LocalTarget> {
  refuseImpossibleName(path);
  try {
    const target = await realpath(path).catch(() => path);
    const existing = await stat(target).catch(() => undefined);
    // Said here, since Windows has the words of an open file for it when the new one is put in place.
    if (existing?.isDirectory() === true) throw new UpywError('file/is-folder', { path });
    if (existing?.isFile() === false) {
      return new LocalTarget(path, await open(target, 'w'), { isNew: false });
    }
    const mode = options.mode ?? (existing === undefined ? undefined : existing.mode & 0o777);
    const temporary = join(dirname(target), `.upyw-${randomBytes(6).toString('hex')}`);
    const handle = await open(temporary, 'wx', mode);
    const opened = new LocalTarget(path, handle, {
      isNew: existing === undefined,
      places: { temporary, target },
    });
    await opened.setMode(mode);
    return opened;
  } catch (error) {
    throw targetError(error, path);
  }
}

/** Nothing comes between the look and the new name: of two that change one file, the second finds out. */
function systemAfter(before: (() => void) | undefined): Parameters<typeof takePlace>[2] {
  if (before === undefined) return undefined;
  const look = (from: PathLike, to: PathLike) => {
    before();
    renameSync(from, to);
    return Promise.resolve();
  };
  return { platform: process.platform, rename: look };
}

interface Places {
  readonly temporary: string;
  readonly target: string;
}

/** Write all of it, then finish or abandon it; what fails to finish is abandoned. */
export class LocalTarget {
  /** Whether there was no file of this name before. */
  readonly isNew: boolean;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #places: Places | undefined;

  constructor(path: string, handle: FileHandle, { isNew, places }: { isNew: boolean; places?: Places }) {
    this.#path = path;
    this.#handle = handle;
    this.isNew = isNew;
    this.#places = places;
  }

  /** Creating it went through the umask; the mode asked for is meant as it is. */
  async setMode(mode: number | undefined): Promise<void> {
    if (mode !== undefined) await this.#try(() => this.#handle.chmod(mode));
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#try(() => this.#handle.writeFile(bytes));
  }

  /** `before` looks in the same moment at what is there, and throws where that must not be replaced. */
  async finish(before?: () => void): Promise<void> {
    const places = this.#places;
    await this.#try(async () => {
      // On macOS too this reaches the disk: libuv asks for F_FULLFSYNC there (`uv__fs_fsync`), since fsync alone stops at its cache.
      if (places !== undefined) await this.#handle.sync();
      await this.#handle.close();
      if (places !== undefined) await takePlace(places.temporary, places.target, systemAfter(before));
    });
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    if (this.#places !== undefined) await rm(this.#places.temporary, { force: true });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.abandon();
      throw localError(error, this.#path);
    }
  }
}
