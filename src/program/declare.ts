import type { Command } from 'commander';
import type { Context } from '../context.js';

/** Makes the context from the flags of this call; to be called inside an action. */
export type ContextSource = () => Context;

/** The end of a command's help: real lines to copy. */
export function examples(...lines: readonly string[]): string {
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
    .addHelpText('after', examples(...lines));
}
