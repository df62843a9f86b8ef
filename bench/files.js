/**
 * Files between computer and board: upyw and mpremote on the same virtual board, in a process of its own, over RFC 2217.
 * Usage: PATH with mpremote first, then: node bench/files.js [ROW,…|all] [rounds] [latency]. All rows take several minutes;
 * `figures 5` alone tells whether what is promised holds.
 * The latency is that of the USB adapter's timer in ms: 1 is that of the usual ones, 0 of none there is.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Board, openPort } from '../build/index.js';
import { helperCall } from '../build/board/helpers/device-code.js';
import { getFloorMs, putFloorMs } from './floor.js';
import { time } from './measure.js';
import { ServedBoard, upyw } from './served-board.js';
import { Stopwatch } from './stopwatch.js';

const usualBaud = 115_200;
const raisedBaud = 921_600;
const rounds = Number(process.argv[3] ?? 1);
const adapter = `latency=${process.argv[4] ?? 1}`;
const folder = await mkdtemp(path.join(tmpdir(), 'upyw-bench-'));
const random = new Uint8Array(randomBytes(100_000));

/** @type {Record<string, () => Promise<void>>} */
const rows = {
  source: () => source('4 × 50 kB of Python, no speed-up', { turbo: false, files: 4, sizeBytes: 50_000 }),
  'source-turbo': () => source('4 × 50 kB of Python, sped up', { turbo: true, files: 4, sizeBytes: 50_000 }),
  random: () => randomBothWays({ turbo: false }),
  'random-turbo': () => randomBothWays({ turbo: true }),
  many: () => source('50 × 4 kB of Python, sped up', { turbo: true, files: 50, sizeBytes: 4000 }),
  figures,
  sync,
  ls,
  latency,
  memory,
  helpers,
};

/**
 * Python source as people write it: our own device code, with names numbered so that no two files are alike.
 * @param {number} sizeBytes
 * @param {number} number
 */
async function pythonSource(sizeBytes, number) {
  const device = new URL('../device/', import.meta.url);
  const names = (await readdir(device, { recursive: true })).filter((name) => name.endsWith('.py')).sort();
  const sources = await Promise.all(names.map((name) => readFile(new URL(name, device), 'utf8')));
  const rotated = [...sources.slice(number % sources.length), ...sources.slice(0, number % sources.length)];
  let text = '';
  for (let copy = 0; text.length < sizeBytes; copy += 1)
    text += rotated.join('').replaceAll('path', `path_${number}_${copy}`);
  return new TextEncoder().encode(text).subarray(0, sizeBytes);
}

/**
 * @param {string} options of the virtual board
 * @param {(board: ServedBoard) => Promise<void>} use
 */
async function withServed(options, use) {
  const board = await new ServedBoard(await mkdtemp(path.join(folder, 'board-')), options).ready();
  try {
    await use(board);
    console.log(`  bytes lost to the input ring: ${board.lostBytes}`);
  } finally {
    await board.close();
  }
}

/**
 * The best of the rounds.
 * @param {ServedBoard} board
 * @param {(round: number) => string[]} command
 */
async function best(board, command, { connects = true } = {}) {
  const result = { ms: Infinity, peakMb: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const { ms, peakMb } = await time(command(round));
    if (connects) await board.clientLeft();
    result.ms = Math.min(result.ms, ms);
    result.peakMb = Math.max(result.peakMb, peakMb);
  }
  return result;
}

/** @param {ServedBoard} board @param {string[]} args */
const ours = (board, ...args) => ['node', upyw, '-p', board.url, ...args];
/** @param {ServedBoard} board @param {string[]} args */
const theirs = (board, ...args) => ['mpremote', 'connect', board.url, ...args];

/**
 * @param {string} title
 * @param {{ mineMs: number, floorMs?: number, peerMs?: number }} figures
 */
function tell(title, { mineMs, floorMs, peerMs }) {
  const parts = [`upyw ${(mineMs / 1000).toFixed(2)} s`];
  if (floorMs !== undefined)
    parts.push(`floor ${(floorMs / 1000).toFixed(2)} s: ${(mineMs / floorMs).toFixed(2)} ×`);
  if (peerMs !== undefined)
    parts.push(`mpremote ${(peerMs / 1000).toFixed(2)} s: ${(peerMs / mineMs).toFixed(1)} times as long`);
  console.log(`${title}: ${parts.join(' · ')}`);
}

