import { boardNameIn } from '../config/boards/board-name.js';
import type { Context } from '../context.js';
import { meansMany, oneBoardOnly } from '../transport/many-ports.js';

const found = new WeakMap<Context, Promise<string>>();

/** The port to work on, looked for once where a board is named. Throws as `findBoard` does. */
export function portInForce(context: Context): Promise<string> {
  const known = found.get(context) ?? findPort(context);
  found.set(context, known);
  return known;
}

/** Where a board is named, the port that it is on now. */
export async function findPort(context: Context): Promise<string> {
  const { values, board } = await context.loadSettings();
  if (context.oneOf === undefined && meansMany(values.port)) throw oneBoardOnly([values.port]);
  if (boardNameIn(values.port) === undefined || board === undefined) return values.port;
  const done = context.reporter.busy(`looking for ${board.name ?? board.mac}`);
  try {
    const { findBoard } = await import('./find-board.js');
    return await findBoard(context, board, context.way);
  } finally {
    done();
  }
}
