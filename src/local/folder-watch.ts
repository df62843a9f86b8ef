import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { ignoreFileName } from './ignore-rules.js';
import { errorCode, localError } from '../errors/local-error.js';
import { identityOf } from './local-files.js';
import { type FolderRules, isWithin } from './read-folder.js';

/** An editor writes a file in several steps, and "save all" several files: so long nothing may happen before we look. */
const quietMs = 150;
/** Where something happens all the time, we look all the same. */
const longestMs = 2_000;
/** A folder that was moved, or removed and made anew, is another one, of which chokidar hears nothing: so often we look. */
const lookMs = 500;

/** Tells when something changes in a folder of this computer. What is ignored is not watched. */
export class FolderWatch {
  readonly #root: string;
  #watcher: FSWatcher | undefined;
  #rules: Pick<FolderRules, 'leavesOut'>;
  /** When the first and the last change came that nobody has been told of. */
  #changed: { readonly first: number; readonly last: number } | undefined;
  /** What is watched is no longer right: since a change that nobody has been told of, and before. */
  #mustReopen = false;
  #isReopenDue = false;
  /** Which folder there was at the last look; undefined for none. */
  #seen: string | undefined;
  #isBlind = false;
  #wake: () => void = () => undefined;

  private constructor(root: string, rules: Pick<FolderRules, 'leavesOut'>) {
    this.#root = root;
    this.#rules = rules;
  }

  /** Resolves when it watches. Throws `file/…`. */
  static async start(root: string, rules: Pick<FolderRules, 'leavesOut'>): Promise<FolderWatch> {
    const watch = new FolderWatch(root, rules);
    watch.#seen = await identityOf(root);
    await watch.#open();
    return watch;
  }

  /** Resolves when something has changed and it is quiet again, after `timeoutMs`, or when the signal fires. */
  async next(signal: AbortSignal, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    const leftMs = () => Math.min(this.#dueMs(), deadline - performance.now());
    const onAbort = () => {
      this.#wake();
    };
    signal.addEventListener('abort', onAbort);
    try {
      while (!signal.aborted && leftMs() > 0) {
        await this.#wakeUp(Math.min(leftMs(), lookMs));
        await this.#lookAtRoot();
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    this.#changed = undefined;
    this.#isReopenDue ||= this.#mustReopen;
    this.#mustReopen = false;
  }

  /** Whether the folder could not be watched: no change in it is told. */
  get isBlind(): boolean {
    return this.#isBlind;
  }

  /** How long until it is time to look; `Infinity` while nothing has changed. */
  #dueMs(): number {
    if (this.#changed === undefined) return Infinity;
    const { first, last } = this.#changed;
    return Math.min(last + quietMs, first + longestMs) - performance.now();
  }

  async #wakeUp(timeMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, timeMs);
    });
    clearTimeout(timer);
  }

  /** A folder that went is a change, and so is one that came in its place, perhaps with other rules. */
  async #lookAtRoot(): Promise<void> {
    const identity = await identityOf(this.#root);
    if (identity === this.#seen) return;
    this.#seen = identity;
    if (identity !== undefined) await this.#reopen();
    this.#mustReopen = true;
    this.#noteChange();
  }

  #noteChange(): void {
    const now = performance.now();
    this.#changed = { first: this.#changed?.first ?? now, last: now };
  }

  /**
   * From now on these rules say what is ignored; where they have changed, what they newly let in is watched, too. `anew`: so is
   * what could not be watched before.
   */
  async follow(rules: Pick<FolderRules, 'leavesOut'>, anew: boolean): Promise<void> {
    this.#rules = rules;
    if (!this.#isReopenDue && !anew) return;
    this.#isReopenDue = false;
    await this.#reopen();
    // In between, something may have changed that nobody saw.
    if (!this.#isBlind) this.#noteChange();
  }

  async #reopen(): Promise<void> {
    await this.close();
    try {
      await this.#open();
      this.#isBlind = false;
    } catch {
      await this.close();
      this.#isBlind = true;
    }
  }

  async close(): Promise<void> {
    const closing = this.#watcher?.close();
    // That has taken our listeners away, and what is under way may still fail.
    this.#watcher?.on('error', () => undefined);
    await closing;
  }

  async #open(): Promise<void> {
    const { watch } = await import('chokidar');
    const watcher = watch(this.#root, {
      ignoreInitial: true,
      ignored: (path, stats) => this.#leavesOut(path, stats?.isDirectory() === true ? 'folder' : 'file'),
    });
    this.#watcher = watcher;
    watcher.on('all', (_, path) => {
      this.#noteChange();
      if (basename(path) === ignoreFileName) this.#mustReopen = true;
      this.#wake();
    });
    await new Promise<void>((resolve, reject) => {
      let isReady = false;
      watcher.once('ready', () => {
        isReady = true;
        resolve();
      });
      watcher.on('error', (error) => {
        // A link to itself is left out in reading, too.
        if (errorCode(error) === 'ELOOP') return;
        reject(localError(error, this.#root));
        if (!isReady) return;
        // Reading the folder tells what it is, if it is still so.
        this.#mustReopen = true;
        this.#noteChange();
        this.#wake();
      });
    });
  }

  #leavesOut(path: string, kind: 'file' | 'folder'): boolean {
    const inside = relative(this.#root, path).split(sep).join('/');
    if (inside === '' || basename(path) === ignoreFileName) return false;
    return this.#rules.leavesOut(inside, kind) || (kind === 'folder' && leadsBackUp(path));
  }
}

/** A link to a folder that it is in itself: following it would never end. */
function leadsBackUp(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink() && isWithin(realpathSync(dirname(path)), realpathSync(path));
  } catch {
    return true;
  }
}
