import { createHash } from 'node:crypto';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { UpywError, isUpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { AtomicFile } from '../local/atomic-file.js';
import { type DownloadOptions, download } from './download.js';
import { type Location, shownLocation } from './location.js';
import { PartFile, abandonedParts } from './part-file.js';

/** A whole file, checked just now. */
export interface CachedFile {
  /** Within the cache, with `/`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** In small hexadecimal digits. */
  readonly sha256: string;
  /** Undefined where this cache cannot be written: then the file is only in memory. */
  readonly path: string | undefined;
  /** Whether it was there already. */
  readonly wasKept: boolean;
}

/** A file that is wanted. */
export interface FileRequest {
  /** Its name in the cache, with `/` between folders. What is once there under a name is not asked for again. */
  readonly name: string;
  readonly from: Location;
  readonly maxBytes: number;
  /** Where it is known, or its first digits: nothing else counts. */
  readonly sha256?: string | undefined;
  /** Looks at what came, and throws if it is not what it claims to be. */
  readonly verify?: ((bytes: Uint8Array) => void | Promise<void>) | undefined;
  readonly mayBeHtml?: boolean | undefined;
  readonly onProgress?: DownloadOptions['onProgress'];
}

/** A file in a cache, unchecked. */
export interface KeptFile {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly changedAtMs: number;
}

const sumEnding = '.sha256';
const cannotWrite = ['file/permission', 'file/no-space', 'file/not-a-folder'] as const;

/**
 * A folder of whole files, each with its SHA-256 beside it (`NAME.sha256`, as `sha256sum -c` reads it). A file has its name only when it has been
 * checked, and is checked again by each use; so processes may share the folder, and be killed at any time. A file that somebody puts
 * there by hand counts as well. Where it cannot be written, what is there is used, and what comes stays in memory.
 */
export class FileCache {
  readonly folder: string;
  readonly #web: Pick<DownloadOptions, 'client' | 'signal' | 'retries'>;

  constructor(folder: string, web: Pick<DownloadOptions, 'client' | 'signal' | 'retries'>) {
    this.folder = folder;
    this.#web = web;
  }

  /** What is there under that name, if it is whole. Asks nobody. */
  async find(name: string, sha256 = ''): Promise<CachedFile | undefined> {
    const path = this.#pathOf(name);
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) return undefined;
    const actual = sha256Of(bytes);
    const noted = (await readFile(path + sumEnding, 'utf8').catch(() => '')).slice(0, actual.length);
    if ((noted !== '' && noted !== actual) || !actual.startsWith(sha256)) return undefined;
    return { name, bytes, sha256: actual, path, wasKept: true };
  }

  /**
   * The file from this cache, else from where it is to be had.
   * @throws UpywError `net/…`, `file/…`, what `verify` throws
   */
  async obtain(request: FileRequest): Promise<CachedFile> {
    const kept = await this.find(request.name, request.sha256);
    if (kept !== undefined && (await passes(request, kept.bytes))) return kept;
    const path = this.#pathOf(request.name);
    try {
      return await this.#load(request, path);
    } catch (error) {
      if (!isUpywError(error, ...cannotWrite) || !isOurs(error, this.folder)) throw error;
      return await this.#loadToMemory(request);
    }
  }

  /** All files, without looking into them. */
  async list(): Promise<KeptFile[]> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter(
      (each) => each.isFile() && !each.name.startsWith('.') && !each.name.endsWith(sumEnding),
    );
    const kept = await Promise.all(
      files.map(async (each) => {
        const path = join(each.parentPath, each.name);
        // Another use of the cache may have taken it out.
        const found = await stat(path).catch(() => undefined);
        if (found === undefined) return [];
        const name = path.slice(this.folder.length + 1).replaceAll('\\', '/');
        return [{ name, path, sizeBytes: found.size, changedAtMs: found.mtimeMs }];
      }),
    );
    return kept.flat();
  }

  /** Takes a file out. Throws `file/…`. */
  async remove(name: string): Promise<void> {
    const path = this.#pathOf(name);
    try {
      await rm(path, { force: true });
      await rm(path + sumEnding, { force: true });
    } catch (error) {
      throw localError(error, path);
    }
  }

  /** What downloads that were ended have left behind. */
  async leftovers(): Promise<string[]> {
    return await abandonedParts(this.folder);
  }

  /** A name is a path below the folder, and nothing hidden. */
  #pathOf(name: string): string {
    const parts = name.split('/');
    if (parts.some((part) => !/^[\w@+~-][\w.@+~ -]*$/.test(part))) {
      throw new UpywError('file/failed', { path: name, reason: 'it cannot be the name of a kept file' });
    }
    return join(this.folder, ...parts);
  }

  async #load(request: FileRequest, path: string): Promise<CachedFile> {
    const part = await PartFile.open(path);
    try {
      const { sha256, bytes } = await this.#fill(part, request);
      // What is known by its hash, and comes out torn by a loss of power, is loaded anew: a wait for the disk for each file would take longer.
      const isDurable = request.sha256 === undefined;
      await Promise.all([writeSum(path, sha256, isDurable), isDurable ? part.sync() : undefined]);
      await part.become(path);
      return { name: request.name, bytes, sha256, path, wasKept: false };
    } catch (error) {
      await part.leave();
      throw error;
    }
  }

  async #loadToMemory(request: FileRequest): Promise<CachedFile> {
    const part = await PartFile.open(join(tmpdir(), basename(request.name)));
    try {
      const { sha256, bytes } = await this.#fill(part, request);
      return { name: request.name, bytes, sha256, path: undefined, wasKept: false };
    } finally {
      await part.discard();
    }
  }

  /** Fills a part and checks it. What two processes have put together, and is wrong, is loaded once more in one. */
  async #fill(part: PartFile, request: FileRequest): Promise<{ sha256: string; bytes: Uint8Array }> {
    for (;;) {
      const wasResumed = await this.#receive(part, request);
      try {
        const bytes = await part.bytes();
        return { sha256: await check(request, bytes), bytes };
      } catch (error) {
        // Nothing of it is to be taken for a beginning.
        await part.startFrom(undefined);
        if (!wasResumed) throw error;
      }
    }
  }

  async #receive(part: PartFile, request: FileRequest): Promise<boolean> {
    const { from, maxBytes, mayBeHtml, onProgress } = request;
    if (from.kind === 'web') {
      return await download(from.url, part, { ...this.#web, maxBytes, mayBeHtml, onProgress });
    }
    await part.startFrom(undefined);
    await part.append(await readLocal(from.path, maxBytes));
    onProgress?.(part.sizeBytes, part.sizeBytes);
    return false;
  }
}

