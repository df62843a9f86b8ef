import type { Context } from '../context.js';
import { boardPath } from './support/board-path.js';
import { withBoard } from './support/open-board.js';

/** `upyw cat FILE…`: contents to stdout, not a byte changed. */
export async function cat(context: Context, operands: readonly string[]): Promise<void> {
  const paths = operands.map(boardPath);
  await withBoard(context, async (board) => {
    const onFile = (_path: string, bytes: Uint8Array) => {
      context.reporter.data(bytes);
    };
    await board.readFiles(paths, onFile, { signal: context.world.signal });
  });
}
