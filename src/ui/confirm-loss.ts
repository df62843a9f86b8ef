import type { Context } from '../context.js';
import { UpywError } from '../errors.js';
import { hasTerminal } from '../world.js';

/**
 * Asks once before something is lost, where somebody can answer; a script does what its command's name says.
 * Throws `usage/declined`.
 */
export async function confirmLoss({ world, flags }: Context, what: string, loss: string): Promise<void> {
  if (flags.yes || flags.dryRun || !hasTerminal(world)) return;
  if (!(await world.prompts.confirm(`This will ${what}. ${loss} Go on?`))) {
    throw new UpywError('usage/declined', { what });
  }
}
