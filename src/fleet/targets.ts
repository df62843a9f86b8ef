import { realpath } from 'node:fs/promises';
import { type NamedBoards, boardNamed } from '../config/boards/load-boards.js';
import { boardNameIn } from '../config/boards/board-name.js';
import { UpywError } from '../errors.js';
import { shownAddress } from '../shown-address.js';
import type { PortInfo } from '../transport/port.js';
import { everyBoard, meansMany, withoutOptions } from '../transport/many-ports.js';
import { parsePortName, resolvePortName } from '../transport/port-name.js';
import { isLikelyBoard } from '../transport/serial/bridges.js';
import type { World } from '../world.js';

/** A port, or a board by its MAC, that a name on the command line stands for. */
export type Target =
  | {
      readonly kind: 'port';
      readonly address: string;
      /** Nobody named it: where nobody answers there is no board. */
      readonly isGuess: boolean;
    }
  | {
      readonly kind: 'board';
      readonly name: string;
      readonly mac: string;
      readonly port?: string | undefined;
    };

/** A port that `all` passes over without opening it. */
export interface OtherPort {
  readonly port: string;
  readonly what: string;
}

/** What the names stand for, each once. */
export interface Targets {
  readonly targets: readonly Target[];
  readonly others: readonly OtherPort[];
}

/** What the names of ports stand for, in their order. Throws `port/no-match`, `port/none`, `usage/bad-port`, `name/unknown`. */
export async function findTargets(
  names: readonly string[],
  world: Pick<World, 'listPorts' | 'virtualBoards'>,
  named: NamedBoards,
): Promise<Targets> {
  const targets = new Map<string, Target>();
  const others: OtherPort[] = [];
  for (const name of names) {
    const found = name === everyBoard ? await everyPort(world, others) : await targetsOf(name, world, named);
    for (const target of found) {
      const key =
        target.kind === 'board' ? target.mac : await realpath(target.address).catch(() => target.address);
      if (!targets.has(key)) targets.set(key, target);
    }
  }
  return { targets: [...targets.values()], others };
}

/** In the order in which they are plugged into the hubs. */
async function everyPort({ listPorts }: Pick<World, 'listPorts'>, others: OtherPort[]): Promise<Target[]> {
  const ports = byPlace(await listPorts());
  for (const { path, manufacturer } of ports.filter((port) => !isLikelyBoard(port))) {
    others.push({ port: path, what: manufacturer ?? 'no adapter that boards have' });
  }
  return ports.filter(isLikelyBoard).map(({ path }) => ({ kind: 'port', address: path, isGuess: true }));
}

/** Ports in the order of the hubs' sockets; those of which that is not known stay in the order of their names, behind. */
export function byPlace(ports: readonly PortInfo[]): PortInfo[] {
  return [...ports].sort((a, b) =>
    (a.location ?? '~').localeCompare(b.location ?? '~', 'en', { numeric: true }),
  );
}

async function targetsOf(
  name: string,
  world: Pick<World, 'listPorts' | 'virtualBoards'>,
  named: NamedBoards,
): Promise<Target[]> {
  const asked = boardNameIn(name);
  if (!meansMany(name)) {
    if (asked !== undefined) return [boardTarget(named, asked)];
    const { address } = await resolvePortName(name, world.listPorts);
    return [{ kind: 'port', address, isGuess: false }];
  }
  const { text, options } = withoutOptions(name);
  const fits = await matcher(text);
  const known = await candidates(text, world, named);
  const found = known.filter(({ called }) => fits(called));
  if (found.length === 0) {
    throw new UpywError('port/no-match', {
      pattern: shownAddress(name),
      known: known.map(({ called }) => called),
    });
  }
  return found.map(({ called, address }) =>
    asked === undefined
      ? { kind: 'port', address: address + options, isGuess: false }
      : boardTarget(named, boardNameIn(called) ?? ''),
  );
}

function boardTarget(named: NamedBoards, asked: string): Target {
  const { name, mac, settings } = boardNamed(named, asked);
  const { port } = settings as { port?: string };
  return { kind: 'board', name, mac, port };
}

interface Candidate {
  /** As the pattern would name it. */
  readonly called: string;
  readonly address: string;
}

async function candidates(
  pattern: string,
  { listPorts, virtualBoards }: Pick<World, 'listPorts' | 'virtualBoards'>,
  named: NamedBoards,
): Promise<Candidate[]> {
  const as = (called: string, address = called) => ({ called, address });
  if (pattern.startsWith('sim:')) return (await virtualBoards.list()).map(({ name }) => as(`sim:${name}`));
  if (boardNameIn(pattern) !== undefined) return named.boards.map(({ name }) => as(`name:${name}`));
  const ports = byPlace(await listPorts());
  if (pattern.startsWith('id:')) {
    return ports.flatMap(({ path, usb }) =>
      usb?.serialNumber === undefined ? [] : as(`id:${usb.serialNumber}`, path),
    );
  }
  // As a name without signs would be read: `u*` is /dev/ttyUSB*, `COM*` and `c*` are Windows' ports.
  return ports.map(({ path }) => as(path));
}

async function matcher(pattern: string): Promise<(text: string) => boolean> {
  const { default: picomatch } = await import('picomatch');
  const whole = /^(?:sim|name|id):/.test(pattern) ? pattern : devicePattern(pattern);
  return picomatch(whole, { nocase: true, noextglob: true, nonegate: true, bash: true });
}

/** The signs take the place of what a device's name has there. */
function devicePattern(pattern: string): string {
  const start = /^[^*?[{]*/.exec(pattern)?.[0] ?? '';
  if (start === '') return pattern;
  const signs = pattern.slice(start.length);
  const request = parsePortName(/^[auc]$|^(?:tty|cu\.)|^COM$/i.test(start) ? `${start}0` : start);
  const address = request.kind === 'serial' ? request.address : start;
  return (address === start ? address : address.replace(/0$/, '')) + signs;
}
