import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Release, parseFileName } from '../../catalogue/release.js';
import type { Context } from '../../context.js';
import { localError } from '../../errors/local-error.js';
import { confirmLoss } from '../../ui/confirm-loss.js';
import { formatBytes, formatCount } from '../../ui/format.js';
import { withStore } from './open-store.js';

export interface PruneOptions {
  readonly all?: true;
}

/** `upyw firmware prune`: takes out of the cache all but the newest release for each board and variant, and what ended downloads left. */
export async function firmwarePrune(context: Context, { all }: PruneOptions): Promise<void> {
  const { reporter, flags } = context;
  await withStore(context, {}, async ({ store }) => {
    const { cache } = store;
    const files = await cache.list();
    const keep = all === true ? new Set<string>() : newestOfEach(await store.kept());
    // What has another name was put there by somebody.
    const old = files.filter(({ name }) => parseFileName(name) !== undefined && !keep.has(name));
    const parts = await cache.leftovers();
    const freedBytes = old.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) + (await sizeOf(parts));
    const removed = [...old.map(({ name }) => name), ...parts.map((path) => basename(path))];
    if (old.length > 0)
      await confirmLoss(context, `remove ${formatCount(old.length, 'file')}`, 'They can be had again.');
    if (!flags.dryRun) {
      for (const { name } of old) await cache.remove(name);
      for (const path of parts) await removePart(path);
    }
    const text =
      removed.length === 0
        ? 'nothing to remove'
        : `${flags.dryRun ? 'would free' : 'freed'} ${formatBytes(freedBytes)}`;
    reporter.result({ removed, freedBytes, dryRun: flags.dryRun }, [...removed, text].join('\n'));
  });
}

/** The names of files, of releases that are sorted newest first. */
function newestOfEach(releases: readonly Release[]): Set<string> {
  const newest = new Map<string, string>();
  for (const { board, variant, version, file } of releases) {
    const of = `${board}-${variant}`;
    if (!version.isPreview && !newest.has(of)) newest.set(of, file);
  }
  return new Set(newest.values());
}

async function sizeOf(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function removePart(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw localError(error, path);
  }
}
