import type * as commander from 'commander';
import type { Context } from '../context.js';
import { type CommandDefinition, type Example, nameOf } from './definition.js';
import { showCommonFlags } from './common-flags.js';

/** What an action will do, and whose it is. */
export interface Chosen {
  readonly definition: CommandDefinition;
  readonly run: (context: Context) => Promise<void>;
}

/** Called by an action with what it will do: the command line is only read, nothing runs yet. */
export type Choose = (chosen: Chosen) => void;

/** Makes commander know a command, and those below it. */
export function declare(parent: commander.Command, definition: CommandDefinition, choose: Choose): void {
  const { call, summary, description = summary, alias, usage, note, run } = definition;
  const command = parent.command(call);
  showCommonFlags(command, definition.flags);
  command
    .summary(summary)
    .description(description)
    .helpOption('-h, --help', 'this help')
    .hook('preAction', (_, acting) => {
      refuseEmptyNames(acting);
    });
  if (alias !== undefined) command.alias(alias);
  if (usage !== undefined) command.usage(usage);
  for (const { flags, what, byDefault } of definition.options ?? []) command.option(flags, what, byDefault);
  command.addHelpText('after', examplesText(definition.examples));
  if (note !== undefined) command.addHelpText('after', `\n${note}`);
  for (const below of definition.commands ?? []) declare(command, below, choose);
  if (run === undefined) return;
  command.action((...given: unknown[]) => {
    // The last one is commander's own object; before it come the arguments and the options, as the definition has them.
    const perform = run as (context: Context, ...given: unknown[]) => Promise<void>;
    const words = given.slice(0, -1);
    choose({
      definition,
      run: async (context) => {
        if (context.oneOf === undefined) return perform(context, ...words);
        const { fillInOperands } = await import('./own-operands.js');
        const isCode = command.registeredArguments.map((argument) => codes.has(argument.name()));
        const own = fillInOperands(context.oneOf, words, { command: command.name(), isCode });
        return perform({ ...context, oneOf: own.oneOf }, ...own.words);
      },
    });
  });
}

/** The end of a command's help: real lines to copy. */
function examplesText(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(({ line, what }) => (what === undefined ? 0 : line.length)));
  return [
    '',
    'Examples:',
    ...examples.map(
      ({ line, what }) => `  $ ${what === undefined ? line : `${line.padEnd(width)}  ${what}`}`,
    ),
    '',
    'All flags of every command: upyw --help',
  ].join('\n');
}

/** Arguments that are no names: an empty one has a meaning. */
const texts = new Set(['code', 'args']);
/** Arguments in which curly brackets are Python's. */
const codes = new Set([...texts, 'expression']);

/** `rm -r "$FOLDER"` with no such variable must not mean everything there is. */
function refuseEmptyNames(command: commander.Command): void {
  for (const [index, argument] of command.registeredArguments.entries()) {
    const given: unknown = command.processedArgs[index];
    if (!texts.has(argument.name()) && [given].flat().includes('')) {
      const nothing = argument.name() === 'expression' ? 'has no value' : 'names nothing';
      command.error(`error: ${argument.name()} is empty: "" ${nothing}`);
    }
  }
}

/** The definition of a command by its name or its other one. */
export function isNamed(definition: CommandDefinition, name: string | undefined): boolean {
  return nameOf(definition) === name || (definition.alias !== undefined && definition.alias === name);
}
