import { createContext } from './context.js';
import { UpywError } from './errors.js';
import type { CommandLine } from './program.js';
import { readFlags } from './program/read-flags.js';
import { hasTerminal } from './ui/prompts.js';
import type { CommandReporter } from './ui/reporter.js';
import type { World } from './world.js';

/** Does what the command line asks for. Returns the exit code: 0, or 2 when nothing was asked for. */
export async function execute(
  commandLine: CommandLine,
  world: World,
  reporter: CommandReporter,
): Promise<number> {
  if (commandLine.kind === 'help') return 0;
  if (commandLine.kind === 'mistake') throw usageError(commandLine);
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
  await (await import('./commands/menu.js')).menu(context);
  return 0;
}

/** commander's own words, in our form: `error: unknown option '--fo'\n(Did you mean --force?)`. */
function usageError({ error, command }: CommandLine & { readonly kind: 'mistake' }): UpywError {
  const problem =
    error.code === 'commander.help'
      ? 'that is only half a command'
      : error.message
          .replace(/^error: /, '')
          // A mistyped --password=… comes with what it was to hold.
          .replace(/^(unknown option '[^=']*)=[^]*'/, "$1'")
          .replace(/\n/g, ' ');
  return new UpywError('usage/arguments', { problem, command }, { cause: error });
}
