import type { KnownBoard } from '../config/load-settings.js';
import { macFrom } from '../config/boards/mac.js';
import type { Context, Way } from '../context.js';
import { UpywError, isConnectionError } from '../errors.js';
import { openPort } from '../transport/open-port.js';
import type { PortInfo } from '../transport/port.js';
import { isLikelyBoard } from '../transport/serial/bridges.js';
import { shownAddress } from '../shown-address.js';
import { type Identity, identify } from './identify.js';

/**
 * The port that a board is on now. Nothing is remembered from the last time: a port is that board's when who is there says so.
 * Boards that are asked on the way are interrupted. Throws `name/not-here`, `name/other-board`, `port/…`, `run/interrupted`.
 */
export async function findBoard(context: Context, board: KnownBoard, way: Way): Promise<string> {
  const { name = board.mac, mac, port } = board;
  if (port !== undefined) return requireBoard(context, { name, mac, port }, way);
  const { found, asked } = await findBoards(context, new Set([mac]), way);
  const path = found.get(mac);
  if (path === undefined) throw new UpywError('name/not-here', { name, mac, asked: [...asked] });
  return path;
}

/** Where its entry says that it is. Throws `name/other-board`. */
export async function requireBoard(
  context: Context,
  { name, mac, port }: { readonly name: string; readonly mac: string; readonly port: string },
  way: Way,
): Promise<string> {
  const there = await whoIsOn(context, port, way);
  if (there?.mac === mac) return port;
  const details = { name, mac, port: shownAddress(port) };
  throw new UpywError('name/other-board', there === undefined ? details : { ...details, found: there.mac });
}

/** Where boards are. */
export interface BoardsFound {
  /** Their ports by their MACs. */
  readonly found: ReadonlyMap<string, string>;
  /** The ports on which they were looked for. */
  readonly asked: readonly string[];
}

/**
 * The ports of the boards with these MACs, as far as they are here. All ports are asked at once; when all boards are found, the asking ends.
 * A port that another program uses has none of them, and those of `except` are not asked.
 */
export async function findBoards(
  context: Context,
  macs: ReadonlySet<string>,
  way: Way,
  except: ReadonlySet<string> = new Set(),
): Promise<BoardsFound> {
  const found = new Map<string, string>();
  // The MAC of a virtual board is made from its name: there is nobody else it could be.
  for (const { name, mac } of await context.world.virtualBoards.list()) {
    if (macs.has(mac)) found.set(mac, `sim:${name}`);
  }
  const here = await context.world.listPorts();
  const ports = portsToAsk(
    here.filter(({ path }) => !except.has(path)),
    macs,
  );
  const done = new AbortController();
  const world = { ...context.world, signal: AbortSignal.any([context.world.signal, done.signal]) };
  const ask = async ({ path }: PortInfo) => {
    try {
      const there = await whoIsOn({ ...context, world }, path, way);
      if (there !== undefined && macs.has(there.mac)) found.set(there.mac, path);
      if (found.size === macs.size) done.abort();
    } catch (error) {
      const isOver = done.signal.aborted && !context.world.signal.aborted;
      if (!isOver && !isConnectionError(error)) throw error;
    }
  };
  if (found.size < macs.size) await Promise.all(ports.map(ask));
  return { found, asked: ports.map(({ path }) => path) };
}

/** Espressif's own USB port has the MAC for its serial number: one with another board's is not asked. */
function portsToAsk(ports: readonly PortInfo[], macs: ReadonlySet<string>): PortInfo[] {
  const likely = ports.filter(isLikelyBoard);
  const saying = (port: PortInfo) => macFrom(port.usb?.serialNumber ?? '');
  const right = likely.filter((port) => macs.has(saying(port) ?? ''));
  return right.length === macs.size
    ? right
    : likely.filter((port) => macs.has(saying(port) ?? [...macs][0] ?? ''));
}

/** Opens a port, asks, and closes it. Throws `port/…`, `run/interrupted`. */
export async function whoIsOn(context: Context, name: string, way: Way): Promise<Identity | undefined> {
  const { world, loadSettings } = context;
  const { values } = await loadSettings();
  const port = await openPort(name, { baudRate: values.baud, signal: world.signal }, world);
  try {
    return await identify(context, port, way);
  } finally {
    await port.close();
  }
}
