import type { Chosen, FirmwareStore } from '../../catalogue/firmware-store.js';
import { writeLock } from '../../catalogue/lock-file.js';
import type { Context } from '../../context.js';
import { UpywError, isUpywError } from '../../errors.js';
import type { CachedFile } from '../../net/file-cache.js';
import { shownLocation } from '../../net/location.js';
import { PhaseProgress } from '../../ui/phase-progress.js';
import { hasTerminal } from '../../world.js';
import type { Settled } from './settle.js';

/** A firmware that is here, whole and checked. */
export interface Provided {
  readonly chosen: Chosen;
  readonly file: CachedFile;
}

interface ProvideOptions {
  /** On a terminal: asks before anything is downloaded. */
  readonly asks: boolean;
}

/** Gets the file that was settled on, says which and why, and holds the project to it. Throws `usage/declined`, `net/…`, `firmware/…`. */
export async function provide(
  context: Context,
  store: FirmwareStore,
  settled: Settled,
  { asks }: ProvideOptions,
): Promise<Provided> {
  const { reporter, flags } = context;
  const chosen = await choose(context, store, settled);
  const { release, from, isKept } = chosen;
  if (asks && !isKept && from !== undefined) await confirmDownload(context, release.file);
  const file = await load(context, store, settled, chosen);
  if (file.path === undefined) reporter.warn('the cache cannot be written, so the file is not kept');
  if (settled.lockTo !== undefined && !flags.dryRun) {
    const { board, variant, version } = release;
    const { sha256 } = file;
    await writeLock(settled.lockTo, { board, variant, version: version.text, file: release.file, sha256 });
    reporter.info(`${settled.lockTo} holds this project to it`);
  }
  return { chosen, file };
}

/** Which file that is, which is said with the reason. Nothing of it is fetched. */
export async function choose({ reporter }: Context, store: FirmwareStore, settled: Settled): Promise<Chosen> {
  const chosen =
    settled.kind === 'locked' ? await store.locked(settled.locked) : await store.choose(settled.wish);
  const { release, from, failure, isKept } = chosen;
  if (failure !== undefined) {
    reporter.warn(`${failure.message}. So the newest in the cache is taken`);
  }
  const where = isKept || from === undefined ? 'from the cache' : `from ${shownLocation(from)}`;
  reporter.info(`${release.file}, ${settled.why}; ${where}`);
  return chosen;
}

async function confirmDownload({ world, flags }: Context, file: string): Promise<void> {
  if (flags.yes || !hasTerminal(world)) return;
  if (await world.prompts.confirm(`Download ${file}?`)) return;
  throw new UpywError('usage/declined', { what: `download ${file}` });
}

async function load(
  { reporter }: Context,
  store: FirmwareStore,
  settled: Settled,
  chosen: Chosen,
): Promise<CachedFile> {
  const progress = new PhaseProgress(reporter, chosen.release.file);
  try {
    return await store.obtain(chosen, (doneBytes, totalBytes) => {
      if (totalBytes !== undefined) progress.update('download', doneBytes, totalBytes);
    });
  } catch (error) {
    if (settled.kind !== 'locked' || !isUpywError(error, 'net/wrong-content')) throw error;
    const { expected, actual } = error.details;
    const details = { name: chosen.release.file, path: settled.lock, expected, actual };
    throw new UpywError('firmware/not-the-locked', details, { cause: error });
  } finally {
    progress.stop();
  }
}
