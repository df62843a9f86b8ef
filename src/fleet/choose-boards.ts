import pMap from 'p-map';
import { type NamedBoards, loadBoards } from '../config/boards/load-boards.js';
import type { BoardFacts } from '../config/boards/own-values.js';
import { findBoards, requireBoard, whoIsOn } from '../connecting/find-board.js';
import type { Context } from '../context.js';
import { UpywError } from '../errors.js';
import { shownAddress } from '../shown-address.js';
import { withoutOptions } from '../transport/many-ports.js';
import { type OtherPort, type Target, findTargets } from './targets.js';

/** A board to work on, and where it is. */
export interface ChosenBoard extends BoardFacts {
  /** As an opener takes it. */
  readonly port: string;
  /** What it is called in all that is said: its name, or its port. */
  readonly label: string;
}

/** A board that was asked for and cannot be worked on. */
export interface MissedBoard {
  readonly port: string;
  readonly label: string;
  readonly name?: string | undefined;
  readonly mac?: string | undefined;
  readonly error: unknown;
}

/** What names stand for, asked and sorted. */
export interface Choice {
  readonly boards: readonly ChosenBoard[];
  readonly missed: readonly MissedBoard[];
  /** Ports that nobody named and that have no board, or a board that was there already. */
  readonly skipped: readonly OtherPort[];
}

export interface ChooseOptions {
  /** How many ports are asked at once. */
  readonly jobs: number;
  /** Hears how it goes on. */
  readonly onAsked?: (asked: number, total: number) => void;
}

/** What came of asking one target. */
interface Asked {
  readonly target: Target;
  readonly port: string;
  readonly mac?: string | undefined;
  readonly error?: unknown;
}

/**
 * Finds out which boards the names of ports stand for: each port is asked who is there. Throws `port/none` where `all` finds nothing, `port/no-match`,
 * `usage/bad-port`, `name/unknown`, `config/…`, `run/interrupted`.
 */
export async function chooseBoards(
  context: Context,
  names: readonly string[],
  options: ChooseOptions,
): Promise<Choice> {
  const named = await loadBoards(context.world.cwd);
  const { targets, others } = await findTargets(names, context.world, named);
  return askTargets(context, { targets, others, named }, options);
}

/** The same for targets that are known. */
export async function askTargets(
  context: Context,
  {
    targets,
    others,
    named,
  }: { targets: readonly Target[]; others: readonly OtherPort[]; named: NamedBoards },
  { jobs, onAsked }: ChooseOptions,
): Promise<Choice> {
  const boards = targets.filter((target) => target.kind === 'board');
  const ports = targets.filter((target) => target.kind === 'port');
  let count = 0;
  const ask = async (target: Target & { kind: 'port' }): Promise<Asked> => {
    const asked = await askPort(context, target);
    onAsked?.((count += 1), ports.length);
    return asked;
  };
  const askedPorts = await pMap(ports, ask, { concurrency: jobs });
  const found = new Map(
    [...askedPorts, ...(await findNamed(context, boards))].map((each) => [each.target, each]),
  );
  const asked = targets.flatMap((target) => found.get(target) ?? []);
  return sortOut(asked, named, others);
}

async function askPort(context: Context, target: Target & { kind: 'port' }): Promise<Asked> {
  const { address } = target;
  try {
    if (address.startsWith('sim:'))
      return { target, port: address, mac: await context.world.virtualBoards.macOf(address) };
    return { target, port: address, mac: (await whoIsOn(context, address, context.way))?.mac };
  } catch (error) {
    if (context.world.signal.aborted || !(error instanceof UpywError)) throw error;
    return { target, port: address, error };
  }
}

async function findNamed(
  context: Context,
  boards: readonly (Target & { kind: 'board' })[],
): Promise<Asked[]> {
  const anywhere = boards.filter(({ port }) => port === undefined);
  const { found, asked } =
    anywhere.length === 0
      ? { found: new Map<string, string>(), asked: [] }
      : await findBoards(context, new Set(anywhere.map(({ mac }) => mac)), context.way);
  return Promise.all(
    boards.map(async (target) => {
      const { name, mac, port } = target;
      try {
        if (port !== undefined)
          return { target, port: await requireBoard(context, { name, mac, port }, context.way), mac };
        const path = found.get(mac);
        if (path !== undefined) return { target, port: path, mac };
        throw new UpywError('name/not-here', { name, mac, asked: [...asked] });
      } catch (error) {
        if (context.world.signal.aborted || !(error instanceof UpywError)) throw error;
        return { target, port: port ?? '', mac, error };
      }
    }),
  );
}

function sortOut(asked: readonly Asked[], named: NamedBoards, others: readonly OtherPort[]): Choice {
  const boards: ChosenBoard[] = [];
  const missed: MissedBoard[] = [];
  const skipped = [...others];
  for (const { target, port, mac, error } of asked) {
    const shown = shownAddress(port);
    const { name, index } = named.boards.find((board) => board.mac === mac) ?? {};
    const label = name ?? (target.kind === 'board' ? target.name : withoutOptions(shown).text);
    const same = boards.find((board) => mac !== undefined && board.mac === mac);
    if (error !== undefined) missed.push({ port: shown, label, name, mac, error });
    else if (same !== undefined)
      skipped.push({ port: shown, what: `the same board as ${shownAddress(same.port)} (${mac ?? ''})` });
    else if (mac === undefined && target.kind === 'port' && target.isGuess)
      skipped.push({ port: shown, what: 'no board answers' });
    else boards.push({ port, label, name, mac, index });
  }
  return { boards, missed, skipped };
}
