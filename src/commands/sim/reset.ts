import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { hasTerminal } from '../../world.js';

export interface SimResetOptions {
  readonly blank?: true;
}

/** `upyw sim reset NAME`: a virtual board as new, its files gone. Asked about once, where somebody can answer. */
export async function simReset(context: Context, operand: string, { blank }: SimResetOptions): Promise<void> {
  const { reporter, flags } = context;
  const [{ listBoards, resetBoard }, { parseSimAddress }] = await Promise.all([
    import('../../sim/boards.js'),
    import('../../sim/sim-address.js'),
  ]);
  const { name } = parseSimAddress(operand);
  const known = listBoards().map((board) => board.name);
  if (!known.includes(name)) throw new UpywError('sim/not-found', { name, known });
  const what = blank === true ? `erase the chip of sim:${name}` : `make sim:${name} new, without files`;
  if (flags.dryRun) reporter.info(`would ${what}`);
  else {
    await confirm(context, what);
    resetBoard(name, { blank: blank === true });
  }
  reporter.result({ name, blank: blank === true, dryRun: flags.dryRun });
}

async function confirm({ world, flags }: Context, what: string): Promise<void> {
  if (flags.yes || !hasTerminal(world)) return;
  if (!(await world.prompts.confirm(`This will ${what}. Go on?`)))
    throw new UpywError('usage/declined', { what });
}
