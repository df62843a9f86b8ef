import { basename, relative } from 'node:path';
import type { FileStore } from '../../board/file-store.js';
import type { FileTarget } from '../../board/file-arrivals.js';
import type { TransferOptions } from '../../board/board-session.js';
import type { Context } from '../../context.js';
import { localError } from '../../errors/local-error.js';
import { makeFolders } from '../../local/make-folders.js';
import { formatBytes } from '../../ui/format.js';
import { printableName } from '../../printable.js';
import { hasTerminal } from '../../world.js';
import { shownPath } from '../../copying/board-operand.js';
import { expandOnBoard } from '../../copying/board-patterns.js';
import { confirmLoss } from '../../ui/confirm-loss.js';
import { describeFiles, firstOf } from '../../ui/describe-files.js';
import { type GetOperands, refuseDoubt, splitGetOperands } from '../../copying/get-operands.js';
import { type FileToGet, type GetPlan, chooseLocalBase, planGet } from '../../copying/get-plan.js';
import { type LocalHash, hashLocalFile } from '../../local/hash-local.js';
import { kindOnBoard } from '../../copying/kind-on-board.js';
import { SecretWatch } from '../../copying/holds-secret.js';
import { isOrdinaryFile, localKind, noFolder } from '../../local/local-files.js';
import { openLocalTarget } from '../../local/local-target.js';
import type { TurboOption } from '../../connecting/open-board.js';
import { withFiles } from '../../connecting/open-files.js';
import { transferRate } from '../../copying/transfer-rate.js';
import { withProgress } from '../../ui/with-progress.js';
import { showComparison } from '../../copying/write-local-files.js';

export interface GetOptions extends TurboOption {
  readonly recursive?: true;
}

/** `upyw get [:]REMOTE… [LOCAL]`: copies from the board as `cp` would; `-` writes to stdout. */
export async function get(context: Context, operands: readonly string[], options: GetOptions): Promise<void> {
  const { cwd, platform, signal } = context.world;
  const split = splitGetOperands(operands, platform);
  if (split.destination === '-') return getToStdout(context, split);
  const base = await chooseLocalBase(cwd, split);
  const copy = async (board: FileStore) => {
    if (!base.isFolder)
      await refuseDoubt(split, async (path) => (await kindOnBoard(board, path)) !== undefined);
    const recursive = options.recursive === true;
    const sources = await expandOnBoard(board, split.sources, signal);
    if (sources.length > 1 && !base.isFolder) throw noFolder(split.destination, await localKind(base.path));
    const planned = await planGet(board, sources, base, { recursive, platform });
    tellRenamed(context, planned);
    if (context.flags.dryRun) tellPlan(context, planned);
    else {
      await confirmReplaced(context, board, planned);
      await getAll(context, board, planned);
    }
    return { ...planned, ...transferRate(board) };
  };
  const plan = await withFiles(context, copy, options);
  context.reporter.result({ ...plan, dryRun: context.flags.dryRun });
}

async function getToStdout(context: Context, { sources }: GetOperands): Promise<void> {
  const { signal } = context.world;
  await withFiles(context, async (board) => {
    const onFile = (_path: string, bytes: Uint8Array) => {
      context.reporter.data(bytes);
    };
    await board.readFiles(await expandOnBoard(board, sources, signal), onFile, { signal });
  });
}

/** Asks about files here that would get another content, where somebody can answer. Throws `usage/declined`. */
async function confirmReplaced(context: Context, board: FileStore, { files }: GetPlan): Promise<void> {
  const { flags, world, reporter } = context;
  // Nobody will be asked, so nothing need be compared.
  if (flags.yes || !hasTerminal(world)) return;
  const areThere = await Promise.all(files.map(({ local }) => isOrdinaryFile(local)));
  const there = files.filter((_, index) => areThere[index]);
  if (there.length === 0) return;
  // One after the other, so that few files are open at a time. What cannot be read is not known to be the same.
  const hashes: (LocalHash | undefined)[] = [];
  for (const { local } of there) hashes.push(await hashLocalFile(local).catch(() => undefined));
  const progress = showComparison(reporter, there);
  const options = { expected: hashes, onProgress: progress.update, signal: world.signal };
  const found = await board
    .hashFiles(
      there.map(({ remote }) => remote),
      options,
    )
    .finally(progress.stop);
  const isSame = (index: number) =>
    found[index]?.sha256 !== undefined && found[index].sha256 === hashes[index]?.sha256;
  const replaced = there.filter((_, index) => !isSame(index));
  if (replaced.length === 0) return;
  const names = replaced.map(({ local }) => printableName(relative(world.cwd, local)));
  const loss = `What ${names.length === 1 ? 'it holds' : 'they hold'} now will be lost.`;
  await confirmLoss(context, `replace ${firstOf(names)} here`, loss);
}

async function getAll(
  { world, reporter }: Context,
  board: FileStore,
  { folders, files }: GetPlan,
): Promise<void> {
  for (const folder of folders) {
    try {
      makeFolders(folder);
    } catch (error) {
      throw localError(error, folder);
    }
  }
  if (files.length === 0) return;
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const secret: string[] = [];
  const options = { totalBytes, signal: world.signal, onSecret: (local: string) => void secret.push(local) };
  await withProgress(reporter, `get ${describeFiles(files)}`, totalBytes, (onProgress) =>
    getFiles(board, files, { ...options, onProgress }),
  );
  for (const local of secret) {
    const name = printableName(relative(world.cwd, local));
    reporter.warn(`${name} seems to hold a password: keep it to yourself, and out of git`);
  }
}

interface GetOptionsOfBoard extends TransferOptions {
  readonly onSecret: (local: string) => void;
}

async function getFiles(
  board: FileStore,
  files: readonly FileToGet[],
  { onSecret, ...options }: GetOptionsOfBoard,
): Promise<void> {
  await board.receiveFiles(
    files.map(({ remote }) => remote),
    (path, _, index) => openWatched(files[index]?.local ?? path, onSecret),
    options,
  );
}

/** A new file that turns out to hold a secret is for its owner's eyes only; one that was there keeps its mode. */
async function openWatched(local: string, onSecret: (local: string) => void): Promise<FileTarget> {
  const target = await openLocalTarget(local);
  const watch = new SecretWatch();
  return {
    write: (bytes) => {
      watch.see(bytes);
      return target.write(bytes);
    },
    finish: async () => {
      if (watch.found && target.isNew) await target.setMode(0o600);
      await target.finish();
      if (watch.found) onSecret(local);
    },
    abandon: () => target.abandon(),
  };
}

/** Nothing of the board is lost to what names this system has. */
function tellRenamed({ reporter }: Context, { renamed }: GetPlan): void {
  for (const { remote, local } of renamed) {
    const name = printableName(basename(local));
    reporter.warn(
      `${shownPath(remote)} is called ${name} here: this system has no such name, or has it already`,
    );
  }
}

function tellPlan({ reporter }: Context, { folders, files }: GetPlan): void {
  for (const folder of folders) reporter.info(`would make the folder ${folder}, if it is not there`);
  for (const { local, remote, sizeBytes } of files) {
    reporter.info(`would get ${shownPath(remote)} to ${local} (${formatBytes(sizeBytes)})`);
  }
}
