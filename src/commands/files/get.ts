import { basename, relative, resolve } from 'node:path';
import type { FileStore } from '../../board/file-store.js';
import type { Context } from '../../context.js';
import { formatBytes } from '../../ui/format.js';
import { printableName } from '../../printable.js';
import { hasTerminal } from '../../world.js';
import { shownPath } from '../../ui/shown-path.js';
import { expandOnBoard } from '../../copying/board-patterns.js';
import { confirmLoss } from '../../ui/confirm-loss.js';
import { firstOf } from '../../ui/describe-files.js';
import { type GetOperands, refuseDoubt, splitGetOperands } from '../../copying/get-operands.js';
import { findReplaced, getFiles } from '../../copying/get-files.js';
import { type GetPlan, chooseLocalBase, planGet } from '../../copying/get-plan.js';
import { kindOnBoard } from '../../copying/kind-on-board.js';
import { localKind, makeLocalFolders, noFolder } from '../../local/local-files.js';
import type { TurboOption } from '../../connecting/open-board.js';
import { withFiles } from '../../connecting/open-files.js';
import { transferRate } from '../../copying/transfer-rate.js';
import { copyOptions } from './copy-options.js';

export interface GetOptions extends TurboOption {
  readonly recursive?: true;
}

/** `upyw get [:]REMOTE… [LOCAL]`: copies from the board as `cp` would; `-` writes to stdout. */
export async function get(context: Context, operands: readonly string[], options: GetOptions): Promise<void> {
  const { cwd, platform, signal } = context.world;
  const split = splitGetOperands(operands, platform);
  if (split.destination === '-') return getToStdout(context, split);
  const folder = context.oneOf?.folder;
  const base =
    folder === undefined
      ? await chooseLocalBase(cwd, split)
      : { path: resolve(cwd, split.destination, folder), isFolder: true };
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
      if (folder !== undefined) makeLocalFolders(base.path);
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
  const { flags, world } = context;
  // Nobody will be asked, so nothing need be compared.
  if (flags.yes || !hasTerminal(world)) return;
  const options = { ...copyOptions(context, 'get'), onNote: undefined };
  const replaced = await findReplaced(board, files, options);
  if (replaced.length === 0) return;
  const names = replaced.map(({ local }) => printableName(relative(world.cwd, local)));
  const loss = `What ${names.length === 1 ? 'it holds' : 'they hold'} now will be lost.`;
  await confirmLoss(context, `replace ${firstOf(names)} here`, loss);
}

async function getAll(context: Context, board: FileStore, plan: GetPlan): Promise<void> {
  const { world, reporter } = context;
  const { secret } = await getFiles(board, plan, copyOptions(context, 'get'));
  for (const local of secret) {
    const name = printableName(relative(world.cwd, local));
    reporter.warn(`${name} seems to hold a password: keep it to yourself, and out of git`);
  }
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
    reporter.info(`would get ${shownPath(remote)} to ${printableName(local)} (${formatBytes(sizeBytes)})`);
  }
}
