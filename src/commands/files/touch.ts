import type { Context } from '../../context.js';
import { boardPath } from '../../copying/board-operand.js';
import { withFiles } from '../../connecting/open-files.js';
import { shownPath } from '../../ui/shown-path.js';

/** `upyw touch FILE…`: makes empty files; those that are there count as changed now. */
export async function touch(context: Context, operands: readonly string[]): Promise<void> {
  const { flags, reporter, world } = context;
  const files = operands.map((operand) => boardPath(operand, world.platform));
  if (flags.dryRun) for (const path of files) reporter.info(`would touch ${shownPath(path)}`);
  else await withFiles(context, (board) => board.touchFiles(files, { signal: world.signal }));
  reporter.result({ files, dryRun: flags.dryRun });
}
