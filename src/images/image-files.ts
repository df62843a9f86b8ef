import { createHash } from 'node:crypto';
import type { OperationOptions, TransferOptions } from '../board/board-session.js';
import { baseName, joinPath, namedPath, normalizePath, parentPath } from '../board/board-path.js';
import type { TargetOpener } from '../board/transfer/file-arrivals.js';
import type { PathPair } from '../board/path-pair.js';
import type { FileStore } from '../board/file-store.js';
import type { BoardEntry, Disk } from '../board/folders.js';
import type { HashOptions, InspectOptions } from '../board/hash-files.js';
import type { FileHash, Finding, Inspection } from '../board/inspection.js';
import type { FileReceiver } from '../board/transfer/transfer.js';
import type { TransferResult } from '../board/transfer/upload.js';
import type { FileToWrite } from '../board/transfer/upload-content.js';
import { UpywError, isUpywError } from '../errors.js';
import { throwIfInterrupted } from '../transport/interrupt.js';
import { imageError } from './image-error.js';
import type { ImageVolume, VolumeEntry } from './image-volume.js';
import { loaded } from './loaded-files.js';

/** More than any flash or card of a board has. */
const mostEntries = 100_000;
/** As on Linux, the longest of all. */
const longestPath = 4096;
/** Of a path, in a message. */
const shownChars = 60;

/** The files in an image, with the same words and the same errors as those of a board. Paths begin at the root, with a `/` or without. */
export class ImageFiles implements FileStore {
  readonly transferBaudRate = undefined;
  readonly #fs: ImageVolume;
  /** Of the file that holds it, for messages. */
  readonly #image: string;
  readonly #now: () => number;
  #isChanged = false;

  /** @param now The time of day, in ms since 1970. */
  constructor(fs: ImageVolume, image: string, now: () => number) {
    this.#fs = fs;
    this.#image = image;
    this.#now = now;
  }

  get isChanged(): boolean {
    return this.#isChanged;
  }

