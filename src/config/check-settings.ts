import { UpywError } from '../errors.js';
import { type BoardFacts, anyBoard, fillIn, hasOwnValues } from './boards/own-values.js';
import { type Key, describeGiven } from './key.js';
import { type KeyName, keys } from './keys.js';
import { nearestKey } from './nearest.js';
import { provisionKeys } from './provision-keys.js';

/** Where a value came from: `name` is the flag, the variable or the file; empty for a default. */
export interface Origin {
  readonly kind: 'flag' | 'environment' | 'secrets' | 'board' | 'project' | 'user' | 'default';
  readonly name: string;
}

/** A value and where it stands. */
export interface Finding {
  readonly value: unknown;
  readonly origin: Origin;
  /** Which part of the file, for messages. */
  readonly section?: string | undefined;
  /** As it was written, where something of the board was filled in. */
  readonly written?: unknown;
}

export type Findings = ReadonlyMap<KeyName, Finding>;

export const keyNames = Object.keys(keys) as KeyName[];

/** What a part of a file has under the names of settings. Throws `config/…`. */
export function fromContent(
  content: Readonly<Record<string, unknown>>,
  origin: Origin,
  section?: string,
): Map<KeyName, Finding> {
  const source = placeOf({ origin, section });
  return new Map(flatten(content, source).map(([name, value]) => [name, { value, origin, section }]));
}

function placeOf({ origin, section }: Pick<Finding, 'origin' | 'section'>): string {
  return section === undefined ? origin.name : `${origin.name}: ${section}`;
}

/** Nested objects down to the keys that are known; the first that is not is an error. */
function flatten(
  content: Readonly<Record<string, unknown>>,
  source: string,
  prefix = '',
): [KeyName, unknown][] {
  return Object.entries(content).flatMap(([part, value]): [KeyName, unknown][] => {
    const name = prefix + part;
    if (value === undefined) return [];
    const parts = keyNames.filter((known) => known.startsWith(`${name}.`));
    // `firmware` is a file, or an object that says which one is meant.
    const isSection = parts.length > 0 && typeof value === 'object' && value !== null;
    if (isKeyName(name) && !isSection) return [[name, value]];
    if (parts.length > 0) {
      // In YAML, a section whose lines are all comments.
      if (value === null) return [];
      if (typeof value === 'object' && !Array.isArray(value)) {
        return flatten(value as Record<string, unknown>, source, `${name}.`);
      }
      // What stands there may be a secret in the wrong place.
      const problem = `should be an object with ${parts.map((part) => part.slice(name.length + 1)).join(', ')}`;
      throw new UpywError('config/invalid', { source, key: name, problem });
    }
    const near = nearestKey(name, keyNames);
    throw new UpywError('config/unknown-key', {
      source,
      key: name,
      known: keyNames,
      ...(near === undefined ? {} : { near }),
    });
  });
}

/**
 * The values as they will be used, with what they say of `board` filled in. As long as it is not known, a value that says something of
 * its board stays as it is written, and is checked for any.
 */
export async function checkAll(findings: Findings, board: BoardFacts | undefined): Promise<Findings> {
  const checked = new Map<KeyName, Finding>();
  for (const [name, finding] of findings) {
    const { value, origin } = finding;
    const source = placeOf(finding);
    const isOwn = mayBeOwn(name) && hasOwnValues(value);
    const filled = isOwn ? fillIn(value, board ?? anyBoard, { source, key: name }) : value;
    const result = await accept(keyOf(name), filled, origin);
    if ('problem' in result) {
      const key =
        name + result.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
      throw new UpywError('config/invalid', { source, key, problem: result.problem });
    }
    const used = isOwn ? { value: result.value, written: value } : { value: result.value };
    checked.set(name, isOwn && board === undefined ? finding : { ...finding, ...used });
  }
  return checked;
}

type Accepted =
  { readonly value: unknown } | { readonly path: readonly (string | number)[]; readonly problem: string };

/** The value as it will be used, or why there is none. */
async function accept(entry: Key<unknown>, value: unknown, { kind, name }: Origin): Promise<Accepted> {
  const { parse, check, describe } = entry;
  const plain = { path: [], problem: `should be ${describe}, not ${describeGiven(entry, value)}` };
  if (kind === 'environment' && parse !== undefined) {
    const parsed = parse(String(value), name);
    return parsed === undefined ? plain : { value: parsed };
  }
  const { z } = await import('zod');
  const { data, error } = check(z).safeParse(value);
  if (error === undefined) return { value: data };
  // zod's words for a check that has none of its own.
  const own = error.issues.find(({ code, message }) => code === 'custom' && message !== 'Invalid input');
  if (own === undefined) return plain;
  return {
    path: own.path.map((part) => (typeof part === 'number' ? part : String(part))),
    problem: own.message,
  };
}

/** What goes to the board may say something of it. A password is taken as it is. */
export function mayBeOwn(name: KeyName): boolean {
  return Object.hasOwn(provisionKeys, name) && keyOf(name).secret !== true;
}

function isKeyName(name: string): name is KeyName {
  return Object.hasOwn(keys, name);
}

export function keyOf(name: KeyName): Key<unknown> {
  return keys[name];
}
