import { Writable } from 'node:stream';
import { findBoards } from '../connecting/find-board.js';
import type { Context } from '../context.js';
import { UpywError, isUpywError } from '../errors.js';
import { pause } from '../pause.js';
import type { PortOpener } from '../transport/port.js';
import type { Output, World } from '../world.js';
import type { ChosenBoard } from './choose-boards.js';

/** How long a port that went away as its board was reset may take to come back, perhaps under another name. */
const comeBackMs = 6_000;
const lookAgainMs = 250;

/** Ports that are some board's now, so that nobody else looks there. */
export type TakenPorts = Map<ChosenBoard, string>;

interface Shared {
  readonly context: Context;
  readonly taken: TakenPorts;
}

/**
 * The world as one of many boards sees it: its stdin is its own, what it writes past its reporter goes nowhere, and its port is found again where
 * it comes back under another name.
 */
export function boardWorld(
  { context, taken }: Shared,
  board: ChosenBoard,
  parts: Pick<World, 'stdin' | 'prompts' | 'signal'>,
): World {
  const { world } = context;
  const serial: PortOpener = async (address, options) => {
    const path = address === board.port ? (taken.get(board) ?? address) : address;
    try {
      return await world.openers.serial(path, options);
    } catch (error) {
      if (!isUpywError(error, 'port/not-found', 'port/lost') || board.mac === undefined) throw error;
      const found = await findAgain({ context, taken }, board, parts.signal);
      if (found === undefined) throw error;
      taken.set(board, found);
      return world.openers.serial(found, options);
    }
  };
  return {
    ...world,
    ...parts,
    openers: { ...world.openers, serial },
    stdout: nowhere(false),
    stderr: nowhere(world.stderr.isTTY === true),
  };
}

/** Only ports that no other board has are asked. */
async function findAgain(
  { context, taken }: Shared,
  board: ChosenBoard,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { mac = '' } = board;
  const { now } = context.world;
  // It was on a serial port, so it is no virtual one.
  const virtualBoards = { ...context.world.virtualBoards, list: () => Promise.resolve([]) };
  const world = { ...context.world, signal, virtualBoards };
  for (const startedMs = now(); now() - startedMs < comeBackMs;) {
    const others = new Set([...taken].flatMap(([other, port]) => (other === board ? [] : port)));
    const { found } = await findBoards({ ...context, world }, new Set([mac]), context.way, others);
    const path = found.get(mac);
    if (path !== undefined) return path;
    await pause(lookAgainMs, signal);
  }
  return undefined;
}

function nowhere(isTTY: boolean): Output {
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
  return Object.assign(stream, { isTTY });
}

/** Throws `run/interrupted` for a board that nobody waits for any more. */
export function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new UpywError('run/interrupted', {});
}
