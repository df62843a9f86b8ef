import type { Command } from 'commander';
import type { Context } from '../context.js';

/** Called by an action with what it will do: the command line is only read, nothing runs yet. */
export type Choose = (run: (context: Context) => Promise<void>) => void;

/** The end of a command's help: real lines to copy. */
function examples(...lines: readonly string[]): string {
  return [
    '',
    'Examples:',
    ...lines.map((line) => `  $ ${line}`),
    '',
    'Flags of every command: upyw --help',
  ].join('\n');
}

/** Declares one command: its call, what it does in a line, and examples. */
export function declare(
  parent: Command,
  call: string,
  summary: string,
  ...lines: readonly string[]
): Command {
  return parent
    .command(call)
    .description(summary)
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', examples(...lines));
}
