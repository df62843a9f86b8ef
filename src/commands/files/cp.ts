import type { Context } from '../../context.js';
import { copyOnBoard, placeOnBoard, planBoardCopy } from '../../copying/on-board/copies.js';
import { boardOperands } from '../../copying/on-board/operands.js';
import { expandOnBoard } from '../../copying/board-patterns.js';
import { withFiles } from '../../connecting/open-files.js';
import { formatBytes } from '../../ui/format.js';
import { shownPath } from '../../ui/shown-path.js';
import { copyOptions } from './copy-options.js';
import { orHere } from './or-here.js';

export interface CpOptions {
  readonly recursive?: true;
}

/** `upyw cp FROM… TO`: copies on the board, without the wire. */
export async function cp(context: Context, operands: readonly string[], options: CpOptions): Promise<void> {
  const { flags, reporter, world } = context;
  const { signal } = world;
  const { sources, destination } = boardOperands(operands, world.platform, 'cp');
  const plan = await withFiles(context, async (board) => {
    const paths = await expandOnBoard(board, sources, signal);
    const pairs = await placeOnBoard(board, paths, destination, 'upyw cp');
    const planned = await planBoardCopy(board, pairs, { recursive: options.recursive === true, signal });
    if (!flags.dryRun) await copyOnBoard(board, planned, copyOptions(context, 'cp'));
    return planned;
  }).catch(orHere(context, operands));
  if (flags.dryRun) {
    for (const folder of plan.folders)
      reporter.info(`would make the folder ${shownPath(folder)}, if it is not there`);
    for (const { from, to, sizeBytes } of plan.files)
      reporter.info(`would copy ${shownPath(from)} to ${shownPath(to)} (${formatBytes(sizeBytes)})`);
  }
  reporter.result({ ...plan, dryRun: flags.dryRun });
}