/**
 * Throws unless the board has that content there.
 * @param {ServedBoard} board
 * @param {string} name
 * @param {Uint8Array} content
 */
async function mustBeThere(board, name, content) {
  const { stdout } = await time(theirs(board, 'sha256sum', `:${name}`));
  await board.clientLeft();
  if (!stdout.includes(createHash('sha256').update(content).digest('hex')))
    throw new Error(`${name} arrived damaged`);
}

/**
 * @param {string} title
 * @param {{ turbo: boolean, files: number, sizeBytes: number }} work
 */
async function source(title, { turbo, files, sizeBytes }) {
  const here = await mkdtemp(path.join(folder, 'source-'));
  /** @type {Uint8Array[]} */
  const contents = [];
  for (let number = 0; number < files; number += 1) {
    const content = await pythonSource(sizeBytes, number);
    contents.push(content);
    await writeFile(path.join(here, `f${number}.py`), content);
  }
  const names = contents.map((_, number) => path.join(here, `f${number}.py`));
  const flags = turbo ? [] : ['--no-turbo'];
  await withServed(adapter, async (board) => {
    const folders = Array.from({ length: rounds }, (_, round) => [`:u${round}`, `:m${round}`]).flat();
    await time(theirs(board, 'mkdir', ...folders));
    await board.clientLeft();
    const mine = await best(board, (round) => ours(board, 'put', ...flags, ...names, `:u${round}/`));
    const peer = await best(board, (round) => theirs(board, 'cp', ...names, `:m${round}/`));
    await mustBeThere(board, 'u0/f0.py', /** @type {Uint8Array} */ (contents[0]));
    const floorMs = putFloorMs(contents, { baudRate: turbo ? raisedBaud : usualBaud, compressed: true });
    tell(title, { mineMs: mine.ms, floorMs, peerMs: peer.ms });
  });
}

/** @param {{ turbo: boolean }} options */
async function randomBothWays({ turbo }) {
  const local = path.join(folder, 'random.bin');
  const back = path.join(folder, 'back.bin');
  await writeFile(local, random);
  const flags = turbo ? [] : ['--no-turbo'];
  const line = { baudRate: turbo ? raisedBaud : usualBaud };
  const how = turbo ? 'sped up' : 'no speed-up';
  await withServed(adapter, async (board) => {
    const up = await best(board, (round) => ours(board, 'put', ...flags, local, `:r${round}.bin`));
    const down = await best(board, () => ours(board, 'get', ...flags, ':r0.bin', back));
    if (Buffer.compare(await readFile(back), random) !== 0) throw new Error('it came back damaged');
    tell(`100 kB random up, ${how}`, { mineMs: up.ms, floorMs: putFloorMs([random], line) });
    tell(`100 kB random down, ${how}`, { mineMs: down.ms, floorMs: getFloorMs([random], line) });
  });
}

/** The wire's time for so much. @param {number} sizeBytes @param {number} baudRate */
const wireMs = (sizeBytes, baudRate) => (sizeBytes * 10_000) / baudRate;

/** What is promised: at most so many times the wire's time, the process's start or the peer's time, all in one run. */
async function figures() {
  const local = path.join(folder, 'figures.bin');
  const back = path.join(folder, 'figures-back.bin');
  await withServed(adapter, async (board) => {
    const start = await best(board, () => ours(board, '--version'), { connects: false });
    for (const { sizeBytes, baudRate, flags, limit, withStart } of [
      { sizeBytes: 100_000, baudRate: raisedBaud, flags: [], limit: 1.4, withStart: true },
      { sizeBytes: 20_000, baudRate: usualBaud, flags: ['--no-turbo'], limit: 1.25, withStart: false },
    ]) {
      await writeFile(local, random.subarray(0, sizeBytes));
      await best(board, () => ours(board, 'put', local, ':figures.bin'));
      const down = await best(board, () => ours(board, 'get', '-y', ...flags, ':figures.bin', back));
      const floorMs = wireMs(sizeBytes, baudRate) + (withStart ? start.ms : 0);
      promise(`get of ${sizeBytes / 1000} kB at ${baudRate}`, down.ms / floorMs, limit);
    }
    const mine = await best(board, () => ours(board, 'exec', '1'));
    const peer = await best(board, () => theirs(board, 'exec', '1'));
    promise('exec 1, of what mpremote takes', mine.ms / peer.ms, 0.45);
  });
}