  list(path = '', options: OperationOptions & { readonly recursive?: boolean } = {}): Promise<BoardEntry[]> {
    return this.#at(path, (plain) => {
      throwIfInterrupted(options.signal);
      const entry = this.#entryAt(plain);
      return entry.type === 'file' ? [entry] : this.#below(plain, options.recursive === true);
    });
  }

  stat(path: string): Promise<BoardEntry> {
    return this.#at(path, (plain) => this.#entryAt(plain));
  }

  hashFiles(paths: readonly string[], options: HashOptions = {}): Promise<(FileHash | undefined)[]> {
    return this.#at('', () =>
      paths.map((path) => {
        throwIfInterrupted(options.signal);
        const finding = this.#finding(normalizePath(path));
        return finding === 'folder' ? undefined : finding;
      }),
    );
  }

  inspect(paths: readonly string[], options: InspectOptions = {}): Promise<Inspection> {
    return this.#at('', () => {
      const plain = paths.map(normalizePath);
      const wanted = new Set(plain);
      const below = options.below === undefined ? undefined : normalizePath(options.below);
      const isThere = below !== undefined && this.#finding(below) === 'folder';
      const all = isThere ? this.#below(below, true) : [];
      return {
        found: plain.map((path) => this.#finding(path)),
        others: all.filter(({ path }) => !wanted.has(path)),
      };
    });
  }

  read(path: string): Promise<Uint8Array> {
    return this.#at(path, (plain) => this.#fs.read(plain));
  }

  async readFiles(
    paths: readonly string[],
    onFile: FileReceiver,
    options: TransferOptions = {},
  ): Promise<void> {
    let doneBytes = 0;
    for (const path of paths.map(normalizePath)) {
      throwIfInterrupted(options.signal);
      const content = await this.read(path);
      await onFile(path, content);
      doneBytes += content.length;
      options.onProgress?.(doneBytes);
    }
  }

  async receiveFiles(
    paths: readonly string[],
    open: TargetOpener,
    options: TransferOptions = {},
  ): Promise<void> {
    let index = 0;
    const onFile = async (path: string, content: Uint8Array) => {
      const target = await open(path, content.length, index);
      index += 1;
      try {
        await target.write(content);
      } catch (error) {
        await target.abandon();
        throw error;
      }
      await target.finish();
    };
    await this.readFiles(paths, onFile, options);
  }

  async writeFiles(files: readonly FileToWrite[], options: TransferOptions = {}): Promise<TransferResult[]> {
    const results: TransferResult[] = [];
    let doneBytes = 0;
    for await (const [{ path }, content] of loaded(files)) {
      throwIfInterrupted(options.signal);
      await this.#change(path, (plain) => {
        this.#fs.write(plain, content, this.#now());
      });
      const sha256 = sha256Of(content);
      results.push({ path: normalizePath(path), sizeBytes: content.length, sha256 });
      doneBytes += content.length;
      options.onProgress?.(doneBytes);
    }
    return results;
  }

  remove(path: string, options: { readonly recursive?: boolean } = {}): Promise<void> {
    return this.removePaths([path], options);
  }

  /** All are looked at first: where one cannot be removed, none is. */
  async removePaths(paths: readonly string[], options: { readonly recursive?: boolean } = {}): Promise<void> {
    const noneRemoved = paths.length > 1 ? { noneRemoved: true } : {};
    for (const path of paths.map(normalizePath)) {
      const finding = this.#finding(path);
      const details = { path: namedPath(path), ...noneRemoved };
      if (finding === undefined) throw new UpywError('board/not-found', { ...details, image: this.#image });
      if (finding === 'folder' && options.recursive !== true)
        throw new UpywError('board/is-folder', { ...details, image: this.#image, recursive: true });
    }
    for (const path of paths) {
      await this.#change(path, (plain) => {
        const isFolder = this.#entryAt(plain).type === 'folder';
        const inside = isFolder ? this.#below(plain, true).map((entry) => entry.path) : [];
        for (const each of inside.reverse()) this.#fs.remove(each);
        if (plain !== '' && plain !== '/') this.#fs.remove(plain);
      });
    }
  }

  async makeFolders(
    paths: readonly string[],
    options: OperationOptions & { readonly parents?: boolean } = {},
  ): Promise<void> {
    for (const path of paths.map(normalizePath)) {
      if (path === '' || path === '/') continue;
      const missing = options.parents === true ? this.#missingFolders(path) : [path];
      for (const folder of missing) {
        await this.#change(folder, (plain) => {
          this.#fs.makeFolder(plain);
        });
      }
    }
  }

  removeFolder(path: string): Promise<void> {
    return this.#change(path, (plain) => {
      if (this.#entryAt(plain).type === 'file') throw new UpywError('board/not-a-folder', { path: plain });
      this.#fs.remove(plain);
    });
  }

  async copyFiles(pairs: readonly PathPair[], options: TransferOptions = {}): Promise<void> {
    let doneBytes = 0;
    for (const { from, to } of pairs) {
      throwIfInterrupted(options.signal);
      const content = await this.read(from);
      await this.#change(to, (plain) => {
        this.#fs.write(plain, content, this.#now());
      });
      doneBytes += content.length;
      options.onProgress?.(doneBytes);
    }
  }

  async movePaths(pairs: readonly PathPair[]): Promise<void> {
    for (const { from, to } of pairs) {
      await this.stat(from);
      await this.#change(to, (plain) => {
        this.#fs.rename(normalizePath(from), plain);
      });
    }
  }

  async touchFiles(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await this.#change(path, (plain) => {
        const there = this.#fs.stat(plain);
        if (there?.type === 'folder') return;
        this.#fs.write(plain, there === undefined ? new Uint8Array() : this.#fs.read(plain), this.#now());
      });
    }
  }

  disks(): Promise<Disk[]> {
    return this.#at('', () => {
      const { blockBytes, blockCount, usedBlocks } = this.#fs.space();
      const totalBytes = blockBytes * blockCount;
      return [{ path: '/', totalBytes, freeBytes: totalBytes - blockBytes * usedBlocks }];
    });
  }

  currentFolder(): Promise<string> {
    return Promise.resolve('/');
  }

  #missingFolders(path: string): string[] {
    const finding = this.#finding(path);
    if (finding === 'folder') return [];
    if (finding !== undefined) throw new UpywError('board/not-a-folder', { path });
    const above = parentPath(path);
    return [...(above === '' || above === '/' ? [] : this.#missingFolders(above)), path];
  }

  #entryAt(path: string): BoardEntry {
    const info = this.#fs.stat(path);
    if (info === undefined) throw new UpywError('board/not-found', { path: namedPath(path) });
    return entryOf(path, { ...info, name: baseName(path) });
  }

  /** Parents before what is in them. A damaged FAT may have a folder within itself: of such there is no end. */
  #below(folder: string, isRecursive: boolean): BoardEntry[] {
    const found: BoardEntry[] = [];
    const pending = this.#listed(folder).reverse();
    for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
      found.push(entry);
      if (found.length > mostEntries || entry.path.length > longestPath) {
        const problem = `its folders lie within each other without end (${entry.path.slice(0, shownChars)}…)`;
        throw new UpywError('image/damaged', { path: this.#image, problem });
      }
      if (isRecursive && entry.type === 'folder') pending.push(...this.#listed(entry.path).reverse());
    }
    return found;
  }

  #listed(folder: string): BoardEntry[] {
    const entries = this.#fs.list(folder).map((info) => entryOf(joinPath(folder, info.name), info));
    return entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  #finding(path: string): Finding {
    try {
      const info = this.#fs.stat(path);
      if (info === undefined || info.type === 'folder') return info && 'folder';
      const sha256 = sha256Of(this.#fs.read(path));
      return { sizeBytes: info.sizeBytes, sha256 };
    } catch (error) {
      const known = imageError(error, this.#image, path);
      // A folder above it that is none, or is not there.
      if (isUpywError(known, 'board/not-found', 'board/not-a-folder')) return undefined;
      throw known;
    }
  }

  async #change(path: string, work: (plain: string) => void): Promise<void> {
    await this.#at(path, work);
    this.#isChanged = true;
  }

  /** Runs an operation on the plain form of a path; what has none rejects like any other failure. */
  #at<Result>(path: string, work: (plain: string) => Result): Promise<Result> {
    return new Promise((resolve) => {
      const plain = normalizePath(path);
      try {
        resolve(work(plain));
      } catch (error) {
        throw imageError(error, this.#image, plain);
      }
    });
  }
}

function entryOf(path: string, { name, type, sizeBytes }: VolumeEntry): BoardEntry {
  return { name, path, type, sizeBytes };
}

function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
