import { type NamedBoards, loadBoards } from '../config/boards/load-boards.js';
import { boardNameIn } from '../config/boards/board-name.js';
import type { Context } from '../context.js';
import { isUpywError } from '../errors.js';
import { pause } from '../pause.js';
import { askTargets, type Choice, type ChosenBoard } from './choose-boards.js';
import type { FleetView } from './fleet-view.js';
import type { FleetOptions } from './fleet-options.js';
import { everyBoard } from '../transport/many-ports.js';
import { type Target, type Targets, findTargets } from './targets.js';

const lookAgainMs = 500;
/** A system may need so long until a port that was plugged in can be opened. */
const settleMs = 500;

/**
 * Boards as they are plugged in, until Ctrl-C: those of `first`, then what is there, then what comes. One that was done comes again only with
 * `again`.
 */
export async function* boardsInTurn(
  context: Context,
  first: Choice,
  { ports, again = false, jobs = Infinity }: FleetOptions,
  view: FleetView,
): AsyncGenerator<Choice> {
  const { signal } = context.world;
  const done = new Set(first.boards.map(({ mac }) => mac));
  let present = new Set<string>();
  let others: Choice['skipped'] = [];
  view.note('each board that is plugged in is worked on, until Ctrl-C');
  if (first.boards.length > 0) yield first;
  while (!signal.aborted) {
    const named = await loadBoards(context.world.cwd);
    const found = await presentTargets(context, ports, named);
    const fresh = found.targets.filter((target) => !present.has(addressOf(target)));
    present = new Set(found.targets.map(addressOf));
    if (fresh.length > 0) {
      await pause(settleMs, signal);
      const asked = { targets: fresh, others: found.others.filter(({ port }) => !isIn(others, port)), named };
      others = found.others;
      const choice = await askTargets(context, asked, { jobs });
      const wanted = choice.boards.filter((board) => isWanted(board, ports));
      const boards = wanted.filter(({ mac }) => again || mac === undefined || !done.has(mac));
      for (const board of wanted) {
        if (!boards.includes(board)) view.note(`${board.label} is done already: --again does it once more`);
        done.add(board.mac);
      }
      if (boards.length + choice.missed.length + choice.skipped.length > 0) yield { ...choice, boards };
    }
    await pause(lookAgainMs, signal);
  }
}

function isIn(ports: Choice['skipped'], wanted: string): boolean {
  return ports.some(({ port }) => port === wanted);
}

function addressOf(target: Target): string {
  return target.kind === 'port' ? target.address : target.mac;
}

/** Boards that are named are looked for on all ports: which one they will be plugged into nobody knows. */
function isWanted({ name }: ChosenBoard, ports: readonly string[]): boolean {
  const names = ports.flatMap((port) => boardNameIn(port) ?? []);
  return names.length === 0 || names.length < ports.length || (name !== undefined && names.includes(name));
}

/** What is plugged in now. Nothing is no mistake here: it may come. */
async function presentTargets(
  { world }: Context,
  ports: readonly string[],
  named: NamedBoards,
): Promise<Targets> {
  const places = ports.filter((port) => boardNameIn(port) === undefined);
  try {
    return await findTargets(places.length === 0 ? [everyBoard] : places, world, named);
  } catch (error) {
    if (isUpywError(error, 'port/no-match', 'port/none')) return { targets: [], others: [] };
    throw error;
  }
}
