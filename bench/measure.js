/**
 * Measuring on a noisy machine: the contestants take turns, the minimum of many rounds counts, and what is reported is a ratio.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {(round: number) => string[]} command program and arguments of that round, counted from 0
 *
 * @typedef {{ name: string, ms: number, peakMb: number }} Measured
 */

/**
 * Runs one command to its end; throws with its output when it fails.
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ ms: number, peakMb: number, stdout: string }>}
 */
export async function time([program = '', ...args], env = process.env) {
  const start = process.hrtime.bigint();
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  let peakMb = 0;
  const watch = setInterval(async () => (peakMb = Math.max(peakMb, await peakMemoryMb(child.pid))), 25);
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  clearInterval(watch);
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return { ms, peakMb, stdout };
}

/**
 * The high-water mark of a process's memory as Linux counts it, 0 where there is no /proc.
 * @param {number | undefined} pid
 */
async function peakMemoryMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/**
 * Lets the contestants take turns and keeps the best time and the largest memory of each.
 * @param {Contestant[]} contestants
 * @param {number} rounds
 * @returns {Promise<Measured[]>}
 */
export async function race(contestants, rounds) {
  const best = contestants.map(({ name }) => ({ name, ms: Infinity, peakMb: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { command }] of contestants.entries()) {
      const { ms, peakMb } = await time(command(round));
      const mine = /** @type {Measured} */ (best[index]);
      mine.ms = Math.min(mine.ms, ms);
      mine.peakMb = Math.max(mine.peakMb, peakMb);
    }
  }
  return best;
}

/**
 * Prints one line a contestant, with its time as a ratio of the first one's.
 * @param {string} title
 * @param {Measured[]} results
 */
export function report(title, results) {
  console.log(title);
  const base = results[0]?.ms ?? NaN;
  for (const { name, ms, peakMb } of results) {
    const ratio = (ms / base).toFixed(2);
    const memory = peakMb === 0 ? '' : `${peakMb.toFixed(0).padStart(6)} MB`;
    console.log(`  ${name.padEnd(22)} ${ms.toFixed(0).padStart(7)} ms  ${ratio.padStart(6)} x${memory}`);
  }
}
