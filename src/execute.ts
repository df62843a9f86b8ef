import { type GlobalFlags, createContext } from './context.js';
import { UpywError } from './errors.js';
import type { CommandLine } from './program.js';
import { readFlags } from './program/read-flags.js';
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
  const flags = readFlags(commandLine.flags);
  const many = commandLine.kind === 'command' ? commandLine.definition.many : undefined;
  const context = createContext(world, reporter, flags, { way: many === 'loader' ? many : 'prompt' });
  if (many !== 'itself') refuseMany(flags);
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

/** Throws `usage/arguments` where several boards are named for a command that is about one. */
function refuseMany({ ports }: GlobalFlags): void {
  const [first, second] = ports;
  if (second === undefined) return;
  const problem = `two ports are named, ${first ?? ''} and ${second}: this command works on one board`;
  const instead = 'Give -p once, and repeat the command for the other board';
  throw new UpywError('usage/arguments', { problem, command: 'upyw', instead });
}
