import { join, resolve } from 'node:path';
import type { Release } from '../../catalogue/release.js';
import type { Context } from '../../context.js';
import { writeLocalFile } from '../../local/local-files.js';
import { makeFolders } from '../../local/make-folders.js';
import { formatBytes } from '../../ui/format.js';
import { withStore } from './open-store.js';
import { choose, provide } from './provide.js';
import { type FirmwareFlags, settle, settleWithChip } from './settle.js';

export interface FetchOptions extends Omit<FirmwareFlags, 'board'> {
  /** A folder to put it in as well. */
  readonly to?: string;
}

/** `upyw firmware fetch [BOARD]`: gets a firmware into the cache, checked; without a name for the chip that is plugged in. */
export async function firmwareFetch(
  context: Context,
  board: string | undefined,
  options: FetchOptions,
): Promise<void> {
  const { reporter, flags } = context;
  const wanted = { ...options, ...(board === undefined ? {} : { board }) };
  const settled = await (board === undefined ? settleWithChip(context, wanted) : settle(context, wanted));
  if (settled === undefined) throw new Error('a named board settles it');
  await withStore(context, options, async ({ store }) => {
    const to = (name: string) => (options.to === undefined ? undefined : join(options.to, name));
    if (flags.dryRun) {
      const { release, isKept } = await choose(context, store, settled);
      const path = to(release.file);
      const told = { ...describe(release), path: path ?? null, wasKept: isKept, dryRun: true };
      reporter.result(told, `would fetch ${path ?? release.file}`);
      return;
    }
    const { chosen, file } = await provide(context, store, settled, { asks: false });
    const { release } = chosen;
    const copy = to(release.file);
    if (copy !== undefined) await writeCopy(resolve(context.world.cwd, copy), file.bytes);
    const path = copy ?? file.path;
    const { sha256, bytes, wasKept } = file;
    reporter.result(
      {
        ...describe(release),
        path: path ?? null,
        sizeBytes: bytes.length,
        sha256,
        wasKept,
      },
      `${path ?? release.file}  ${formatBytes(bytes.length)}, checked, SHA-256 ${sha256}`,
    );
  });
}

function describe({ board, variant, version, date, file }: Release) {
  return { board, variant, version: version.text, date, file };
}

async function writeCopy(path: string, bytes: Uint8Array): Promise<void> {
  makeFolders(resolve(path, '..'));
  await writeLocalFile(path, bytes);
}
