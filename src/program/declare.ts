import type { Command } from 'commander';
import type { Context } from '../context.js';
import { showCommonFlags } from './common-flags.js';

/** Called by an action with what it will do: the command line is only read, nothing runs yet. */
export type Choose = (run: (context: Context) => Promise<void>) => void;

/** The end of a command's help: real lines to copy. */
function examples(...lines: readonly string[]): string {
  return [
    '',
    'Examples:',
    ...lines.map((line) => `  $ ${line}`),
    '',
    'All flags of every command: upyw --help',
  ].join('\n');
}

/** Declares one command: its call, what it does in a line, and examples. */
export function declare(
  parent: Command,
  call: string,
  summary: string,
  ...lines: readonly string[]
): Command {
  const command = parent.command(call);
  showCommonFlags(command);
  return command
    .description(summary)
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', examples(...lines))
    .hook('preAction', (_, command) => {
      refuseEmptyNames(command);
    });
}

/** Arguments that are no names: an empty one has a meaning. */
const texts = new Set(['code', 'args']);

/** `rm -r "$FOLDER"` with no such variable must not mean everything there is. */
function refuseEmptyNames(command: Command): void {
  for (const [index, argument] of command.registeredArguments.entries()) {
    const given: unknown = command.processedArgs[index];
    if (!texts.has(argument.name()) && [given].flat().includes('')) {
      const nothing = argument.name() === 'expression' ? 'has no value' : 'names nothing';
      command.error(`error: ${argument.name()} is empty: "" ${nothing}`);
    }
  }
}
