import { packageVersion } from './version.js';
import type { Output, World } from './world.js';
import type { ReporterOptions } from './ui/reporter.js';

/** How long a forced end waits for ports to be let go, in milliseconds. */
const forcedCloseMs = 500;

/**
 * The command line, from `process.argv.slice(2)` to an exit code. Never throws, never exits the process.
 * Everything beyond the version is loaded only now: `upyw --version` costs little more than starting Node.
 */
export async function main(argv: readonly string[]): Promise<number> {
  if (operandsEnd(argv).includes('--version')) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const [{ watchInterruption }, { createWorld }] = await Promise.all([
    import('./interruption.js'),
    import('./world.js'),
  ]);
  const interruption = watchInterruption(process, process);
  const { world, closePorts } = createWorld(interruption.signal);
  const code = await Promise.race([run(argv, world), interruption.forced.then(() => 130)]);
  await closePorts(forcedCloseMs);
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  interruption.dispose();
  return code;
}

/** One command in a world: the only place that catches everything. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  const { createReporter } = await import('./ui/create-reporter.js');
  const reporter = await createReporter(world, reporterOptions(argv));
  try {
    const { runProgram } = await import('./program.js');
    const code = await runProgram(argv, world, reporter);
    reporter.succeed();
    return code;
  } catch (error) {
    const reason: unknown = world.signal.aborted ? world.signal.reason : error;
    return reason instanceof Error && reason.name === 'OutputClosed' ? 0 : reporter.fail(reason);
  }
}

/** Read before the command line is parsed, since a mistake in it has to be reported too. */
function reporterOptions(argv: readonly string[]): ReporterOptions {
  const flags = new Set(operandsEnd(argv));
  return {
    json: flags.has('--json'),
    quiet: flags.has('--quiet'),
    verbose: flags.has('--verbose'),
    color: !flags.has('--no-color'),
  };
}

/** The arguments up to `--`. */
function operandsEnd(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

/** Resolves when everything written has left the process, or cannot any more. */
function flush(stream: Output): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else
      stream.write('', () => {
        resolve();
      });
  });
}
