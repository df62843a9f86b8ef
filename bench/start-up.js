/**
 * What upyw costs before it does anything: --version and --help against Node doing nothing, and a listing of a board that is
 * already on against --version; by time, and by instructions where valgrind is installed.
 * Usage: node bench/start-up.js [rounds] [another Node, such as node-windows: time only, without the board]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countInstructions } from './instructions.js';
import { race } from './measure.js';
import { ServedBoard, upyw } from './served-board.js';

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {string[]} args what Node is given
 * @property {Contestant} [against] whom it is measured against
 * @property {number} [most] how many times that it may take
 */

const node = process.argv[3] ?? process.execPath;
const isOwnNode = node === process.execPath;
const bare = { name: 'node -e 0', args: ['-e', '0'] };
const version = { name: 'upyw --version', args: [upyw, '--version'], against: bare, most: 1.25 };
const help = { name: 'upyw --help', args: [upyw, '--help'], against: bare, most: 1.45 };
const ls = { name: 'upyw ls', args: [upyw, '-p', 'sim:bench', 'ls'], against: version, most: 1.7 };
/** @type {Contestant[]} */
const contestants = isOwnNode ? [bare, version, help, ls] : [bare, version, help];

const rounds = Number(process.argv[2] ?? 20);
const folder = await mkdtemp(join(tmpdir(), 'upyw-bench-'));
process.env['UPYW_SIM_DIR'] = join(folder, 'boards');
// No project's config on the way: where it is looked for is part of the work.
process.chdir(folder);
const board = await new ServedBoard(folder, 'unpaced').ready();
try {
  const times = await race(
    contestants.map(({ name, args }) => ({ name, command: () => [node, ...args] })),
    rounds,
  );
  tell(
    `best of ${rounds}, in ms`,
    times.map(({ ms }) => ms),
  );
  const counts = contestants.map(({ args }) => (isOwnNode ? countInstructions([node, ...args]) : undefined));
  if (!isOwnNode) console.log(`instructions: not counted for ${node}`);
  else if (counts.includes(undefined)) console.log('instructions: not counted, there is no valgrind here');
  else
    tell(
      'instructions, in millions',
      counts.map((count) => Number(count) / 1e6),
    );
} finally {
  await board.close();
  process.chdir(tmpdir());
  await rm(folder, { recursive: true });
}

/**
 * @param {string} title
 * @param {number[]} values in the order of the contestants
 */
function tell(title, values) {
  console.log(title);
  for (const [index, { name, against, most }] of contestants.entries()) {
    const value = values[index] ?? NaN;
    let ratio = '';
    if (against !== undefined) {
      const times = value / (values[contestants.indexOf(against)] ?? NaN);
      ratio = `  ${times.toFixed(2)} x ${against.name} (at most ${most})`;
    }
    console.log(`  ${name.padEnd(16)} ${value.toFixed(0).padStart(6)}${ratio}`);
  }
}
