import { mkdir } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Board } from '../board/board.js';
import type { TransferOptions } from '../board/board-session.js';
import type { Context } from '../context.js';
import { localError } from '../errors/local-error.js';
import { formatBytes, formatCount, printableName } from '../ui/format.js';
import { hasTerminal } from '../ui/prompts.js';
import { shownPath } from './support/board-path.js';
import { confirmLoss } from './support/confirm-loss.js';
import { describeFiles } from './support/describe-files.js';
import { type GetOperands, splitGetOperands } from './support/get-operands.js';
import { type FileToGet, type GetPlan, chooseLocalBase, planGet } from './support/get-plan.js';
import { hashLocalFiles } from './support/hash-local.js';
import { localKind } from './support/local-files.js';
import { openLocalTarget } from './support/local-target.js';
import { type TurboOption, withBoard } from './support/open-board.js';
import { transferRate } from './support/transfer-rate.js';
import { withProgress } from './support/with-progress.js';

export interface GetOptions extends TurboOption {
  readonly recursive?: true;
}

/** `upyw get [:]REMOTE… [LOCAL]`: copies from the board as `cp` would; `-` writes to stdout. */
export async function get(context: Context, operands: readonly string[], options: GetOptions): Promise<void> {
  const { cwd, platform } = context.world;
  const split = await splitGetOperands(
    operands,
    async (path) => (await localKind(resolve(cwd, path))) === 'file',
  );
  if (split.destination === '-') return getToStdout(context, split);
  const base = await chooseLocalBase(cwd, split);
  const copy = async (board: Board) => {
    const recursive = options.recursive === true;
    const planned = await planGet(board, split.sources, base, { recursive, platform });
    if (context.flags.dryRun) tellPlan(context, planned);
    else {
      await confirmReplaced(context, board, planned);
      await getAll(context, board, planned);
    }
    return { ...planned, ...transferRate(board) };
  };
  const plan = await withBoard(context, copy, options);
  context.reporter.result({ ...plan, dryRun: context.flags.dryRun });
}

async function getToStdout(context: Context, { sources }: GetOperands): Promise<void> {
  await withBoard(context, async (board) => {
    const onFile = (_path: string, bytes: Uint8Array) => {
      context.reporter.data(bytes);
    };
    await board.readFiles(sources, onFile, { signal: context.world.signal });
  });
}

/** Files here that would get another content are asked about, where somebody can answer. Throws `usage/declined`. */
async function confirmReplaced(context: Context, board: Board, { files }: GetPlan): Promise<void> {
  const { flags, world } = context;
  if (flags.yes || !hasTerminal(world)) return;
  const kinds = await Promise.all(files.map(({ local }) => localKind(local)));
  const there = files.filter((_, index) => kinds[index] === 'file');
  if (there.length === 0) return;
  const hashes = await hashLocalFiles(there.map(({ local }) => local));
  const paths = there.map(({ remote }) => remote);
  const found = await board.hashFiles(paths, { expected: hashes, signal: world.signal });
  const replaced = there
    .filter((_, index) => found[index]?.sha256 !== hashes[index]?.sha256)
    .map(({ local }) => printableName(relative(world.cwd, local)));
  if (replaced.length === 0) return;
  const [first, ...others] = replaced;
  const what = `replace ${first}${others.length === 0 ? '' : ` and ${formatCount(others.length, 'other file')}`} here`;
  const loss =
    others.length === 0
      ? 'Its content, which differs, will be lost.'
      : 'Their contents, which differ, will be lost.';
  await confirmLoss(context, what, loss);
}

async function getAll(
  { world, reporter }: Context,
  board: Board,
  { folders, files }: GetPlan,
): Promise<void> {
  for (const folder of folders) {
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw localError(error, folder);
    });
  }
  if (files.length === 0) return;
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  await withProgress(reporter, `get ${describeFiles(files)}`, totalBytes, (onProgress) =>
    getFiles(board, files, { onProgress, totalBytes, signal: world.signal }),
  );
}

async function getFiles(board: Board, files: readonly FileToGet[], options: TransferOptions): Promise<void> {
  await board.receiveFiles(
    files.map(({ remote }) => remote),
    (path, _, index) => openLocalTarget(files[index]?.local ?? path),
    options,
  );
}

function tellPlan({ reporter }: Context, { folders, files }: GetPlan): void {
  for (const folder of folders) reporter.info(`would make the folder ${folder}, if it is not there`);
  for (const { local, remote, sizeBytes } of files) {
    reporter.info(`would get ${shownPath(remote)} to ${local} (${formatBytes(sizeBytes)})`);
  }
}
