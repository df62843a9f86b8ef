import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from '../context.js';
import { UpywError } from '../errors.js';
import { formatDuration } from '../ui/format.js';
import { runUpyw } from './demo/run-upyw.js';
import { type Step, steps } from './demo/steps.js';

const programs = fileURLToPath(new URL('../../templates/demo/', import.meta.url));

/** `upyw demo`: the main job on a fresh virtual board. Every command is shown, then really run. Throws `sim/demo`. */
export async function demo(context: Context): Promise<void> {
  const { reporter, world } = context;
  const started = world.now();
  const say = (text: string) => {
    reporter.data(new TextEncoder().encode(`${text}\n`));
  };
  const folder = await mkdtemp(join(tmpdir(), 'upyw-demo-'));
  try {
    await cp(programs, folder, { recursive: true });
    say('This is a virtual ESP32 with the real MicroPython inside. With a real board, leave out "-p sim:".');
    for (const step of steps) {
      say(`\n${step.say}\n$ ${shown(step.command)}`);
      await play(context, step, folder);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const elapsedMs = world.now() - started;
  say(`\nThat was all, in ${formatDuration(elapsedMs)}. Next: upyw list, and upyw --help`);
  reporter.result({ steps: steps.map(({ command }) => shown(command)), elapsedMs: Math.round(elapsedMs) });
}

async function play({ world, reporter }: Context, step: Step, folder: string): Promise<void> {
  const onOutput = (bytes: Uint8Array) => {
    reporter.data(bytes);
  };
  const { exitCode, stdout } = await runUpyw(['-p', 'sim:', ...step.command], {
    cwd: folder,
    env: { ...world.env, UPYW_SIM_DIR: join(folder, '.boards') },
    signal: world.signal,
    onStdout: onOutput,
    onStderr: onOutput,
  });
  const reason = await whatIsWrong(step, exitCode, stdout, folder);
  if (reason !== undefined) throw new UpywError('sim/demo', { step: shown(step.command), reason });
}

/** Why a step did not do what it was to show; undefined when it did. */
async function whatIsWrong(
  { exitCode: expected = 0, prints, same }: Step,
  exitCode: number | null,
  stdout: string,
  folder: string,
): Promise<string | undefined> {
  if (exitCode !== expected) return `exit code ${exitCode ?? 'none'} in place of ${expected}`;
  if (prints !== undefined && !stdout.includes(prints)) return `it did not print ${JSON.stringify(prints)}`;
  if (same === undefined) return undefined;
  const [first, second] = await Promise.all(same.map((name) => readFile(join(folder, name))));
  return first !== undefined && second !== undefined && first.equals(second)
    ? undefined
    : `${same.join(' and ')} differ`;
}

/** As it can be typed, quotes included. */
function shown(command: readonly string[]): string {
  const quoted = command.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`));
  return ['upyw', '-p', 'sim:', ...quoted].join(' ');
}
