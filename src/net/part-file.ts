import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { targetError, localError } from '../errors/local-error.js';
import { makeFolders } from '../local/make-folders.js';
import { takePlace } from '../local/take-place.js';

/** What a part was loaded from: the rest is only asked for where both are the same. */
export interface PartOrigin {
  readonly url: string;
  /** The ETag or date that the server gave it. */
  readonly validator: string;
}

/** What nobody has written to for so long belongs to nobody, in milliseconds. */
const abandonedAfterMs = 24 * 3600 * 1000;

/**
 * A file that is on its way, beside the name that it will have: `.NAME.HOST-PID-RANDOM.part`, one of its own for each process, with what it was
 * loaded from in `….part.origin`. One whose process has died is taken over by the next that wants that file.
 */
export class PartFile {
  readonly path: string;
  sizeBytes: number;
  /** Undefined: of what was loaded the rest cannot be asked for. */
  origin: PartOrigin | undefined;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, sizeBytes: number, origin?: PartOrigin) {
    this.path = path;
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
    this.origin = origin;
  }

  /**
   * A part for the file `target`, with what an ended process left of it; its folder is made.
   * @throws UpywError `file/…`
   */
  static async open(target: string): Promise<PartFile> {
    try {
      makeFolders(dirname(target));
      const own = `.${basename(target)}.${shortHost()}-${process.pid}-${randomBytes(4).toString('hex')}.part`;
      const path = join(dirname(target), own);
      const origin = await takeOver(target, path);
      const handle = await open(path, origin === undefined ? 'wx+' : 'r+', 0o644);
      const { size } = await handle.stat();
      return new PartFile(path, handle, size, origin);
    } catch (error) {
      throw targetError(error, target);
    }
  }

  /** Remembers where its bytes are from, before the first of them. */
  async startFrom(origin: PartOrigin | undefined): Promise<void> {
    await this.#do(async () => {
      await this.#handle.truncate(0);
      this.sizeBytes = 0;
      this.origin = origin;
      const note = originPath(this.path);
      if (origin === undefined) await rm(note, { force: true });
      else await writeNote(note, origin);
    });
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#do(async () => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.sizeBytes);
        done += bytesWritten;
        this.sizeBytes += bytesWritten;
      }
    });
  }

  async bytes(): Promise<Uint8Array> {
    return await this.#do(async () => {
      const all = new Uint8Array(this.sizeBytes);
      for (let done = 0; done < all.length;) {
        const { bytesRead } = await this.#handle.read(all, done, all.length - done, done);
        if (bytesRead === 0) return all.subarray(0, done);
        done += bytesRead;
      }
      return all;
    });
  }

  /** Makes sure that it is on the disk. */
  async sync(): Promise<void> {
    await this.#do(() => this.#handle.sync());
  }

  /** Gives it its name. */
  async become(target: string): Promise<void> {
    await this.#do(async () => {
      await this.#handle.close();
      await takePlace(this.path, target);
      await rm(originPath(this.path), { force: true });
    });
  }

  /** Lets go of it; what was loaded stays for the next time if the rest can be asked for. */
  async leave(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    if (this.origin === undefined || this.sizeBytes === 0) await this.#remove();
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await this.#remove();
  }

  async #remove(): Promise<void> {
    for (const path of [originPath(this.path), this.path]) {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }

  async #do<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw localError(error, this.path);
    }
  }
}

/** What ended processes, and those that have left, have of files in this folder; `.origin` notes included. */
export async function abandonedParts(folder: string, name?: string): Promise<string[]> {
  const start = name === undefined ? '.' : `.${name}.`;
  const names = await readdir(folder).catch(() => []);
  const found: string[] = [];
  for (const each of names) {
    if (!each.startsWith(start) || !/\.part(?:\.origin)?$/.test(each)) continue;
    if (await isAbandoned(join(folder, each))) found.push(join(folder, each));
  }
  return found;
}

async function takeOver(target: string, own: string): Promise<PartOrigin | undefined> {
  const parts = await abandonedParts(dirname(target), basename(target));
  for (const part of parts.filter((each) => each.endsWith('.part'))) {
    try {
      const origin = JSON.parse(await readFile(originPath(part), 'utf8')) as PartOrigin;
      // Only one process can rename it.
      await rename(part, own);
      await rename(originPath(part), originPath(own));
      return origin;
    } catch {
      // Another was faster, or it is not whole: then it is loaded anew.
      await rm(own, { force: true });
    }
  }
  return undefined;
}

async function isAbandoned(path: string): Promise<boolean> {
  const [, host, pid] = /\.([0-9a-z]*)-(\d+)-[0-9a-f]{8}\.part/.exec(path) ?? [];
  if (host === shortHost() && !isRunning(Number(pid))) return true;
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > abandonedAfterMs;
}

/** Our own parts that were left are taken over as well, but not those that are still written: each is open once. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Of containers that share a folder each has its own process numbers. */
function shortHost(): string {
  return hostname()
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .slice(0, 12);
}

function originPath(part: string): string {
  return `${part}.origin`;
}

async function writeNote(path: string, origin: PartOrigin): Promise<void> {
  const handle = await open(path, 'w', 0o644);
  try {
    await handle.writeFile(JSON.stringify(origin));
  } finally {
    await handle.close();
  }
}
