import type * as commander from 'commander';
import { Option } from './commander.js';

/** Puts those of the flags that every command takes into the help of one to which they matter. */
export function showCommonFlags(command: commander.Command, wanted: readonly string[]): void {
  command.configureHelp({
    showGlobalOptions: true,
    visibleGlobalOptions: () => flagsFor(command, wanted),
    styleTitle: (title) => (title === 'Global Options:' ? 'As for every command:' : title),
  });
}

function flagsFor(command: commander.Command, wanted: readonly string[]): commander.Option[] {
  let top = command;
  while (top.parent !== null) top = top.parent;
  const taken = new Set(command.options.map(({ short }) => short));
  return (
    top.options
      .filter(({ long }) => wanted.includes(long ?? ''))
      // `mkdir -p` has another meaning.
      .map((option) =>
        taken.has(option.short) ? new Option(option.flags.replace(/^-\w, /, ''), option.description) : option,
      )
  );
}
