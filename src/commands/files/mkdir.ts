import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { boardPath } from '../../copying/board-operand.js';
import { shownPath } from '../../ui/shown-path.js';
import { withFiles } from '../../connecting/open-files.js';

export interface MkdirOptions {
  readonly parents?: true;
}

/** `upyw mkdir FOLDER…`: with `-p` also the folders above, and none of them may complain that it is there. */
export async function mkdir(
  context: Context,
  operands: readonly string[],
  options: MkdirOptions,
): Promise<void> {
  const paths = operands.map((operand) => boardPath(operand, context.world.platform));
  if (operands.includes('')) {
    throw new UpywError('usage/arguments', { problem: 'a folder needs a name', command: 'upyw mkdir' });
  }
  const { flags, reporter, world } = context;
  if (flags.dryRun) {
    for (const path of paths) reporter.info(`would make the folder ${shownPath(path)}`);
  } else {
    await withFiles(context, (board) =>
      board.makeFolders(paths, { parents: options.parents === true, signal: world.signal }),
    );
  }
  reporter.result({ folders: paths, dryRun: flags.dryRun });
}
