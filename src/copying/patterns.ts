import { joinPath } from '../board/board-path.js';

/** One thing in a folder, here or on a board. */
export interface Named {
  readonly name: string;
  readonly type: 'file' | 'folder';
}

/** A name that fits a pattern, with the path that leads to it. */
export interface Match<Entry extends Named> {
  readonly path: string;
  readonly entry: Entry;
}

/** What is in a folder; nothing where there is no such folder. */
export type ListFolder<Entry extends Named> = (folder: string) => Promise<readonly Entry[]>;

/** Whether a name may stand for several: it has one of the signs of a shell's patterns. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * What fits a path with `*`, `?`, `[a-z]` or `{a,b}` in any of its parts, sorted by name. A name that is there as it is
 * written is that one alone, and one that begins with a dot fits only what begins with a dot, too: both as in shells.
 * Paths have `/` between their parts.
 */
export async function findMatches<Entry extends Named>(
  path: string,
  list: ListFolder<Entry>,
  { anyCase = false } = {},
): Promise<Match<Entry>[]> {
  const parts = path.split('/');
  const first = parts.findIndex(isPattern);
  const start = parts.slice(0, first).join('/');
  let found: Match<Entry>[] = [];
  let folders = [first > 0 && start === '' ? '/' : start];
  for (const part of parts.slice(first)) {
    found = [];
    for (const folder of folders) {
      const entries = await fitting(part, await list(folder), anyCase);
      found.push(...entries.map((entry) => ({ path: joinPath(folder, entry.name), entry })));
    }
    folders = found.filter(({ entry }) => entry.type === 'folder').map((match) => match.path);
  }
  return found;
}

async function fitting<Entry extends Named>(
  part: string,
  entries: readonly Entry[],
  anyCase: boolean,
): Promise<Entry[]> {
  const itself = entries.filter(({ name }) => name === part);
  if (itself.length > 0 || !isPattern(part)) return itself;
  const { default: picomatch } = await import('picomatch');
  // Parentheses are of a name, as in `notes (1).txt`.
  const fits = picomatch(part.replaceAll(/[()]/g, '\\$&'), {
    nocase: anyCase,
    noextglob: true,
    nonegate: true,
    strictSlashes: true,
  });
  return entries
    .filter(({ name }) => fits(name))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