/** SHA-256 in small hexadecimal digits. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A file of a mirror in a folder. Throws `file/…`, `net/too-large`. */
export async function readLocal(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw new UpywError('net/too-large', { url: path, maxBytes });
    return await readFile(path);
  } catch (error) {
    throw localError(error, path);
  }
}

async function check({ sha256, verify, from }: FileRequest, bytes: Uint8Array): Promise<string> {
  const actual = sha256Of(bytes);
  if (sha256 !== undefined && !actual.startsWith(sha256)) {
    throw new UpywError('net/wrong-content', { url: shownLocation(from), expected: sha256, actual });
  }
  await verify?.(bytes);
  return actual;
}

async function passes({ verify }: FileRequest, bytes: Uint8Array): Promise<boolean> {
  try {
    await verify?.(bytes);
    return true;
  } catch {
    return false;
  }
}

async function writeSum(path: string, sha256: string, isDurable: boolean): Promise<void> {
  const file = await AtomicFile.create(path + sumEnding);
  try {
    await file.write(new TextEncoder().encode(`${sha256}  ${basename(path)}\n`), 0);
    await file.commit({ isDurable });
  } finally {
    await file.discard();
  }
}

/** Whether the failure is the cache's: a mirror's folder may be closed, too, and that is to be told. */
function isOurs(error: UpywError, folder: string): boolean {
  const { path } = error.details as { path?: string };
  if (path === undefined) return false;
  return path.startsWith(folder) || folder.startsWith(path) || dirname(path) === dirname(folder);
}
