import { join } from 'node:path';
import { packageVersion } from '../version.js';
import { cacheFolder } from './cache-folder.js';
import { Documents } from './documents.js';
import { FileCache } from './file-cache.js';
import { type RetryPlan, usualRetries } from './retry.js';
import { WebClient, type WebTimeouts } from './web-client.js';

/** What a process has of the net: nothing is loaded and nothing opened before something is asked for. */
export interface Net {
  /** Pages and indexes, kept for some time. */
  readonly documents: Documents;
  /** Whole files, kept for good, in a folder of the user's cache: `files('firmware')`. */
  files(folder: string): FileCache;
  /** Ends connections that wait for another request; without it the process waits for them for some seconds. */
  close(): Promise<void>;
}

export interface NetOptions {
  /** For `UPYW_CACHE_DIR` and the proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends every request and every wait. */
  readonly signal: AbortSignal;
  readonly timeouts?: WebTimeouts;
  readonly retries?: RetryPlan;
}

const usualTimeouts: WebTimeouts = { connectMs: 10_000, idleMs: 20_000 };

/**
 * Downloads and the user's cache.
 *
 * ```ts
 * const net = openNet(world);
 * try {
 *   const from = below(parseLocation('https://micropython.org/pi/v2', { cwd, name }), 'index.json');
 *   const index = await net.documents.read({ from, maxAgeMs, maxBytes: 5e6, expects: 'json' });
 *   // index.failure: there is no network, this is an older one
 *   const file = await net.files('packages').obtain({ name: 'ab/abcdef', from: …, sha256: 'abcdef', maxBytes: 1e6, onProgress });
 *   // file.bytes
 * } finally {
 *   await net.close();
 * }
 * ```
 *
 * Whatever fails is a `net/…` error that says what came instead; what may go well the next time has been tried again by then.
 */
export function openNet({ env, signal, timeouts = usualTimeouts, retries = usualRetries }: NetOptions): Net {
  const userAgent = `upyw/${packageVersion()}`;
  const client = new WebClient({ env, signal, timeouts, userAgent });
  const web = { client, signal, retries };
  const root = cacheFolder(env);
  return {
    documents: new Documents(join(root, 'documents'), web),
    files: (folder) => new FileCache(join(root, folder), web),
    close: () => client.close(),
  };
}
