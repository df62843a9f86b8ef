import { Catalogue } from '../catalogue/catalogue.js';
import { boardForChip } from '../catalogue/board-for-chip.js';
import { parseVersion } from '../catalogue/release.js';
import type { Context } from '../context.js';
import { parseLocation } from '../net/location.js';
import { openNet } from '../net/net.js';
import { type BoardLook, green, lookAtBoard } from './board.js';
import { lookAtNode, lookAtServices, lookAtShell } from './computer.js';
import type { Finding } from './finding.js';
import { waitForPlug } from './plug.js';
import { lookAtPorts } from './ports.js';
import { measureSpeed } from './speed.js';

export interface ExamineOptions {
  readonly plug: boolean;
  readonly speed: boolean;
  /** Called with each finding as it is made. */
  readonly onFinding: (finding: Finding) => void;
}

/** Looks at this computer, its ports and the board in force, in the order in which they build on one another. */
export async function examine(context: Context, options: ExamineOptions): Promise<Finding[]> {
  const { world } = context;
  const findings: Finding[] = [];
  const tell = (found: readonly Finding[]) => {
    for (const each of found) options.onFinding(each);
    findings.push(...found);
  };
  tell(await lookAtNode(world));
  tell(await lookAtShell(world));
  tell(await lookAtServices(world));
  const { values } = await context.loadSettings();
  const isSerial = !/^(?:sim:|socket:|rfc2217:)/.test(values.port);
  if (options.plug) tell([await waitForPlug(world, world.now)]);
  if (isSerial) tell(await lookAtPorts(world));
  // A port that is not there, or not ours, has been told with more than opening it would say.
  if (findings.some(({ id, level }) => level === 'red' && /^(?:ports|node|plug)\//.test(id))) return findings;
  const look = await lookAtBoard(context);
  tell(look.findings);
  tell(await lookAtAge(context, look));
  if (options.speed && !look.findings.some(({ level }) => level === 'red')) tell(await measureSpeed(context));
  return findings;
}

/** Its firmware against the newest that is known here; nobody is asked for that. */
async function lookAtAge(context: Context, { info, chip }: BoardLook): Promise<Finding[]> {
  if (info === undefined || chip === undefined) return [];
  const board = boardForChip({ name: chip.name, features: [], model: '', flashSizeBytes: Infinity })?.board;
  if (board === undefined) return [];
  const { values } = await context.loadSettings();
  const base = parseLocation(values['firmware.url'] ?? 'https://micropython.org/', {
    cwd: context.world.cwd,
    name: 'firmware.url',
  });
  const net = openNet(context.world);
  const newest = await new Catalogue(net, base).newestKnown(board);
  const here = parseVersion(info.version);
  if (newest === undefined || here === undefined) return [];
  const isOld = [0, 1, 2]
    .map((at) => (newest.version.numbers[at] ?? 0) - (here.numbers[at] ?? 0))
    .find((d) => d !== 0);
  if ((isOld ?? 0) <= 0)
    return [green('board/age', `MicroPython ${info.version} is the newest that is known here`)];
  const text = `MicroPython ${newest.version.text.slice(1)} is out, the board has ${info.version}`;
  const next = 'When you like: upyw flash --keep-files';
  return [{ id: 'board/age', level: 'yellow', text, next }];
}
