import { createContext } from './context.js';
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
  const context = createContext(world, reporter, readFlags(commandLine.flags));
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
