import { access } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { backupFlash } from '../../loader/backup-flash.js';
import type { BackupResult } from '../../loader/backup-flash.js';
import type { Loader } from '../../loader/loader.js';
import { formatBytes } from '../../ui/format.js';
import { hasTerminal } from '../../world.js';
import { confirmLoss } from '../../ui/confirm-loss.js';
import { localKind, makeLocalFolders, requireFolder } from '../../local/local-files.js';
import { withPort } from '../../connecting/open-board.js';
import { withLoader } from '../../connecting/open-loader.js';
import type { LoaderFlags } from '../../connecting/open-loader.js';
import { parseBytes } from '../../config/parse-bytes.js';
import { PhaseProgress } from '../../ui/phase-progress.js';

export interface BackupFlags extends LoaderFlags {
  readonly offset?: string;
  readonly size?: string;
  readonly reference?: string;
}

/** `upyw backup [FILE]`: brings the whole flash home. */
export async function backup(
  context: Context,
  given: string | undefined,
  options: BackupFlags,
): Promise<void> {
  const { flags, reporter } = context;
  const named = given === undefined ? undefined : ownPlace(context, given);
  const range = {
    offset: parseBytes('--offset', options.offset),
    sizeBytes: parseBytes('--size', options.size),
  };
  if (named !== undefined) await checkTarget(context, named);
  await withPort(context, async (port) => {
    const startMs = context.world.now();
    const done = await withLoader(context, port, options, async (loader) => {
      const path = named ?? (await defaultName(context.world.cwd, loader));
      const result = await read(context, loader, path, { ...range, reference: options.reference });
      return { ...result, path, name: loader.chip.name, mac: loader.chip.mac };
    });
    const durationMs = Math.round(context.world.now() - startMs);
    if (!flags.dryRun) {
      reporter.warn(
        `${done.path} holds all that the board knows, perhaps Wi-Fi passwords too: keep it to yourself`,
      );
    }
    reporter.result(
      { ...done, port: port.name, dryRun: flags.dryRun, durationMs },
      summary(done, flags.dryRun),
    );
  });
}

/** Of many boards each has a folder for what is named alike. */
function ownPlace({ oneOf, flags, world }: Context, named: string): string {
  if (oneOf?.folder === undefined) return named;
  const folder = join(dirname(named), oneOf.folder);
  if (!flags.dryRun) makeLocalFolders(resolve(world.cwd, folder));
  return join(folder, basename(named));
}

/** Before the chip is read, which takes a while. */
async function checkTarget(context: Context, named: string): Promise<void> {
  const path = resolve(context.world.cwd, named);
  if (!context.flags.dryRun || context.oneOf === undefined)
    await requireFolder(dirname(path), dirname(named));
  const kind = await localKind(path);
  if (kind === 'folder') throw new UpywError('file/is-folder', { path });
  if (kind === 'file') {
    // Where nobody is asked, the record says it.
    if (!hasTerminal(context.world))
      context.reporter.warn(`${named} was there already: what is in it is replaced`);
    await confirmLoss(context, `replace ${named}`, 'The backup in it will be lost.');
  }
}

interface Range {
  readonly offset: number | undefined;
  readonly sizeBytes: number | undefined;
  readonly reference: string | undefined;
}

async function read(
  { flags, reporter, world }: Context,
  loader: Loader,
  path: string,
  { reference, ...range }: Range,
): Promise<BackupResult> {
  const progress = new PhaseProgress(reporter, 'backup');
  try {
    return await backupFlash(loader, resolve(world.cwd, path), {
      ...range,
      reference: reference === undefined ? undefined : resolve(world.cwd, reference),
      dryRun: flags.dryRun,
      onProgress: progress.update,
      signal: world.signal,
    });
  } finally {
    progress.stop();
  }
}

/** `esp32-240a12345678-2025-11-23.bin`, and a number when that is there already. */
async function defaultName(folder: string, { chip }: Loader): Promise<string> {
  const date = new Date();
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) =>
    String(part).padStart(2, '0'),
  );
  const base = `${chip.name.toLowerCase()}-${chip.mac.replaceAll(':', '')}-${day.join('-')}`;
  for (let count = 1; ; count++) {
    const name = count === 1 ? `${base}.bin` : `${base}-${count}.bin`;
    if (!(await exists(resolve(folder, name)))) return name;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function summary(
  done: BackupResult & { readonly name: string; readonly mac: string },
  dryRun: boolean,
): string {
  const skipped = [
    done.blankBytes > 0 ? `${formatBytes(done.blankBytes)} blank` : '',
    done.referenceBytes > 0 ? `${formatBytes(done.referenceBytes)} as in the reference` : '',
  ].filter((part) => part !== '');
  const notRead = skipped.length === 0 ? '' : ` (${skipped.join(', ')})`;
  return dryRun
    ? `would read ${formatBytes(done.readBytes)} of ${formatBytes(done.sizeBytes)}${notRead} to ${done.path}`
    : `${formatBytes(done.sizeBytes)} of the ${done.name} ${done.mac} are in ${done.path}, checked: ${formatBytes(done.readBytes)} read${notRead}`;
}
