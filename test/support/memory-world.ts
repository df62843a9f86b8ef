import { Readable } from 'node:stream';
import { run } from '../../src/main.js';
import { defaultOpeners, virtualBoards } from '../../src/openers.js';
import { thisSystem } from '../../src/this-system.js';
import { createPrompts } from '../../src/ui/prompts.js';
import type { Input, World } from '../../src/world.js';
import { MemoryOutput } from './memory-output.js';
import { lookForSecrets } from './secrets.js';

/** What came of a command that ran inside the test. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command line inside the test, in a world without terminal, boards or config, unless told otherwise. For what
 * depends on the process itself (signals, pipes, start-up) there is `startUpyw`.
 */
export async function runInWorld(
  argv: readonly string[],
  overrides: Partial<World> = {},
): Promise<RunResult> {
  const stdout = new MemoryOutput();
  const stderr = new MemoryOutput();
  const stdin: Input = Readable.from([]);
  const signal = overrides.signal ?? new AbortController().signal;
  const world: World = {
    // A home that is not there: no config of the developer's gets in.
    env: { HOME: '/nonexistent' },
    cwd: '/nonexistent',
    platform: 'linux',
    stdin,
    stdout,
    stderr,
    openers: defaultOpeners,
    listPorts: () => Promise.resolve([]),
    virtualBoards,
    prompts: createPrompts({ stdin, stdout, stderr, signal }),
    system: thisSystem,
    signal,
    now: () => performance.now(),
    ...overrides,
  };
  const exitCode = await run(argv, world);
  const said = (overrides.stderr ?? stderr) as MemoryOutput;
  lookForSecrets({ args: argv, env: world.env, stdout: stdout.text, stderr: said.text });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

/** The error document of a command line that is expected to fail. */
export async function failureInWorld(argv: readonly string[], overrides: Partial<World> = {}) {
  const { exitCode, stdout } = await runInWorld(['--json', ...argv], overrides);
  const { error } = JSON.parse(stdout) as {
    error: { code: string; message: string; hint: string; exitCode: number; details: object };
  };
  return { ...error, processExitCode: exitCode };
}
