import type { Context } from '../../context.js';
import { expandOnBoard } from '../../copying/board-patterns.js';
import { boardPath } from '../../copying/board-operand.js';
import { withFiles } from '../../connecting/open-files.js';

/** `upyw cat FILE…`: contents to stdout, not a byte changed. */
export async function cat(context: Context, operands: readonly string[]): Promise<void> {
  const { platform, signal } = context.world;
  const paths = operands.map((operand) => boardPath(operand, platform));
  await withFiles(context, async (board) => {
    const onFile = (_path: string, bytes: Uint8Array) => {
      context.reporter.data(bytes);
    };
    await board.readFiles(await expandOnBoard(board, paths, signal), onFile, { signal });
  });
}
