import { UpywError } from '../errors.js';
import { printableName } from '../printable.js';

/** As `cp` does: of two files that would get one name the second would take the place of the first. Throws `usage/arguments`. */
export function refuseSameTarget(
  files: readonly { readonly from: string; readonly to: string }[],
  command: string,
): void {
  const sources = new Map<string, string>();
  for (const { from, to } of files) {
    const other = sources.get(to);
    if (other !== undefined && other !== from) {
      const problem = `${printableName(other)} and ${printableName(from)} would both become ${printableName(to)}`;
      throw new UpywError('usage/arguments', {
        problem,
        command,
        instead: 'Copy them one by one, each to a name of its own',
      });
    }
    sources.set(to, from);
  }
}
