import { type Context, type GlobalFlags, createContext } from './context.js';
import { UpywError } from './errors.js';
import type { CommandLine } from './program.js';
import { readFlags } from './program/read-flags.js';
import { meansMany, oneBoardOnly } from './transport/many-ports.js';
import { hasTerminal } from './world.js';
import type { CommandReporter } from './ui/reporter.js';
import type { World } from './world.js';

/** Does what the command line asks for. Returns the exit code: 0, or 2 when nothing was asked for. */
export async function execute(
  commandLine: CommandLine,
  world: World,
  reporter: CommandReporter,
): Promise<number> {
  if (commandLine.kind === 'help') return 0;
  if (commandLine.kind === 'mistake') {
    throw (await import('./program/explain-mistake.js')).usageError(commandLine);
  }
  const many = commandLine.kind === 'command' ? commandLine.definition.many : undefined;
  const create = (flags: GlobalFlags) =>
    createContext(world, reporter, flags, { way: many === 'loader' ? many : 'prompt' });
  const context = create(readFlags(commandLine.flags));
  const flags = many === undefined ? context.flags : await withManySet(context);
  if (asksForMany(flags) && many !== 'itself') {
    if (commandLine.kind === 'command' && many !== undefined) return runForMany(create(flags), commandLine);
    throw oneBoardOnly(flags.ports);
  }
  if (commandLine.kind === 'command') {
    await commandLine.run(context);
    return 0;
  }
  if (commandLine.flags.json === true) {
    throw new UpywError('usage/arguments', { problem: 'no command was given', command: 'upyw' });
  }
  if (!hasTerminal(world)) {
    commandLine.printHelp();
    return 2;
  }
  await (await import('./commands/menu.js')).menu(context, commandLine.printHelp);
  return 0;
}

/** What the settings say counts as `-p` does where it stands for many boards. */
async function withManySet({ flags, loadSettings }: Context): Promise<GlobalFlags> {
  if (flags.ports.length > 0) return flags;
  // What is wrong with them the command meets, too.
  const port = (await loadSettings().catch(() => undefined))?.values.port;
  return port !== undefined && meansMany(port) ? { ...flags, ports: [port] } : flags;
}

/** Looked at without loading what does it. */
function asksForMany({ ports, fleet }: GlobalFlags): boolean {
  return ports.length > 1 || ports.some(meansMany) || Object.values(fleet).some((flag) => flag !== undefined);
}

/** Runs a command for several boards side by side. Returns 0 where it went well with all of them. */
async function runForMany(
  context: Context,
  { flags, run }: CommandLine & { kind: 'command' },
): Promise<number> {
  const { world, reporter } = context;
  reporter.goesOn();
  const [{ runFleet }, { fleetOptions }, { createFleetView }] = await Promise.all([
    import('./fleet/run-fleet.js'),
    import('./fleet/fleet-options.js'),
    import('./ui/fleet/create-fleet-view.js'),
  ]);
  const options = fleetOptions(context.flags);
  const view = await createFleetView(world, {
    json: flags.json === true,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    color: flags.color !== false,
  });
  const { outcomes } = await runFleet(context, run, view, options);
  return outcomes.every(({ result }) => result === 'ok') ? 0 : 1;
}
