import { UpywError } from '../errors.js';
import { type ConfigFile, findConfigFile } from './find-files.js';
import { type Key, describeGiven } from './key.js';
import { type KeyName, type Settings, keys } from './keys.js';
import { nearestKey } from './nearest.js';
import { projectPlaces, secretPlaces, userConfigFolder, userPlaces } from './places.js';

/** Where a value came from: `name` is the flag, the variable or the file; empty for a default. */
export interface Origin {
  readonly kind: 'flag' | 'environment' | 'secrets' | 'project' | 'user' | 'default';
  readonly name: string;
}

/** The settings in force, and where each came from. */
export interface LoadedSettings {
  readonly values: Settings;
  readonly origins: Readonly<Record<KeyName, Origin>>;
}

/** What settings are made from. */
export interface SettingsSources {
  /** Checked when they were parsed. */
  readonly flags: Partial<Settings>;
  /** Flags of one command, as typed. */
  readonly words?: Partial<Record<KeyName, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
}

interface Finding {
  readonly value: unknown;
  readonly origin: Origin;
}

const keyNames = Object.keys(keys) as KeyName[];

/**
 * Flag over environment over the project's secrets over project over user over default, key by key. A file is checked as a
 * whole, even where something stronger overrules it: a mistake in it is better heard of now.
 * @throws UpywError `config/invalid`, `config/unknown-key`, `config/unreadable`
 */
export async function loadSettings(sources: SettingsSources): Promise<LoadedSettings> {
  const { env, cwd, platform, flags, words = {} } = sources;
  const [secrets, project, user] = await Promise.all([
    findConfigFile(cwd, secretPlaces, 'upwards'),
    findConfigFile(cwd, projectPlaces, 'upwards'),
    findConfigFile(userConfigFolder(env, platform), userPlaces, 'only here'),
  ]);
  const layers = [
    fromFlags(flags),
    await checkAll(fromFlags(words)),
    await checkAll(fromEnvironment(env)),
    await checkAll(fromFile(secrets, 'secrets')),
    await checkAll(fromFile(project, 'project')),
    await checkAll(fromFile(user, 'user')),
  ];
  return merge(layers);
}

function merge(layers: readonly ReadonlyMap<KeyName, Finding>[]): LoadedSettings {
  const findings = keyNames.map((name) => {
    const found = layers.flatMap((layer) => layer.get(name) ?? []);
    const [strongest = { value: keys[name].default, origin: { kind: 'default', name: '' } } as const] = found;
    if (keyOf(name).joined !== true) return [name, strongest] as const;
    const objects = found.map(({ value }) => value as object).reverse();
    return [name, { ...strongest, value: Object.assign({}, ...objects) as unknown }] as const;
  });
  return {
    values: Object.fromEntries(findings.map(([name, { value }]) => [name, value])) as unknown as Settings,
    origins: Object.fromEntries(findings.map(([name, { origin }]) => [name, origin])) as Record<
      KeyName,
      Origin
    >,
  };
}

function fromFlags(flags: Partial<Record<KeyName, unknown>>): Map<KeyName, Finding> {
  const findings = new Map<KeyName, Finding>();
  for (const name of keyNames) {
    const value = flags[name];
    if (value !== undefined)
      findings.set(name, { value, origin: { kind: 'flag', name: keyOf(name).flag ?? name } });
  }
  return findings;
}

/** An empty variable counts as not set, as is usual. */
function fromEnvironment(env: SettingsSources['env']): Map<KeyName, Finding> {
  const findings = new Map<KeyName, Finding>();
  for (const name of keyNames) {
    const variable = keyOf(name).env?.find((candidate) => (env[candidate] ?? '') !== '');
    if (variable !== undefined) {
      findings.set(name, { value: env[variable], origin: { kind: 'environment', name: variable } });
    }
  }
  return findings;
}

function fromFile(file: ConfigFile | undefined, kind: 'secrets' | 'project' | 'user'): Map<KeyName, Finding> {
  const findings = new Map<KeyName, Finding>();
  if (file === undefined) return findings;
  for (const [name, value] of flatten(file.content, file.path)) {
    findings.set(name, { value, origin: { kind, name: file.path } });
  }
  return findings;
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
    if (isKeyName(name)) return [[name, value]];
    const parts = keyNames.filter((known) => known.startsWith(`${name}.`));
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

async function checkAll(findings: ReadonlyMap<KeyName, Finding>): Promise<Map<KeyName, Finding>> {
  const checked = new Map<KeyName, Finding>();
  for (const [name, { value, origin }] of findings) {
    const result = await accept(keyOf(name), value, origin);
    if ('problem' in result) {
      const key =
        name + result.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
      throw new UpywError('config/invalid', { source: origin.name, key, problem: result.problem });
    }
    checked.set(name, { value: result.value, origin });
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

function isKeyName(name: string): name is KeyName {
  return Object.hasOwn(keys, name);
}

function keyOf(name: KeyName): Key<unknown> {
  return keys[name];
}
