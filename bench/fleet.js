/**
 * Many boards at once against one: each flashed and provisioned, on paced virtual boards in processes of their own. Prints ratios, how long the event
 * loop was held at most, and memory per further board. Where the computer has no CPU left for that many processes, use fewer boards, or `unpaced` to see what
 * upyw itself takes.
 * Usage: node bench/fleet.js [boards=16] [unpaced] [faults]
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { buildStandIn } from '../build/sim/chip/stand-in.js';
import { ServedBoard, upyw } from './served-board.js';

const words = process.argv.slice(2);
const count = Number(words.find((word) => /^\d+$/.test(word)) ?? 16);
const pace = words.includes('unpaced') ? '&unpaced' : '';
const faults = words.includes('faults') ? ['silence', 'noise:0.3', 'power-loss:60000'] : [];
const folder = await mkdtemp(path.join(tmpdir(), 'upyw-bench-'));
const firmware = path.join(folder, 'firmware.bin');
await writeFile(firmware, buildStandIn());
await writeFile(path.join(folder, 'package.json'), '{}');

/**
 * @param {number} index
 * @returns {string}
 */
function faultOf(index) {
  return faults.length > 0 && index % 4 === 3
    ? `&fault=${faults[Math.floor(index / 4) % faults.length]}`
    : '';
}

/**
 * @param {string[]} urls
 * @param {string} name
 */
async function flash(urls, name) {
  const loop = path.join(folder, `${name}.json`);
  const report = path.join(folder, `${name}-report.json`);
  const ports = urls.flatMap((url) => ['-p', url]);
  const hook = new URL('./fleet-loop.js', import.meta.url).href;
  const args = [
    '--import',
    hook,
    upyw,
    ...ports,
    '--jobs',
    '64',
    '--report',
    report,
    '-y',
    '--quiet',
    'flash',
    firmware,
  ];
  const more = ['--provision', '--ssid', 'lab'];
  const env = { ...process.env, UPYW_BENCH_LOOP: loop, UPYW_WIFI_PASSWORD: 'correct horse' };
  const startMs = performance.now();
  const child = spawn('node', [...args, ...more], { env, cwd: folder, stdio: 'ignore' });
  const usedBefore = cpus().reduce((sum, { times }) => sum + times.idle, 0);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const ms = performance.now() - startMs;
  const idleMs = cpus().reduce((sum, { times }) => sum + times.idle, 0) - usedBefore;
  const { boards } = JSON.parse(await readFile(report, 'utf8'));
  const { startHeldMs, heldMs, p99Ms, peakMb } = JSON.parse(await readFile(loop, 'utf8'));
  return { ms, code, boards, startHeldMs, heldMs, p99Ms, peakMb, idle: idleMs / (ms * cpus().length) };
}

const options = `wifi=lab:correct%20horse${pace}`;
/** @type {ServedBoard[]} */
const boards = [];
try {
  for (let index = 0; index <= count; index += 1) {
    const fault = index === 0 ? '' : faultOf(index - 1);
    boards.push(
      await new ServedBoard(path.join(folder, String(index)), options + fault, `bench${index}`).ready(),
    );
  }
  const [first, ...others] = boards.map(({ url }) => url);
  const one = await flash([first ?? ''], 'one');
  const all = await flash(others, 'all');
  const ok = all.boards.filter((/** @type {{ result: string }} */ { result }) => result === 'ok').length;
  console.log(
    `${count} boards against one: ${(all.ms / one.ms).toFixed(2)} x (${(one.ms / 1000).toFixed(1)} s, ${(all.ms / 1000).toFixed(1)} s), aim 1.25`,
  );
  console.log(
    `  CPU left: ${(one.idle * 100).toFixed(0)} % with one, ${(all.idle * 100).toFixed(0)} % with all; load ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`,
  );
  for (const [what, { startHeldMs, heldMs, p99Ms }] of Object.entries({ one, all }))
    console.log(
      `  event loop held with ${what}: at most ${heldMs.toFixed(0)} ms (99.9 %: ${p99Ms.toFixed(0)} ms), aim 20; ${startHeldMs.toFixed(0)} ms while it started`,
    );
  console.log(
    `  memory per further board ${((all.peakMb - one.peakMb) / Math.max(1, count - 1)).toFixed(1)} MB, aim 12`,
  );
  console.log(`  ${ok} of ${count} verified, exit code ${all.code}`);
  for (const { board, code, message } of all.boards) if (code) console.log(`  ${board}: ${code}: ${message}`);
} finally {
  await Promise.all(boards.map((board) => board.close()));
  await rm(folder, { recursive: true, force: true });
}
