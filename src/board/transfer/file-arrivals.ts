import { Buffer } from 'node:buffer';
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { UpywError } from '../../errors.js';

/** Where the content of one file goes, piece by piece. */
export interface FileTarget {
  write(bytes: Uint8Array): Promise<void> | void;
  /** All of it has been written, and is what the board has. */
  finish(): Promise<void> | void;
  /** What has been written is of no use. */
  abandon(): Promise<void> | void;
}

/**
 * Called when a file begins to arrive, the one at `index` of the request; once more where it has to begin again, after the
 * target before was abandoned.
 */
export type TargetOpener = (
  path: string,
  sizeBytes: number,
  index: number,
) => FileTarget | Promise<FileTarget>;

/** The files of a download in the order of the request; what has arrived stays, whichever way the rest comes. */
export class FileArrivals {
  readonly #paths: readonly string[];
  readonly #open: TargetOpener;
  readonly #onProgress: ((doneBytes: number) => void) | undefined;
  #finished = 0;
  #finishedBytes = 0;
  #target: FileTarget | undefined;
  #hash: Hash = createHash('sha256');
  #sizeBytes = 0;
  #hereBytes = 0;

  constructor(paths: readonly string[], open: TargetOpener, onProgress?: (doneBytes: number) => void) {
    this.#paths = paths;
    this.#open = open;
    this.#onProgress = onProgress;
  }

  /** Those that are not here, or not wholly. */
  get pending(): readonly string[] {
    return this.#paths.slice(this.#finished);
  }

  /** How much of the first pending one is here. */
  get hereBytes(): number {
    return this.#hereBytes;
  }

  /** Grows whenever there is less left to do. */
  get progress(): number {
    return this.#finished + this.#finishedBytes + this.#hereBytes;
  }

  /** How much of the first pending file is still to come. */
  get missingBytes(): number {
    return this.#sizeBytes - this.#hereBytes;
  }

  /** The first pending file comes, or the rest of it. */
  async begin(sizeBytes: number): Promise<void> {
    if (this.#target !== undefined && sizeBytes !== this.#sizeBytes) throw await this.#damaged();
    this.#sizeBytes = sizeBytes;
    this.#target ??= await this.#open(this.#path, sizeBytes, this.#finished);
  }

  /** Throws `board/verify` when that is more than was announced. */
  async take(bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.missingBytes) throw await this.#damaged();
    this.#hash.update(bytes);
    this.#hereBytes += bytes.length;
    this.#onProgress?.(this.#finishedBytes + this.#hereBytes);
    await this.#target?.write(bytes);
  }

  /** Ends the first pending file. Throws `board/verify` unless its content has the hash that the board computed. */
  async finish(expected: Uint8Array): Promise<void> {
    const actual = this.#hash.digest();
    if (Buffer.compare(actual, expected) !== 0 || this.missingBytes !== 0) {
      throw await this.#damaged(Buffer.from(expected).toString('hex'), actual.toString('hex'));
    }
    const target = this.#target;
    this.#finishedBytes += this.#sizeBytes;
    this.#finished += 1;
    this.#forget();
    await target?.finish();
  }

  /** The first pending file has to come from its beginning. */
  async restart(): Promise<void> {
    const target = this.#target;
    this.#forget();
    await target?.abandon();
  }

  #forget(): void {
    this.#target = undefined;
    this.#hash = createHash('sha256');
    this.#hereBytes = this.#sizeBytes = 0;
  }

  get #path(): string {
    return this.#paths[this.#finished] ?? '';
  }

  async #damaged(expected = '', actual = ''): Promise<UpywError> {
    const path = this.#path;
    await this.restart();
    return new UpywError('board/verify', { path, expected, actual });
  }
}
