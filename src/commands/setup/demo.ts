import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { formatDuration } from '../../ui/format.js';
import { packageFile } from '../../package-file.js';
import { runUpyw } from './demo/run-upyw.js';
import { type Step, steps } from './demo/steps.js';

const boardsFolder = '.boards';
const programs = fileURLToPath(packageFile('templates/demo/'));

/** `upyw demo`: the workshop in half a minute, on a new virtual board. Every command is shown, then really run. Throws `sim/demo`. */
export async function demo(context: Context): Promise<void> {
  const { reporter, world } = context;
  const started = world.now();
  const say = (text: string) => {
    reporter.data(new TextEncoder().encode(`${text}\n`));
  };
  const folder = await mkdtemp(join(tmpdir(), 'upyw-demo-'));
  try {
    await cp(programs, folder, { recursive: true });
    (await import('../../sim/boards.js')).makeBlankBoard(join(folder, boardsFolder, 'default'));
    say('This is a virtual ESP32 with the real MicroPython inside. With a real board, leave out "-p sim:".');
    for (const step of steps) {
      say(`\n${step.say}\n$ ${shown(step)}`);
      await play(context, step, folder);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const elapsedMs = world.now() - started;
  say(`\nThat was all, in ${formatDuration(elapsedMs)}. Next: upyw list, and upyw --help`);
  reporter.result({ steps: steps.map(shown), elapsedMs: Math.round(elapsedMs) });
}

async function play({ world, reporter }: Context, step: Step, folder: string): Promise<void> {
  const onOutput = (bytes: Uint8Array) => {
    reporter.data(bytes);
  };
  const { exitCode, stdout } = await runUpyw(['-p', address(step), ...step.command], {
    cwd: folder,
    env: { ...world.env, ...step.env, UPYW_SIM_DIR: join(folder, boardsFolder) },
    signal: world.signal,
    onStdout: onOutput,
    onStderr: onOutput,
  });
  const reason = whatIsWrong(step, exitCode, stdout);
  if (reason !== undefined) throw new UpywError('sim/demo', { step: shown(step), reason });
}

/** Why a step did not do what it was to show; undefined when it did. */
function whatIsWrong(
  { exitCode: expected = 0, prints }: Step,
  exitCode: number | null,
  stdout: string,
): string | undefined {
  if (exitCode !== expected) return `exit code ${exitCode ?? 'none'} in place of ${expected}`;
  return prints === undefined || stdout.includes(prints)
    ? undefined
    : `it did not print ${JSON.stringify(prints)}`;
}

function address({ options }: Step): string {
  return options === undefined ? 'sim:' : `sim:?${options}`;
}

/** As it can be typed, quotes included. */
function shown(step: Step): string {
  const words = ['-p', address(step), ...step.command];
  const quoted = words.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`));
  return ['upyw', ...quoted].join(' ');
}
