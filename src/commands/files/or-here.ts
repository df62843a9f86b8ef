import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import { isMarked } from '../../copying/board-operand.js';
import { UpywError, isUpywError } from '../../errors.js';
import { localKind } from '../../local/local-files.js';

/** Of what is not on the board: whether it is here, and another command was meant. */
export function orHere({ world }: Context, operands: readonly string[]) {
  return async (error: unknown): Promise<never> => {
    const [first = ''] = operands;
    const isPlain = isUpywError(error, 'board/not-found') && !isMarked(first) && error.details.path === first;
    if (isPlain && (await localKind(resolve(world.cwd, first)).catch(() => undefined)) !== undefined) {
      const problem = `${error.message}, but here is one`;
      const instead = `To copy it to the board: upyw put ${operands.join(' ')}`;
      throw new UpywError('usage/arguments', { problem, command: 'upyw cp', instead }, { cause: error });
    }
    throw error;
  };
}
