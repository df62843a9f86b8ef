import type { FileCache } from '../net/file-cache.js';
import { type Release, newestFirst, parseFileName } from './release.js';

/** The firmware in a cache, newest first. What has another kind of name was put there by somebody. */
export async function keptReleases(cache: FileCache): Promise<Release[]> {
  const files = await cache.list();
  return files.flatMap(({ name }) => parseFileName(name) ?? []).sort(newestFirst);
}
