/** How much a command computes: its instructions, which a busy machine does not change. */
import { spawnSync } from 'node:child_process';

/**
 * Instructions of a whole process in its own code, as valgrind's callgrind counts them; undefined where there is no valgrind.
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} [env]
 */
export function countInstructions(command, env = process.env) {
  // V8 writes code while it runs.
  const options = ['--tool=callgrind', '--smc-check=all-non-file', '--callgrind-out-file=/dev/null'];
  const { error, stderr } = spawnSync('valgrind', [...options, ...command], { env, encoding: 'utf8' });
  if (error !== undefined) return undefined;
  const [, count] = /Collected : (\d+)/.exec(stderr) ?? [];
  if (count === undefined) throw new Error(`valgrind ${command.join(' ')}:\n${stderr}`);
  return Number(count);
}
