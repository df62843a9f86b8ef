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

/** Where something is done, for a question: `on COM3`, or `of each of 16 boards`. */
export function whereAsked({ oneOf }: Context, port: string): string {
  return oneOf === undefined || oneOf.count === 1 ? `on ${port}` : `of each of ${oneOf.count} boards`;
}

/** What something is done to, for a question: `the board on COM3`, or `16 boards`. */
export function boardsAsked({ oneOf }: Context, port: string): string {
  return oneOf === undefined || oneOf.count === 1 ? `the board on ${port}` : `${oneOf.count} boards`;
}
