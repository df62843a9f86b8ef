import { Command, CommanderError } from 'commander';
import { type Context, createContext } from './context.js';
import { UpywError } from './errors.js';
import type { ContextSource } from './program/declare.js';
import { addGlobalFlags, globalFlags } from './program/global-flags.js';
import { commandName, separateParents } from './program/operands.js';
import { addFileCommands } from './program/files.js';
import { addRunningCommands } from './program/running.js';
import { addSetupCommands } from './program/setup.js';
import { hasTerminal } from './ui/prompts.js';
import type { CommandReporter } from './ui/reporter.js';
import type { World } from './world.js';

/** Parses the command line and runs what it asks for. Returns the exit code: 0, or 2 when nothing was asked for. */
export async function runProgram(
  argv: readonly string[],
  world: World,
  reporter: CommandReporter,
): Promise<number> {
  const context = () => createContext(world, reporter, globalFlags(program));
  const program = createProgram(world, context);
  let code = 0;
  if (commandName(argv) === undefined) {
    program.action(async () => {
      code = await withoutCommand(program, context());
    });
  }
  try {
    await program.parseAsync(separateParents(argv), { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(error, argv);
  }
}

/** `upyw` alone: a menu for whoever sits at a terminal, else the help. */
async function withoutCommand(program: Command, context: Context): Promise<number> {
  if (hasTerminal(context.world)) {
    await (await import('./commands/menu.js')).menu(context);
    return 0;
  }
  program.outputHelp();
  return 2;
}

function createProgram(world: World, context: ContextSource): Command {
  const program = new Command('upyw')
    .description('From bare ESP32 chip to a working MicroPython board and back.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      // What commander has to say about mistakes is said by the reporter.
      writeErr: () => undefined,
      getOutHelpWidth: () => world.stdout.columns ?? 100,
      getOutHasColors: () => false,
    })
    .addHelpText('after', helpEnd);
  addGlobalFlags(program);
  addFileCommands(program, context);
  addRunningCommands(program, context);
  addSetupCommands(program, context);
  return program;
}

const helpEnd = `
Examples:
  $ upyw list                      which boards are here
  $ upyw put main.py               copy a file to the board
  $ upyw run blink.py              run a file without copying it
  $ upyw repl                      type Python on the board
  $ upyw -p sim: ls                the same on a virtual board: no hardware needed

Help for one command: upyw ls --help`;

/** commander's own words, in our form: \`error: unknown option '--fo'\\n(Did you mean --force?)\`. */
function usageError(error: CommanderError, argv: readonly string[]): UpywError {
  const problem = error.message.replace(/^error: /, '').replace(/\n/g, ' ');
  const name = commandName(argv);
  const known = error.code !== 'commander.unknownCommand' && name !== undefined;
  return new UpywError(
    'usage/arguments',
    { problem, command: known ? `upyw ${name}` : 'upyw' },
    { cause: error },
  );
}
