import type { Context } from '../../context.js';
import { checkMoves, moveOnBoard, placeOnBoard } from '../../copying/on-board/copies.js';
import { boardOperands } from '../../copying/on-board/operands.js';
import { expandOnBoard } from '../../copying/board-patterns.js';
import { withFiles } from '../../connecting/open-files.js';
import { shownPath } from '../../ui/shown-path.js';
import { copyOptions } from './copy-options.js';
import { orHere } from './or-here.js';

/** `upyw mv FROM… TO`: gives files and folders of the board other names, or another folder. */
export async function mv(context: Context, operands: readonly string[]): Promise<void> {
  const { flags, reporter, world } = context;
  const { signal } = world;
  const { sources, destination } = boardOperands(operands, world.platform, 'mv');
  const moved = await withFiles(context, async (board) => {
    const paths = await expandOnBoard(board, sources, signal);
    const pairs = await placeOnBoard(board, paths, destination, 'upyw mv');
    await checkMoves(board, pairs);
    if (!flags.dryRun) await moveOnBoard(board, pairs, copyOptions(context, 'mv'));
    return pairs;
  }).catch(orHere(context, operands));
  if (flags.dryRun)
    for (const { from, to } of moved) reporter.info(`would move ${shownPath(from)} to ${shownPath(to)}`);
  reporter.result({ moved, dryRun: flags.dryRun });
}
