import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UpywError, isUpywError } from '../errors.js';
import type { Document } from '../net/documents.js';
import { titleOf } from '../net/html.js';
import { type Location, below, shownLocation } from '../net/location.js';
import type { Net } from '../net/net.js';
import { type ListedBoard, type OfferedRelease, parseBoardList, parseReleases } from './pages.js';
import { type Release, newestFirst, parseFileName } from './release.js';

/** A file that can be had, and where. */
export interface Offer extends OfferedRelease {
  readonly from: Location;
}

/** What there is, and how old that knowledge is. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  /** In milliseconds since 1970. */
  readonly fetchedAtMs: number;
  /** Why it is an old one. */
  readonly failure?: UpywError;
}

/** How old a page may be before it is asked for again, in milliseconds. */
export const usualMaxAgeMs = 12 * 3600 * 1000;

/** No page of micropython.org is that long. */
const maxPageBytes = 5_000_000;

export const officialAddress = 'https://micropython.org/';

/**
 * MicroPython's releases: micropython.org, or a mirror of it. A mirror is a server with pages of the same form, as `upyw firmware serve` is one, a server
 * that shows its list of files, or a folder with firmware files in it.
 */
export class Catalogue {
  readonly #net: Net;
  readonly #base: Location;
  readonly #maxAgeMs: number;

  constructor(net: Net, base: Location, maxAgeMs = usualMaxAgeMs) {
    this.#net = net;
    this.#base = base;
    this.#maxAgeMs = maxAgeMs;
  }

  /** As messages show it. */
  get source(): string {
    return shownLocation(this.#base);
  }

  /** All boards with an ESP32. Throws `net/…`, `file/…`, `firmware/not-a-catalogue`. */
  async boards(): Promise<Listing<ListedBoard>> {
    if (this.#base.kind === 'folder') return boardsOf(await this.#folder(this.#base.path));
    try {
      const page = await this.#page(below(this.#base, 'download/?port=esp32'));
      const items = parseBoardList(page.text);
      if (items.length === 0) throw this.#noCatalogue(page);
      return { ...page, items };
    } catch (error) {
      const files = await this.#plainFiles(error);
      return boardsOf(files);
    }
  }

  /** All files for a board, newest first. Throws `net/…`, `file/…`, `firmware/unknown-board`, `firmware/not-a-catalogue`. */
  async releases(board: string): Promise<Listing<Offer>> {
    if (this.#base.kind === 'folder') return this.#only(board, await this.#folder(this.#base.path));
    try {
      const page = await this.#page(below(this.#base, `download/${board}/`));
      const offers = this.#offers(page).filter((each) => each.board === board);
      if (offers.length === 0) throw this.#noCatalogue(page);
      return { ...page, items: offers.sort(newestFirst) };
    } catch (error) {
      const files = await this.#plainFiles(error).catch((failure: unknown) => {
        throw isUpywError(failure, 'net/not-found') ? this.#unknown(board) : failure;
      });
      return this.#only(board, files);
    }
  }

  /** The newest release for a board that is known here already. Asks nobody. */
  async newestKnown(board: string): Promise<Release | undefined> {
    const page = await this.#net.documents.kept(below(this.#base, `download/${board}/`));
    const releases = page === undefined ? [] : parseReleases(page.text);
    return releases.filter((each) => each.board === board && !each.version.isPreview).sort(newestFirst)[0];
  }

  #only(board: string, files: Listing<Offer>): Listing<Offer> {
    const items = files.items.filter((each) => each.board === board).sort(newestFirst);
    if (items.length === 0) throw this.#unknown(board);
    return { ...files, items };
  }

  /** Where there are no such pages, a mirror may show its files as a list. */
  async #plainFiles(error: unknown): Promise<Listing<Offer>> {
    if (!isUpywError(error, 'net/not-found') || this.source === officialAddress) throw error;
    const page = await this.#page(below(this.#base, ''));
    const items = this.#offers(page);
    if (items.length === 0) throw error;
    return { ...page, items };
  }

  async #folder(path: string): Promise<Listing<Offer>> {
    const found: Offer[] = [];
    for (const folder of [path, join(path, 'firmware'), join(path, 'resources', 'firmware')]) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names) {
        const release = parseFileName(name);
        if (release === undefined) continue;
        found.push({ ...release, href: name, from: { kind: 'folder', path: join(folder, name) } });
      }
    }
    if (found.length === 0) throw new UpywError('firmware/not-a-catalogue', { url: path });
    return { items: found, fetchedAtMs: Date.now() };
  }

  #offers(page: Document): Offer[] {
    const { from } = page;
    if (from.kind !== 'web') return [];
    return parseReleases(page.text).flatMap((each) => {
      if (!URL.canParse(each.href, from.url.href)) return [];
      return { ...each, from: { kind: 'web', url: this.#atHome(new URL(each.href, from.url)) } as const };
    });
  }

  /** A mirror below a path, such as `https://school.example/micropython/`, has the paths of its pages' links below that path, too. */
  #atHome(url: URL): URL {
    if (this.#base.kind !== 'web' || !url.pathname.startsWith('/resources/')) return url;
    const { url: base } = this.#base;
    if (url.origin !== base.origin) return url;
    const home = below(this.#base, url.pathname.slice(1));
    return home.kind === 'web' ? home.url : url;
  }

  #page(from: Location): Promise<Document> {
    return this.#net.documents.read({
      from,
      maxAgeMs: this.#maxAgeMs,
      maxBytes: maxPageBytes,
      expects: 'page',
    });
  }

  #noCatalogue(page: Document): UpywError {
    const title = titleOf(page.text);
    const url = shownLocation(page.from);
    return new UpywError('firmware/not-a-catalogue', { url, ...(title === undefined ? {} : { title }) });
  }

  #unknown(board: string): UpywError {
    return new UpywError('firmware/unknown-board', { board, source: this.source });
  }
}

function boardsOf(files: Listing<Offer>): Listing<ListedBoard> {
  const names = [...new Set(files.items.map(({ board }) => board))].sort();
  return { ...files, items: names.map((board) => ({ board, product: '', vendor: '' })) };
}