/** @param {string} title @param {number} ratio @param {number} limit */
function promise(title, ratio, limit) {
  console.log(`${title}: ${ratio.toFixed(2)} × (at most ${limit} ×)${ratio > limit ? ' MISSED' : ''}`);
}

async function sync() {
  const here = path.join(folder, 'sync');
  await mkdir(here);
  for (let number = 0; number < 50; number += 1)
    await writeFile(path.join(here, `f${number}.py`), await pythonSource(4000, number));
  await withServed(adapter, async (board) => {
    await time(ours(board, 'sync', here));
    await board.clientLeft();
    const { ms } = await best(board, () => ours(board, 'sync', here));
    tell('sync of 50 unchanged files of 4 kB', { mineMs: ms });
  });
}

/** How many programs the board is given: each is one round trip or, of more than a line, one more to open raw paste. */
async function ls() {
  await withServed('unpaced', async (board) => {
    const port = new Stopwatch(await openPort(board.url));
    const mpy = await Board.connect(port);
    const make = 'for i in range(300): open("f%03d.txt" % i, "w").close()';
    await mpy.run(make);
    port.from(() => true);
    const entries = await mpy.list('/', { recursive: true });
    console.log(`ls -R of ${entries.length} files: ${port.programs} program(s) run on the board`);
    await mpy.disconnect();
    await port.close();
    await board.clientLeft();
  });
}

/** An adapter's latency timer must not show: the wire is kept busy meanwhile. */
async function latency() {
  const local = path.join(folder, 'latency.bin');
  const back = path.join(folder, 'latency-back.bin');
  await writeFile(local, random);
  /** @type {{ up: number, down: number }[]} */
  const found = [];
  for (const ms of [1, 8, 16]) {
    await withServed(`latency=${ms}`, async (board) => {
      const up = await best(board, (round) => ours(board, 'put', '--no-turbo', local, `:r${round}.bin`));
      const down = await best(board, () => ours(board, 'get', '--no-turbo', ':r0.bin', back));
      tell(`100 kB random up, ${ms} ms of latency`, { mineMs: up.ms });
      tell(`100 kB random down, ${ms} ms of latency`, { mineMs: down.ms });
      found.push({ up: up.ms, down: down.ms });
    });
  }
  for (const way of /** @type {const} */ (['up', 'down'])) {
    const first = found[0]?.[way] ?? NaN;
    const last = found.at(-1)?.[way] ?? NaN;
    console.log(`from 1 to 16 ms of latency, ${way}: ${((last / first - 1) * 100).toFixed(1)} % more`);
  }
}

/** The client's memory must not grow with the file. */
async function memory() {
  await withServed('unpaced', async (board) => {
    for (const sizeBytes of [10_000, 1_000_000]) {
      const local = path.join(folder, `memory-${sizeBytes}.bin`);
      await writeFile(local, randomBytes(sizeBytes));
      const up = await best(board, () => ours(board, 'put', local, ':memory.bin'));
      const down = await best(board, () => ours(board, 'get', ':memory.bin', `${local}.back`));
      console.log(
        `${sizeBytes} bytes: peak ${up.peakMb.toFixed(0)} MB up, ${down.peakMb.toFixed(0)} MB down`,
      );
    }
  });
}

/** What is on the wire before the first byte of a file. */
async function helpers() {
  const put = await helperCall('receive', '01234567', [['main.py', 4000]]);
  const get = await helperCall('send', ['main.py'], 0);
  const raise = await helperCall('speed_up', '012345', [13_631_574, 10_485_933], 3);
  const lower = await helperCall('slow_down', '012345', 11_534_344, 67_108_892);
  const sizes = Object.entries({ put, get, raise, lower }).map(([name, code]) => `${name} ${code.length}`);
  console.log(`bytes of Python sent first: ${sizes.join(', ')}`);
}

try {
  const asked = (process.argv[2] ?? 'all') === 'all' ? Object.keys(rows) : (process.argv[2] ?? '').split(',');
  for (const name of asked) {
    const row = rows[name];
    if (row === undefined) throw new Error(`no row ${name}; there are ${Object.keys(rows).join(', ')}`);
    await row();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
