import type { Context } from '../../context.js';
import { boardPath } from '../../copying/board-operand.js';
import { shownPath } from '../../ui/shown-path.js';
import { withFiles } from '../../connecting/open-files.js';

/** `upyw rmdir FOLDER…`: empty folders only. */
export async function rmdir(context: Context, operands: readonly string[]): Promise<void> {
  const paths = operands.map((operand) => boardPath(operand, context.world.platform));
  const { flags, reporter, world } = context;
  if (flags.dryRun) {
    for (const path of paths) reporter.info(`would remove the folder ${shownPath(path)}`);
  } else {
    await withFiles(context, async (board) => {
      for (const path of paths) await board.removeFolder(path, { signal: world.signal });
    });
  }
  reporter.result({ removed: paths, dryRun: flags.dryRun });
}
