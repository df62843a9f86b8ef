import { createHash } from 'node:crypto';
import { hashBytes } from '../local/hash-local.js';
import { isOfFamily } from '../errors.js';
import { type Location, shownLocation } from '../net/location.js';
import type { CachedFile } from '../net/file-cache.js';
import type { Net } from '../net/net.js';
import type { PackageFile, ResolvedPackage } from './resolve.js';
import { isMissing, offline } from './shelf.js';

/** A file as it will be on the board. */
export interface FetchedFile {
  /** Below the target. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** The key of the package that brings it. */
  readonly package: string;
  readonly from: Location;
}

export interface FetchOptions {
  readonly net: Net;
  readonly signal: AbortSignal;
  readonly onProgress?: ((doneFiles: number) => void) | undefined;
  /** Hears of a file that is an old one, since nothing newer can be had. */
  readonly onOld?: ((what: string, fetchedAtMs: number) => void) | undefined;
}

/** More than a board's flash. */
const mostFileBytes = 16 * 1024 * 1024;
/** So many requests side by side; servers allow some. */
const atOnce = 8;
/** A commit of git never changes; a branch does, and a tag may. */
const commitForm = /\/[0-9a-f]{40}\//;

/** All files of all packages, of two for one path the later one. Throws `net/…`, `file/…`, `mip/offline`. */
export async function fetchFiles(
  packages: readonly ResolvedPackage[],
  options: FetchOptions,
): Promise<FetchedFile[]> {
  const wanted = new Map<string, PackageFile & { readonly package: string }>();
  for (const { key, files } of packages)
    for (const file of files) wanted.set(file.path, { ...file, package: key });
  const files = [...wanted.values()];
  const contents = new Map<string, Promise<Content>>();
  let next = 0;
  let done = 0;
  const fetched: FetchedFile[] = [];
  const work = async () => {
    for (let index = next++; index < files.length; index = next++) {
      const file = files[index];
      if (file === undefined) return;
      options.signal.throwIfAborted();
      // Many packages have the same short file several times, such as an empty __init__.py.
      const place = shownLocation(file.from);
      const content = contents.get(place) ?? fetchOne(file, options);
      contents.set(place, content);
      const { bytes, sha256 } = await content;
      fetched[index] = { path: file.path, bytes, sha256, package: file.package, from: file.from };
      done += 1;
      options.onProgress?.(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, work));
  return fetched;
}

interface Content {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

async function fetchOne(
  { from, sha256, keptAs = sha256 }: PackageFile,
  options: FetchOptions,
): Promise<Content> {
  const { net } = options;
  const request = { from, maxBytes: mostFileBytes, mayBeHtml: true };
  try {
    if (sha256 !== undefined && keptAs !== undefined) {
      const name = `${keptAs.slice(0, 2)}/${keptAs}`;
      return await net.files('packages').obtain({ ...request, name, sha256 });
    }
    if (from.kind === 'folder') return await fromHere(from.path);
    return await newest(from, options);
  } catch (error) {
    throw offline(error, from);
  }
}

async function fromHere(path: string): Promise<Content> {
  const { readLocalFile } = await import('../local/local-files.js');
  const bytes = await readLocalFile(path);
  return { bytes, sha256: hashBytes(bytes).sha256 };
}

/** What is at an address now; where that cannot be had, what was there the last time. */
async function newest(from: Location & { kind: 'web' }, { net, onOld }: FetchOptions): Promise<Content> {
  const cache = net.files('packages-by-address');
  const key = createHash('sha256').update(from.url.href).digest('hex').slice(0, 32);
  const kept = async () =>
    (await cache.list())
      .filter(({ name }) => name.startsWith(`${key}/`))
      .toSorted((left, right) => right.changedAtMs - left.changedAtMs);
  const isFixed = commitForm.test(from.url.pathname);
  const name = `${key}/${isFixed ? 'fixed' : Date.now().toString(36)}`;
  try {
    const file = await cache.obtain({ name, from, maxBytes: mostFileBytes, mayBeHtml: !isCode(from) });
    await keepByContent(net, file);
    for (const old of await kept())
      if (old.name !== name) await cache.remove(old.name).catch(() => undefined);
    return file;
  } catch (error) {
    if (!isOfFamily(error, 'net') || isMissing(error)) throw error;
    for (const old of await kept()) {
      const file = await cache.find(old.name);
      if (file === undefined) continue;
      onOld?.(shownLocation(from), old.changedAtMs);
      return file;
    }
    throw error;
  }
}

/** A lock names the content, and is to find it without a network. */
async function keepByContent(net: Net, { path, sha256 }: CachedFile): Promise<void> {
  if (path === undefined) return;
  const name = `${sha256.slice(0, 2)}/${sha256}`;
  await net
    .files('packages')
    .obtain({ name, from: { kind: 'folder', path }, sha256, maxBytes: mostFileBytes });
}

/** Where a web page comes in place of code, somebody wants a login. */
function isCode({ url }: { readonly url: URL }): boolean {
  return /\.m?py$/.test(url.pathname);
}
