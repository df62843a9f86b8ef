import { open, realpath, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UpywError } from '../errors.js';
import { localError, targetError } from '../errors/local-error.js';
import { refuseImpossibleName } from './local-name.js';
import { takePlace } from './take-place.js';

/** In this process: two may be written for one name at once. */
let created = 0;

/**
 * A file that takes its name only when it is complete. Until then it is a hidden one beside it, with mode 0600. A link keeps
 * pointing where it did; what is no ordinary file (`/dev/null`, a pipe) is refused, since it cannot be read back.
 */
export class AtomicFile {
  /** The name it will have, for messages. */
  readonly path: string;
  readonly #target: string;
  readonly #temporaryPath: string;
  readonly #handle: FileHandle;
  #writes: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #open = true;

  private constructor(path: string, places: { target: string; temporary: string }, handle: FileHandle) {
    this.path = path;
    this.#target = places.target;
    this.#temporaryPath = places.temporary;
    this.#handle = handle;
  }

  /** Throws `file/…`, here and in everything below. */
  static async create(path: string): Promise<AtomicFile> {
    refuseImpossibleName(path);
    try {
      const target = await realpath(path).catch(() => path);
      const existing = await stat(target).catch(() => undefined);
      if (existing?.isDirectory() === true) throw new UpywError('file/is-folder', { path });
      if (existing?.isFile() === false) throw new UpywError('file/not-ordinary', { path });
      created += 1;
      const temporary = join(dirname(target), `.${basename(target)}.upyw-${process.pid}-${created}.part`);
      await rm(temporary, { force: true });
      return new AtomicFile(path, { target, temporary }, await open(temporary, 'wx+', 0o600));
    } catch (error) {
      throw targetError(error, path);
    }
  }

  async write(bytes: Uint8Array, offset: number): Promise<void> {
    this.writeSoon(bytes, offset);
    await this.settle();
  }

  /** Writes in the background, in order. A failure shows in `throwIfFailed` and `settle`. */
  writeSoon(bytes: Uint8Array, offset: number): void {
    this.#writes = this.#writes.then(() => this.#writeAll(bytes, offset));
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Waits until all is written. */
  async settle(): Promise<void> {
    await this.#writes;
    this.throwIfFailed();
  }

  async read(sizeBytes: number, offset: number): Promise<Uint8Array> {
    try {
      const bytes = new Uint8Array(sizeBytes);
      const { bytesRead } = await this.#handle.read(bytes, 0, sizeBytes, offset);
      return bytes.subarray(0, bytesRead);
    } catch (error) {
      throw localError(error, this.path);
    }
  }

  /** Makes sure it is on the disk, unless it may be lost with the power, and gives it its name. */
  async commit({ isDurable = true } = {}): Promise<void> {
    await this.settle();
    try {
      if (isDurable) await this.#handle.sync();
      await this.#handle.close();
      await takePlace(this.#temporaryPath, this.#target);
      this.#open = false;
    } catch (error) {
      throw localError(error, this.path);
    }
  }

  /** Removes it, unless it was committed. */
  async discard(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#writes;
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporaryPath, { force: true }).catch(() => undefined);
  }

  async #writeAll(bytes: Uint8Array, offset: number): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, offset + done);
        done += bytesWritten;
      }
    } catch (error) {
      this.#failure = localError(error, this.path);
    }
  }
}
