import { UpywError, isOfFamily, isUpywError } from '../errors.js';
import type { CachedFile, FileCache } from '../net/file-cache.js';
import { type Location, below } from '../net/location.js';
import type { Net } from '../net/net.js';
import { chipOfBoard } from './board-for-chip.js';
import { type Catalogue, type Offer } from './catalogue.js';
import { type ReleaseWish, chooseRelease } from './choose-release.js';
import type { LockedFirmware } from './lock-file.js';
import { keptReleases } from './kept-releases.js';
import { type Release, parseFileName } from './release.js';

/** The folder of the user's cache. */
const folder = 'firmware';
/** No ESP32 has a larger flash. */
const maxFirmwareBytes = 0x10000000;

/** A file that was settled on, and why no newer one could be looked for. */
export interface Chosen {
  readonly release: Release;
  /** Undefined: it is only in the cache. */
  readonly from: Location | undefined;
  readonly sha256?: string;
  readonly isKept: boolean;
  readonly failure?: UpywError;
}

/** The catalogue and the cache together: what is to be had, from wherever it can be had. */
export class FirmwareStore {
  readonly cache: FileCache;
  readonly #catalogue: Catalogue;
  readonly #base: Location;

  constructor(net: Net, catalogue: Catalogue, base: Location) {
    this.cache = net.files(folder);
    this.#catalogue = catalogue;
    this.#base = base;
  }

  /** What is in the cache, newest first. Asks nobody. */
  async kept(): Promise<Release[]> {
    return keptReleases(this.cache);
  }

  /** The file that fits a wish; without the net, of those in the cache. Throws `firmware/…`, `net/…`. */
  async choose(wish: ReleaseWish): Promise<Chosen> {
    const kept = await this.kept();
    const names = new Set(kept.map(({ file }) => file));
    try {
      const { items, failure } = await this.#catalogue.releases(wish.board);
      if (failure !== undefined) return this.#chooseKept(kept, wish, failure);
      const release = chooseRelease<Offer>(items, wish);
      return { release, from: release.from, isKept: names.has(release.file) };
    } catch (error) {
      if (!isNetDown(error)) throw error;
      return this.#chooseKept(kept, wish, error);
    }
  }

  /** The file that a project is held to: no other. Asks nobody where it is in the cache. */
  async locked(locked: LockedFirmware): Promise<Chosen> {
    const release = parseFileName(locked.file);
    if (release === undefined) {
      throw new UpywError('firmware/lock', { path: locked.file, reason: 'it is no name of a firmware' });
    }
    const { sha256 } = locked;
    const kept = await this.cache.find(locked.file, sha256);
    if (kept !== undefined) return { release, from: undefined, sha256, isKept: true };
    const offers = await this.#catalogue.releases(locked.board).catch((error: unknown) => {
      if (isUpywError(error, 'firmware/unknown-board', 'firmware/not-a-catalogue')) return { items: [] };
      throw error;
    });
    // An old preview is on no page any more, and may be there all the same.
    const from =
      offers.items.find(({ file }) => file === locked.file)?.from ??
      below(this.#base, `resources/firmware/${locked.file}`);
    return { release, from, sha256, isKept: false };
  }

  /** The file itself, checked. Throws `net/…`, `firmware/…`, `file/…`. */
  async obtain(
    { release, from, sha256 }: Chosen,
    onProgress?: (doneBytes: number, totalBytes: number | undefined) => void,
  ): Promise<CachedFile> {
    if (from === undefined) {
      const kept = await this.cache.find(release.file, sha256);
      if (kept === undefined) throw new UpywError('file/not-found', { path: release.file });
      return kept;
    }
    return await this.cache.obtain({
      name: release.file,
      from,
      sha256,
      maxBytes: maxFirmwareBytes,
      onProgress,
      verify: async (bytes) => {
        // A list needs none of what reads images.
        const { checkImage } = await import('./check-image.js');
        checkImage(bytes, release, chipOfBoard(release.board));
      },
    });
  }

  #chooseKept(kept: readonly Release[], wish: ReleaseWish, failure: UpywError): Chosen {
    const ofBoard = kept.filter(({ board }) => board === wish.board);
    try {
      const release = chooseRelease(ofBoard, wish);
      return { release, from: undefined, isKept: true, failure };
    } catch {
      throw failure;
    }
  }
}

/** Whether the catalogue could not be asked: what it says is another matter. */
function isNetDown(error: unknown): error is UpywError {
  return isOfFamily(error, 'net') || isUpywError(error, 'firmware/not-a-catalogue');
}
