import type { NamedBoards } from '../../../config/boards/load-boards.js';
import type { Context } from '../../../context.js';
import { shownAddress } from '../../../shown-address.js';
import { UpywError, isUpywError } from '../../../errors.js';
import { type Choice, chooseBoards } from '../../../fleet/choose-boards.js';
import { everyBoard } from '../../../transport/many-ports.js';
import { editBoards } from '../../../names/edit-boards.js';
import { freeNames, parseNumbered } from '../../../names/number-names.js';
import { printableName } from '../../../printable.js';
import { formatTable } from '../../../ui/format.js';

/** Far more than a computer has ports. */
const mostAtOnce = 256;

interface Numbering {
  readonly pattern: string;
  readonly from: string | undefined;
  /** A name that was given as well. */
  readonly surplus: string | undefined;
}

/**
 * `upyw name --number device%02d`: names for all boards that are plugged in, in the order of the hub's ports, or for those that `-p` names. A board
 * that has a name keeps it.
 */
export async function numberBoards(
  context: Context,
  named: NamedBoards,
  { pattern, from = '1', surplus }: Numbering,
): Promise<void> {
  const { flags, reporter, world } = context;
  if (surplus !== undefined)
    throw new UpywError('usage/arguments', {
      problem: `${surplus} and --number cannot go together`,
      command: 'upyw name',
    });
  const numbered = parseNumbered(pattern);
  const first = firstNumber(from);
  const names = flags.ports.length === 0 ? [everyBoard] : flags.ports;
  const choice = await ask(context, names);
  const boards = choice.boards.flatMap(({ mac, port, name }) =>
    mac === undefined ? [] : { mac, port: shownAddress(port), name },
  );
  for (const { port, mac } of choice.boards)
    if (mac === undefined) reporter.warn(`${shownAddress(port)}: no board answers`);
  if (boards.length === 0)
    throw new UpywError('port/none', { others: choice.skipped.map(({ port }) => port) });
  const unnamed = boards.filter(({ name }) => name === undefined);
  const taken = named.boards.map(({ name }) => name);
  const free = freeNames(numbered, { count: unnamed.length, first, taken });
  const given = unnamed.map((board, place) => ({ ...board, name: free[place] ?? '' }));
  const path =
    flags.dryRun || given.length === 0 ? named.path : await editBoards(world.cwd, named, { give: given });
  const kept = boards.flatMap(({ name, mac, port }) => (name === undefined ? [] : { name, mac, port }));
  const rows = [
    ...given.map(({ name, mac, port }) => [name, mac, port, flags.dryRun ? 'would be new' : 'new']),
    ...kept.map(({ name, mac, port }) => [name, mac, port, 'as before']),
  ];
  reporter.result({ path: path ?? null, named: given, kept, dryRun: flags.dryRun }, formatTable(rows));
}

async function ask(context: Context, names: readonly string[]): Promise<Choice> {
  const { reporter } = context;
  const done = reporter.busy('asking all boards who they are');
  try {
    const choice = await chooseBoards(context, names, { jobs: mostAtOnce });
    for (const { port, what } of choice.skipped) reporter.info(`${port} is left out: ${printableName(what)}`);
    for (const { error } of choice.missed) if (isUpywError(error)) reporter.warn(error.message);
    return choice;
  } finally {
    done();
  }
}

/** Throws `usage/bad-value`. */
function firstNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UpywError('usage/bad-value', {
    name: '--from',
    value: text,
    expected: 'a whole number from 0 on',
  });
}
