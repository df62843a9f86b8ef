import { resolve } from 'node:path';
import type { Board } from '../board/board.js';
import type { FileStore } from '../board/file-store.js';
import type { Context } from '../context.js';
import type { Port } from '../transport/port.js';
import { imageIn } from '../transport/port-name.js';
import type { TurboOption } from './open-board.js';

/** The board that has the files, where they are not those of an image. */
export interface LiveBoard {
  readonly board: Board;
  readonly port: Port;
}

/**
 * Hands over the files of the port in force: of a board, or of an image, `image:FILE`. An image is put back when all has gone well, and stays as it
 * is otherwise.
 */
export async function withFiles<Result>(
  context: Context,
  use: (files: FileStore, live?: LiveBoard) => Promise<Result>,
  options: TurboOption = {},
): Promise<Result> {
  const { values } = await context.loadSettings();
  const shown = imageIn(values.port);
  if (shown === undefined) {
    const { withBoard } = await import('./open-board.js');
    return withBoard(context, (board, port) => use(board, { board, port }), options);
  }
  const { openImage } = await import('../images/open-image.js');
  const image = await openImage(resolve(context.world.cwd, shown), shown, () => Date.now());
  try {
    const result = await use(image.files);
    if (context.flags.dryRun || !image.files.isChanged) return result;
    const { writeLocalFile } = await import('../local/local-files.js');
    await image.save(writeLocalFile);
    return result;
  } finally {
    image.close();
  }
}
