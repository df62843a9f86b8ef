import { UpywError } from '../errors.js';
import { type ConfigFile, findConfigFile } from './find-files.js';
import { type Key, type KeyName, type Settings, keys } from './keys.js';
import { nearest } from './nearest.js';
import { projectPlaces, userConfigFolder, userPlaces } from './places.js';

/** Where a value came from: `name` is the flag, the variable or the file; empty for a default. */
export interface Origin {
  readonly kind: 'flag' | 'environment' | 'project' | 'user' | 'default';
  readonly name: string;
}

/** The settings in force, and where each came from. */
export interface LoadedSettings {
  readonly values: Settings;
  readonly origins: Readonly<Record<KeyName, Origin>>;
}

/** What settings are made from. Flags were checked when they were parsed. */
export interface SettingsSources {
  readonly flags: Partial<Settings>;
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
 * Flag over environment over project over user over default, key by key. A file is checked as a whole, even where
 * something stronger overrules it: a mistake in it is better heard of now.
 * @throws UpywError `config/invalid`, `config/unknown-key`, `config/unreadable`
 */
export async function loadSettings(sources: SettingsSources): Promise<LoadedSettings> {
  const { env, cwd, platform, flags } = sources;
  const [project, user] = await Promise.all([
    findConfigFile(cwd, projectPlaces, 'upwards'),
    findConfigFile(userConfigFolder(env, platform), userPlaces, 'only here'),
  ]);
  const layers = [
    fromFlags(flags),
    await checkAll(fromEnvironment(env)),
    await checkAll(fromFile(project, 'project')),
    await checkAll(fromFile(user, 'user')),
  ];
  return merge(layers);
}

function merge(layers: readonly ReadonlyMap<KeyName, Finding>[]): LoadedSettings {
  const findings = keyNames.map((name) => {
    const found = layers.find((layer) => layer.has(name))?.get(name);
    return [name, found ?? { value: keys[name].default, origin: { kind: 'default', name: '' } }] as const;
  });
  return {
    values: Object.fromEntries(findings.map(([name, { value }]) => [name, value])) as unknown as Settings,
    origins: Object.fromEntries(findings.map(([name, { origin }]) => [name, origin])) as Record<
      KeyName,
      Origin
    >,
  };
}

function fromFlags(flags: Partial<Settings>): Map<KeyName, Finding> {
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

function fromFile(file: ConfigFile | undefined, kind: 'project' | 'user'): Map<KeyName, Finding> {
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
    const isParent = keyNames.some((known) => known.startsWith(`${name}.`));
    if (isParent && typeof value === 'object' && value !== null) {
      return flatten(value as Record<string, unknown>, source, `${name}.`);
    }
    const near = nearest(name, keyNames);
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
    const entry = keyOf(name);
    const accepted = await accept(entry, value, origin);
    if (accepted === undefined) {
      const given = entry.secret === true ? '' : `, not ${JSON.stringify(value)}`;
      const problem = `should be ${entry.describe}${given}`;
      throw new UpywError('config/invalid', { source: origin.name, key: name, problem });
    }
    checked.set(name, { value: accepted, origin });
  }
  return checked;
}

/** The value as it will be used; undefined when it is not accepted. */
async function accept({ parse, check }: Key<unknown>, value: unknown, { kind }: Origin): Promise<unknown> {
  if (kind === 'environment' && parse !== undefined) return parse(String(value));
  const { z } = await import('zod');
  return check(z).safeParse(value).data;
}

function isKeyName(name: string): name is KeyName {
  return Object.hasOwn(keys, name);
}

function keyOf(name: KeyName): Key<unknown> {
  return keys[name];
}
