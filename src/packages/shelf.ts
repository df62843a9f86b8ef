import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UpywError, isUpywError } from '../errors.js';
import { localKind } from '../local/local-files.js';
import { isWithin } from '../local/read-folder.js';
import { type Location, below, shownLocation } from '../net/location.js';
import type { Net } from '../net/net.js';
import { nearest } from '../config/nearest.js';
import { type IndexEntry, parseIndex } from './index-json.js';
import { oldName } from './old-names.js';
import { type PackageJson, parsePackage } from './package-json.js';
import type { Shelf } from './resolve.js';

/** What of a package there is to be had: bytecode of a version, or sources. */
export type PackageForm = '6' | 'py';

export interface ShelfOptions {
  readonly net: Net;
  readonly index: Location;
  /** The first that the index has counts. */
  readonly form: PackageForm;
  readonly cwd: string;
  /** A document that was asked for so long ago, in ms, counts as new. */
  readonly maxAgeMs: number;
  /** Hears of a document that is an old one, since nothing newer can be had. */
  readonly onOld?: ((what: string, fetchedAtMs: number) => void) | undefined;
}

const mostDocumentBytes = 2_000_000;
const mostIndexBytes = 20_000_000;

/** Packages of an index, of the web and of this computer. */
export class NetShelf implements Shelf {
  readonly #options: ShelfOptions;
  #entries: Promise<IndexEntry[]> | undefined;

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /** All that the index has. Throws `net/…`, `file/…`, `mip/bad-package`. */
  entries(): Promise<IndexEntry[]> {
    const { index } = this.#options;
    const from = below(index, 'index.json');
    return (this.#entries ??= this.#read(from, mostIndexBytes).then((text) =>
      parseIndex(text, shownLocation(from)),
    ));
  }

  async inIndex(name: string, version: string | undefined): Promise<{ from: Location; json: PackageJson }> {
    const old = oldName(name);
    try {
      return await this.#anyForm(name, version);
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (old?.kind === 'built in')
        throw new UpywError('mip/built-in', { name, builtIn: old.name }, { cause: error });
      if (old?.kind === 'renamed') return this.inIndex(old.name, version);
      throw await this.#missing(name, version, error);
    }
  }

  byHash(hash: string): Location {
    return below(this.#options.index, `file/${hash.slice(0, 2)}/${hash}`);
  }

  async readPackage(from: Location): Promise<PackageJson> {
    const text = await this.#read(from, mostDocumentBytes);
    return parsePackage(text, shownLocation(from));
  }

  localKind(path: string): Promise<'file' | 'folder' | undefined> {
    return localKind(path);
  }

  localPath(path: string): string {
    return resolve(this.#options.cwd, path);
  }

  async isBelow(path: string, folder: string): Promise<boolean> {
    if (!isWithin(resolve(path), resolve(folder))) return false;
    try {
      return isWithin(await realpath(path), await realpath(folder));
    } catch {
      // Whoever reads it tells why that cannot be.
      return true;
    }
  }

  /** Bytecode where there is some, else sources. */
  async #anyForm(name: string, version: string | undefined): Promise<{ from: Location; json: PackageJson }> {
    const { form, index } = this.#options;
    const at = (each: PackageForm) => below(index, `package/${each}/${name}/${version ?? 'latest'}.json`);
    try {
      return { from: at(form), json: await this.readPackage(at(form)) };
    } catch (error) {
      if (form === 'py' || !isMissing(error)) throw error;
      return { from: at('py'), json: await this.readPackage(at('py')) };
    }
  }

  async #missing(name: string, version: string | undefined, cause: unknown): Promise<UpywError> {
    const index = shownLocation(this.#options.index);
    const entries = await this.entries().catch(() => []);
    const entry = entries.find((each) => each.name === name);
    if (entry !== undefined && version !== undefined) {
      const versions = entry.versions[this.#options.form] ?? entry.versions['py'] ?? [entry.version];
      return new UpywError('mip/not-found', { name, version, index, versions }, { cause });
    }
    const near = nearest(
      name,
      entries.map((each) => each.name),
    );
    return new UpywError(
      'mip/not-found',
      { name, index, ...(near === undefined ? {} : { near }) },
      { cause },
    );
  }

  async #read(from: Location, maxBytes: number): Promise<string> {
    const { net, maxAgeMs, onOld } = this.#options;
    try {
      const { text, failure, fetchedAtMs } = await net.documents.read({
        from,
        maxAgeMs,
        maxBytes,
        expects: 'json',
      });
      if (failure !== undefined) onOld?.(shownLocation(from), fetchedAtMs);
      return text;
    } catch (error) {
      throw offline(error, from);
    }
  }
}

/** Whether there is nothing of that name: a server says so, or a folder. */
export function isMissing(error: unknown): boolean {
  return isUpywError(error, 'net/not-found', 'file/not-found');
}

/** Where nobody can be reached, what helps is another one than checking an address. */
export function offline(error: unknown, from: Location): unknown {
  if (!isUpywError(error, 'net/unreachable')) return error;
  return new UpywError('mip/offline', { what: shownLocation(from) }, { cause: error });
}
