import {
  type Interruption,
  Interrupted,
  OutputClosed,
  OutputFailed,
  watchInterruption,
} from './interruption.js';
import type { CommandLine } from './program.js';
import type { ReporterOptions } from './ui/reporter.js';
import { giveWidth } from './ui/give-width.js';
import { pageOn } from './ui/print.js';
import { packageVersion } from './version.js';
import type { Output, World } from './world.js';

/** How long the end waits for ports to be let go, in milliseconds. */
const closePortsMs = 500;
/** The exit code of what was interrupted. */
const interruptedCode = 130;

/**
 * The command line, from `process.argv.slice(2)` to an exit code. Never throws, never exits the process. Little is loaded
 * before it is needed: `--version` and `--help` cost not much more than starting Node.
 */
export async function main(argv: readonly string[]): Promise<number> {
  giveWidth(process.stdout);
  giveWidth(process.stderr);
  const interruption = watchInterruption(process, process);
  const code = await runInProcess(argv, interruption);
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  const reason: unknown = interruption.signal.reason;
  return code === 0 && reason instanceof OutputFailed ? tellLostOutput(argv, reason) : code;
}

/** What was written last fails when the command is through. */
function tellLostOutput(argv: readonly string[], reason: OutputFailed): Promise<number> {
  // Whatever was asked for: the output is what cannot be written.
  return tellWithoutWorld({ ...reporterOptions(argv), json: false }, reason);
}

/** A shell may stand in a folder that is removed: Node finds none then. */
function hasCurrentFolder(): boolean {
  try {
    return process.cwd() !== '';
  } catch {
    return false;
  }
}

async function tellNoFolder(argv: readonly string[]): Promise<number> {
  const { UpywError } = await import('./errors.js');
  const error = new UpywError('file/failed', { path: 'the current folder', reason: 'it is there no more' });
  return tellWithoutWorld(reporterOptions(argv), error);
}

async function tellWithoutWorld(options: ReporterOptions, error: unknown): Promise<number> {
  const { createReporter } = await import('./performing.js');
  const { stdout, stderr, env } = process;
  const world = { stdout, stderr, env, now: () => performance.now() };
  return (await createReporter(world, options)).fail(error);
}

async function runInProcess(argv: readonly string[], { signal, forced }: Interruption): Promise<number> {
  if (await asksForOwnVersion(beforeOperands(argv))) {
    pageOn(process.stdout).print(`${packageVersion()}\n`);
    return 0;
  }
  // Found and read while the command line is parsed.
  const performing = asksForHelp(argv) ? undefined : import('./performing.js');
  const { parseCommandLine } = await import('./program.js');
  const commandLine = parseCommandLine(argv, pageOn(process.stdout));
  if (commandLine.kind === 'help') return 0;
  const { createWorld } = await (performing ?? import('./performing.js'));
  if (!hasCurrentFolder()) return tellNoFolder(argv);
  const { world, closePorts } = createWorld(signal);
  const code = await Promise.race([perform(commandLine, argv, world), forced.then(() => interruptedCode)]);
  await closePorts(closePortsMs);
  return code;
}

/** One command line in a world of the caller's: what `main` does, without the process. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  const { parseCommandLine } = await import('./program.js');
  return perform(parseCommandLine(argv, pageOn(world.stdout)), argv, world);
}

/** The only place that catches everything. */
async function perform(commandLine: CommandLine, argv: readonly string[], world: World): Promise<number> {
  const { createReporter, execute } = await import('./performing.js');
  const reporter = await createReporter(world, reporterOptions(argv));
  try {
    const code = await execute(commandLine, world, reporter);
    reporter.succeed();
    return code;
  } catch (error) {
    const reason: unknown = world.signal.aborted ? await endedBy(world.signal, error) : error;
    return reason instanceof OutputClosed ? 0 : reporter.fail(reason);
  }
}

/** What ended the command from outside; an operation that Ctrl-C ended itself knows what it left behind. */
async function endedBy(signal: AbortSignal, error: unknown): Promise<unknown> {
  const { isUpywError } = await import('./performing.js');
  return signal.reason instanceof Interrupted && isUpywError(error, 'run/interrupted')
    ? error
    : signal.reason;
}

/** Read before the command line is parsed, since a mistake in it has to be reported too. */
function reporterOptions(argv: readonly string[]): ReporterOptions {
  const flags = new Set(beforeOperands(argv));
  return {
    json: flags.has('--json'),
    quiet: flags.has('--quiet'),
    verbose: flags.has('--verbose'),
    color: !flags.has('--no-color'),
  };
}

/** Looked at closely only where the word is there: nearly every command does without. */
async function asksForOwnVersion(words: readonly string[]): Promise<boolean> {
  if (!words.includes('--version')) return false;
  return (await import('./program.js')).asksForVersion(words);
}

/** Where nothing but the command line's parts will be needed. */
function asksForHelp(argv: readonly string[]): boolean {
  return (
    argv.length === 0 ||
    argv[0] === 'help' ||
    beforeOperands(argv).some((word) => word === '--help' || word === '-h')
  );
}

/** The arguments up to `--`. */
function beforeOperands(argv: readonly string[]): readonly string[] {
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
