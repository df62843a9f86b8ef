import { UpywError } from '../errors.js';

/** A package as the index lists it. */
export interface IndexEntry {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly author: string;
  readonly license: string;
  /** Those that can be had, the newest last, by the form: `py` or a version of bytecode. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
}

/** Throws `mip/bad-package` for what is no index. */
export function parseIndex(text: string, from: string): IndexEntry[] {
  const fail = () => new UpywError('mip/bad-package', { from, problem: 'it is no index of packages' });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw fail();
  }
  const { packages } = (content ?? {}) as { packages?: unknown };
  if (!Array.isArray(packages)) throw fail();
  return packages.flatMap((each: unknown): IndexEntry[] => {
    const entry = (each ?? {}) as Record<string, unknown>;
    const text = (key: string) => (typeof entry[key] === 'string' ? entry[key] : '');
    if (text('name') === '') return [];
    return [
      {
        name: text('name'),
        version: text('version'),
        description: text('description'),
        author: text('author'),
        license: text('license'),
        versions: versionsIn(entry['versions']),
      },
    ];
  });
}

function versionsIn(value: unknown): Record<string, string[]> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).map(([form, list]) => [
      form,
      (Array.isArray(list) ? (list as unknown[]) : []).filter(
        (each): each is string => typeof each === 'string',
      ),
    ]),
  );
}
