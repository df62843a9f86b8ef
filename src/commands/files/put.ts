import { basename, resolve } from 'node:path';
import { baseName } from '../../board/board-path.js';
import type { FileStore } from '../../board/file-store.js';
import type { Context } from '../../context.js';
import { formatBytes, formatCount } from '../../ui/format.js';
import { printableName } from '../../printable.js';
import { shownPath } from '../../ui/shown-path.js';
import { confirmLoss } from '../../ui/confirm-loss.js';
import { kindOnBoard } from '../../copying/kind-on-board.js';
import { localKind } from '../../local/local-files.js';
import { expandLocal } from '../../copying/local-patterns.js';
import type { TurboOption } from '../../connecting/open-board.js';
import { type LiveBoard, withFiles } from '../../connecting/open-files.js';
import { transferRate } from '../../copying/transfer-rate.js';
import { readStdin } from '../../local/stdin-text.js';
import { splitPutOperands } from '../../copying/put-operands.js';
import { refuseOneName } from '../../copying/one-name.js';
import { type FileToPut, type PutPlan, placeSources, readSources } from '../../copying/put-plan.js';
import { type SparingPlan, putFiles, withoutUnchanged } from '../../copying/put-files.js';
import { tellSkipped } from '../../ui/tell-skipped.js';
import { copyOptions } from './copy-options.js';
import { compileSources, removeHiding, requireBytecode, withBytecode } from './bytecode.js';

export interface PutOptions extends TurboOption {
  readonly recursive?: true;
  readonly force?: true;
  readonly outsideLinks?: true;
  readonly mpy?: true;
}

/**
 * `upyw put LOCAL… [:DEST]`: copies to the board as `cp` would; every file is replaced whole or not at all. With `-r`, what is
 * there with the same content stays as it is.
 */
export async function put(context: Context, operands: readonly string[], options: PutOptions): Promise<void> {
  const { cwd, platform, stdin, signal } = context.world;
  const existsHere = async (operand: string) => {
    const [path = operand] = await expandLocal(context.world, [operand]);
    return (await localKind(resolve(cwd, path))) !== undefined;
  };
  const { sources, destination } = await splitPutOperands(operands, existsHere, platform);
  const local = await readSources(cwd, await expandLocal(context.world, sources), {
    recursive: options.recursive === true,
    outsideLinks: options.outsideLinks,
    stdin: readStdin(stdin, signal),
  });
  tellSkipped(
    context.reporter,
    local.flatMap(({ skipped }) => skipped),
  );
  for (const path of local.flatMap(({ withheld }) => withheld)) {
    context.reporter.warn(
      `${printableName(path)} stays here: it may hold passwords. To send it all the same, name it`,
    );
  }
  // What cannot be compiled is told before a board is looked for.
  const compiled = options.mpy === true ? await compileSources(context, local) : undefined;
  const copy = async (board: FileStore, live?: LiveBoard) => {
    if (compiled !== undefined) await requireBytecode(live?.board);
    const plain = await placeSources(local, destination, (path) => kindOnBoard(board, path));
    const placed = compiled === undefined ? plain : withBytecode(plain, compiled);
    const files = placed.files.map(({ remote }) => remote);
    await refuseOneName(board, { folders: placed.folders, files }, context.world.signal);
    const sparing = options.recursive === true && options.force !== true;
    const planned = sparing
      ? await withoutUnchanged(board, placed, copyOptions(context, 'put'))
      : { ...placed, unchanged: [] };
    if (destination?.isGuess === true) await confirmGuess(context, board, planned);
    if (context.flags.dryRun) tellPlan(context, planned);
    else await putAll(context, board, planned);
    if (compiled !== undefined) await removeHiding(context, board, [...planned.files, ...planned.unchanged]);
    return { ...planned, ...transferRate(board) };
  };
  const plan = await withFiles(context, copy, options);
  context.reporter.result({
    ...plan,
    files: plan.files.map(told),
    unchanged: plan.unchanged.map(told),
    dryRun: context.flags.dryRun,
  });
}

/**
 * `put a.py b.py` without a colon, and there is no b.py here: so the board's is meant, or b.py is misspelt. That another file of the board is
 * replaced is said, and asked for where somebody can answer. Throws `usage/declined`.
 */
async function confirmGuess(context: Context, board: FileStore, { files }: PutPlan): Promise<void> {
  const [file] = files;
  if (file === undefined || baseName(file.remote) === basename(file.local)) return;
  if ((await kindOnBoard(board, file.remote)) !== 'file') return;
  const [here, there] = [printableName(basename(file.local)), shownPath(file.remote)];
  context.reporter.warn(
    `there is no file ${there.slice(1)} here: ${here} takes the place of ${there} on the board`,
  );
  await confirmLoss(context, `replace ${there} on the board by ${here}`, 'What it holds now will be lost.');
}

/** A file as the result names it. */
function told({ local, remote, sizeBytes }: FileToPut): FileToPut {
  return { local, remote, sizeBytes };
}

async function putAll(context: Context, board: FileStore, plan: SparingPlan): Promise<void> {
  await putFiles(board, plan, copyOptions(context, 'put'));
  tellUnchanged(context, plan);
}

function tellUnchanged({ reporter }: Context, { unchanged }: SparingPlan): void {
  if (unchanged.length > 0) reporter.info(`unchanged: ${formatCount(unchanged.length, 'file')}`);
}

function tellPlan(context: Context, plan: SparingPlan): void {
  const { reporter } = context;
  const { folders, files } = plan;
  for (const folder of folders)
    reporter.info(`would make the folder ${shownPath(folder)}, if it is not there`);
  for (const { local, remote, sizeBytes } of files) {
    reporter.info(`would put ${printableName(local)} to ${shownPath(remote)} (${formatBytes(sizeBytes)})`);
  }
  tellUnchanged(context, plan);
}
