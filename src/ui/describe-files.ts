import type { Context } from '../context.js';
import { formatCount } from './format.js';
import { printableName } from '../printable.js';
import { hasTerminal } from '../world.js';
import { shownPath } from './shown-path.js';

/** The first by its name, the others by their number: a question has one line. */
export function firstOf(names: readonly string[]): string {
  const others = names.length - 1;
  return `${names[0] ?? ''}${others > 0 ? ` and ${others} ${others === 1 ? 'other' : 'others'}` : ''}`;
}

/** Nothing is an answer that a person may take for none. */
export function tellEmpty({ reporter, world }: Context, path: string): void {
  if (hasTerminal(world)) reporter.note(`(no files in ${shownPath(path)})`);
}

/** One file by its name, more by their number. */
export function describeFiles(files: readonly { readonly remote: string }[]): string {
  const [first] = files;
  return files.length === 1 && first !== undefined
    ? printableName(first.remote)
    : formatCount(files.length, 'file');
}
