import { UpywError } from '../errors.js';
import { charactersOf, encodeFirst, possibleName, sameFileKey } from './local-name.js';

/**
 * Names of this computer for what comes from a board, which has capitals, colons and devices' names as it likes. Each name stays as
 * it is where it can; two of a folder never become one file.
 */
export class LocalNames {
  readonly #folders = new Map<string, { taken: Set<string>; names: Map<string, string> }>();

  constructor(private readonly platform: NodeJS.Platform) {}

  /** The name in a folder of this computer for one of the board; the same for the same. Throws `file/failed` for what is no name. */
  choose(folder: string, name: string): string {
    if (name === '..' || name.includes('\0')) {
      const reason = 'no file of this computer can have that name';
      throw new UpywError('file/failed', { path: name, reason });
    }
    const known = this.#folders.get(folder) ?? { taken: new Set(), names: new Map<string, string>() };
    this.#folders.set(folder, known);
    const before = known.names.get(name);
    if (before !== undefined) return before;
    const chosen = this.#free(name, known.taken);
    known.taken.add(sameFileKey(chosen, this.platform));
    known.names.set(name, chosen);
    return chosen;
  }

  #free(name: string, taken: ReadonlySet<string>): string {
    let base = possibleName(name, this.platform);
    let candidate = base;
    for (let count = 1; taken.has(sameFileKey(candidate, this.platform)); count += 1) {
      // All of it is encoded, and that is another name of the board: once more, which is longer.
      if (count > charactersOf(base).length) [base, count] = [candidate, 1];
      candidate = encodeFirst(base, count);
    }
    return candidate;
  }
}
