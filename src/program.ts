import type * as commander from 'commander';
import { boardCommands } from './program/board.js';
import { chipCommands } from './program/chip.js';
import { Command, CommanderError } from './program/commander.js';
import { type Choose, type Chosen, declare, isNamed } from './program/declare.js';
import { type CommandDefinition, type CommandGroup, ownFlags } from './program/definition.js';
import { fileCommands } from './program/files.js';
import { imageCommands } from './program/images.js';
import { type RawFlags, addGlobalFlags } from './program/global-flags.js';
import { commandName, commandWords, helpWords, separateParents } from './program/operands.js';
import { runningCommands } from './program/running.js';
import { setupCommands } from './program/setup.js';
import { virtualCommands } from './program/virtual.js';
import type { Page } from './ui/print.js';

/** What a command line asks for. Nothing has been done yet, except that help was printed. */
export type CommandLine =
  | ({ readonly kind: 'command'; readonly flags: RawFlags } & Chosen)
  /** `upyw` alone. */
  | { readonly kind: 'nothing'; readonly flags: RawFlags; readonly printHelp: () => void }
  | { readonly kind: 'help' }
  | Mistake;

interface Mistake {
  readonly kind: 'mistake';
  readonly error: commander.CommanderError;
  /** Whose help explains it, as in `upyw sim`. */
  readonly command: string;
  /** What was typed, from the command's name on. */
  readonly words: readonly string[];
  /** The commands and long flags that could have been meant. */
  readonly known: readonly string[];
}

/** Whether it asks for the version of upyw itself: `--version` anywhere, but behind a command that has one of its own. */
export function asksForVersion(words: readonly string[]): boolean {
  const at = words.indexOf('--version');
  const named = commandName(words);
  const isOwn = definitionsOf(named).flatMap(ownFlags).includes('--version');
  return at !== -1 && !(isOwn && at > words.indexOf(named ?? ''));
}

/** Reads the command line. The commands themselves are loaded when they run. */
export function parseCommandLine(argv: readonly string[], page: Page): CommandLine {
  let chosen: Chosen | undefined;
  const choose: Choose = (action) => {
    chosen = action;
  };
  const program = createProgram(page, choose, commandName(argv));
  const asked = helpWords(argv);
  if (asked !== undefined) return explain(program, asked);
  // With an action of its own the program would call an unknown command a surplus argument.
  if (commandName(argv) === undefined) program.action(() => undefined);
  try {
    program.parse(separateParents(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? { kind: 'help' } : mistakeIn(program, argv, error);
  }
  const flags = program.opts<RawFlags>();
  if (chosen !== undefined) return { kind: 'command', flags, ...chosen };
  return {
    kind: 'nothing',
    flags,
    printHelp: () => {
      program.outputHelp();
    },
  };
}

/** `upyw help sim pin`: the same as `upyw sim pin --help`, and a mistake where there is no such command. */
function explain(program: commander.Command, words: readonly string[]): CommandLine {
  const path = namedCommands(program, words);
  const unknown = words[path.length - 1];
  if (unknown !== undefined)
    return mistakeIn(
      program,
      words,
      new CommanderError(1, 'commander.unknownCommand', `unknown command '${unknown}'`),
    );
  (path.at(-1) ?? program).outputHelp();
  return { kind: 'help' };
}

function mistakeIn(
  program: commander.Command,
  argv: readonly string[],
  error: commander.CommanderError,
): Mistake {
  const path = namedCommands(program, argv);
  const command = path.at(-1) ?? program;
  const names = command.commands.flatMap((each) => [each.name(), ...each.aliases()]);
  const flags = [...command.options, ...program.options].flatMap(({ long }) => long ?? []);
  return {
    kind: 'mistake',
    error,
    command: path.map((each) => each.name()).join(' '),
    words: argv.slice(argv.indexOf(commandName(argv) ?? '')),
    known: error.code === 'commander.unknownOption' ? flags : names,
  };
}

/** The longest beginning of the command line that is a command: `upyw`, `upyw sim`, `upyw sim serve`. */
function namedCommands(program: commander.Command, argv: readonly string[]): commander.Command[] {
  const path = [program];
  for (const word of commandWords(argv)) {
    const inner = path
      .at(-1)
      ?.commands.find((each) => each.name() === word || each.aliases().includes(word ?? ''));
    if (inner === undefined) break;
    path.push(inner);
  }
  return path;
}

/** Every command, in the order of the help. */
export const commandGroups: readonly CommandGroup[] = [
  fileCommands,
  runningCommands,
  boardCommands,
  chipCommands,
  setupCommands,
  imageCommands,
  virtualCommands,
];

/** The command of that name; none where nothing or something unknown is named. */
function definitionsOf(named: string | undefined): CommandDefinition[] {
  return commandGroups.flatMap(({ commands }) => commands.filter((each) => isNamed(each, named)));
}

/** With one command alone where it is named, since every command waits for the declarations; else with all, so that what was meant can be told. */
function createProgram(page: Page, choose: Choose, named: string | undefined): commander.Command {
  const program = new Command('upyw')
    .description('From bare ESP32 chip to a working MicroPython board and back.')
    .exitOverride()
    // commander's own reach too far.
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: page.print,
      // What commander has to say about mistakes is said by the reporter.
      writeErr: () => undefined,
      getOutHelpWidth: () => page.columns ?? 100,
      getOutHasColors: () => false,
    })
    .addHelpText('after', helpEnd);
  const chosen = definitionsOf(named);
  addGlobalFlags(program, new Set(chosen.flatMap(ownFlags)));
  for (const definition of chosen) declare(program, definition, choose);
  if (chosen.length > 0) return program;
  for (const { title, commands } of commandGroups) {
    if (title !== undefined) program.commandsGroup(title);
    for (const definition of commands) declare(program, definition, choose);
  }
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
