import { formatCount } from '../../ui/format.js';
import { printableName } from '../../printable.js';

/** The first by its name, the others by their number: a question has one line. */
export function firstOf(names: readonly string[]): string {
  const others = names.length - 1;
  return `${names[0] ?? ''}${others > 0 ? ` and ${others} ${others === 1 ? 'other' : 'others'}` : ''}`;
}

/** One file by its name, more by their number. */
export function describeFiles(files: readonly { readonly remote: string }[]): string {
  const [first] = files;
  return files.length === 1 && first !== undefined
    ? printableName(first.remote)
    : formatCount(files.length, 'file');
}
