import { formatCount, printableName } from '../../ui/format.js';

/** One file by its name, more by their number. */
export function describeFiles(files: readonly { readonly remote: string }[]): string {
  const [first] = files;
  return files.length === 1 && first !== undefined
    ? printableName(first.remote)
    : formatCount(files.length, 'file');
}
