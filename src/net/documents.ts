import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UpywError, isOfFamily } from '../errors.js';
import { AtomicFile } from '../local/atomic-file.js';
import { makeFolders } from '../local/make-folders.js';
import { isHtml } from './html.js';
import { type DownloadOptions, webPage } from './download.js';
import { readLocal } from './file-cache.js';
import { type Location, shownUrl } from './location.js';
import { withRetries } from './retry.js';

/** A page or an index, as it was when it was asked for. */
export interface Document {
  readonly text: string;
  /** Where it came from in the end. */
  readonly from: Location;
  /** When it came, in milliseconds since 1970. */
  readonly fetchedAtMs: number;
  /** Why it is an old one: nothing newer could be had. */
  readonly failure?: UpywError;
}

export interface DocumentRequest {
  readonly from: Location;
  /** A kept one that is not older, in milliseconds, needs no request. 0: it is asked for in any case. */
  readonly maxAgeMs: number;
  readonly maxBytes: number;
  /** A web page in place of JSON is a login, or an error. */
  readonly expects: 'page' | 'json';
}

/** As it lies in the cache. */
interface Kept {
  readonly url: string;
  readonly finalUrl: string;
  readonly fetchedAtMs: number;
  readonly etag?: string | undefined;
  readonly text: string;
}

/**
 * Pages and indexes, kept for as long as they may count as new, and used when nothing newer can be had. A kept one that has been
 * written half is none: it takes its name when it is whole.
 */
export class Documents {
  readonly #folder: string;
  readonly #web: Pick<DownloadOptions, 'client' | 'signal' | 'retries'>;

  constructor(folder: string, web: Pick<DownloadOptions, 'client' | 'signal' | 'retries'>) {
    this.#folder = folder;
    this.#web = web;
  }

  /** The one that is there, however old; undefined: none. Asks nobody. */
  async kept(from: Location): Promise<Document | undefined> {
    if (from.kind === 'folder') return undefined;
    const kept = await this.#find(from.url);
    return kept === undefined ? undefined : documentOf(kept);
  }

  /** @throws UpywError `net/…`, for a folder `file/…` */
  async read(request: DocumentRequest): Promise<Document> {
    const { from, maxAgeMs, maxBytes } = request;
    if (from.kind === 'folder') {
      const text = new TextDecoder().decode(await readLocal(from.path, maxBytes));
      return { text, from, fetchedAtMs: Date.now() };
    }
    const kept = await this.#find(from.url);
    // A clock that was put back makes nothing young.
    const ageMs = kept === undefined ? Infinity : Math.abs(Date.now() - kept.fetchedAtMs);
    if (kept !== undefined && ageMs < maxAgeMs) return documentOf(kept);
    try {
      return documentOf(await this.#renew(from.url, request, kept));
    } catch (error) {
      if (kept === undefined || !isOfFamily(error, 'net')) throw error;
      return { ...documentOf(kept), failure: error };
    }
  }

  async #renew(url: URL, request: DocumentRequest, kept: Kept | undefined): Promise<Kept> {
    const { client, signal, retries } = this.#web;
    const fetched = await withRetries(retries, signal, async () => {
      const answer = await client.get(url, kept?.etag === undefined ? {} : { 'if-none-match': kept.etag });
      if (answer.status === 304 && kept !== undefined) {
        answer.discard();
        return { ...kept, fetchedAtMs: Date.now() };
      }
      const bytes = await collect(url, answer.body(), request.maxBytes);
      const text = new TextDecoder().decode(bytes);
      if (request.expects === 'json' && isHtml(answer.headers['content-type'], bytes)) {
        throw webPage(url, answer.url, text);
      }
      const finalUrl = shownUrl(answer.url);
      return { url: shownUrl(url), finalUrl, fetchedAtMs: Date.now(), etag: answer.headers['etag'], text };
    });
    await this.#keep(url, fetched);
    return fetched;
  }

  async #find(url: URL): Promise<Kept | undefined> {
    try {
      const kept = JSON.parse(await readFile(this.#pathOf(url), 'utf8')) as Kept;
      return kept.url === shownUrl(url) && typeof kept.text === 'string' ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  /** A cache that cannot be written keeps nothing; that stops nobody. */
  async #keep(url: URL, kept: Kept): Promise<void> {
    try {
      makeFolders(this.#folder);
      const file = await AtomicFile.create(this.#pathOf(url));
      try {
        await file.write(new TextEncoder().encode(JSON.stringify(kept)), 0);
        await file.commit();
      } finally {
        await file.discard();
      }
    } catch {
      // The next one asks again.
    }
  }

  #pathOf(url: URL): string {
    return join(this.#folder, `${nameFor(shownUrl(url))}.json`);
  }
}

const longestSlug = 60;

/**
 * A file's name for an address: what can be read of it, and 32 bits of FNV-1a. Whoever finds the file compares the address, so nothing depends on it
 * that no two have one name; and to load what hashes safely would take longer than all else that a kept page needs.
 */
function nameFor(address: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(address)) hash = Math.imul(hash ^ byte, 0x01000193);
  const slug = address.replace(/^https?:\/\//, '').replace(/[^\w.-]+/g, '-');
  return `${slug.slice(0, longestSlug)}-${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

function documentOf({ text, finalUrl, fetchedAtMs }: Kept): Document {
  return { text, from: { kind: 'web', url: new URL(finalUrl) }, fetchedAtMs };
}

async function collect(url: URL, body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new UpywError('net/too-large', { url: shownUrl(url), maxBytes });
  }
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
