import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, defaultLoaders } from 'cosmiconfig';
import { UpywError } from '../errors.js';
import { refuseForeignCode } from './foreign-code.js';
import { wantsQuotes, wellEncoded, whereItBreaks } from './text-files.js';

/** A config file that was found, as it is: nothing in it has been checked, except that it is an object. */
export interface ConfigFile {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Walks up from `folder` to the root of the project it is in, or looks only there. Undefined: there is none. */
export async function findConfigFile(
  folder: string,
  places: readonly string[],
  walk: 'upwards' | 'only here',
): Promise<ConfigFile | undefined> {
  const there = namedPlaces(folder, places, walk);
  for (const source of there) refuseOddity(source);
  // cosmiconfig, which every command would wait for, has nothing to read then: what it takes settings of its own from included.
  if (there.length === 0 && !ownPlaces.some((name) => isNamed(join(process.cwd(), name)))) return undefined;
  const found = await search(folder, places, walk);
  if (found === null || found.isEmpty === true) return undefined;
  const content: unknown = found.config;
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new UpywError('config/unreadable', { source: found.filepath, reason: noObject });
  }
  refuseTooMuch(content, found.filepath);
  return { path: found.filepath, content: content as Record<string, unknown> };
}

/** Where cosmiconfig looks for settings of its own. */
const ownPlaces = ['.config', 'package.json', 'package.yaml'];

/** What there is of these names, as far up as cosmiconfig looks: to the project's root. */
function namedPlaces(folder: string, places: readonly string[], walk: 'upwards' | 'only here'): string[] {
  const found: string[] = [];
  for (let within = resolve(folder); ; within = dirname(within)) {
    found.push(...places.map((place) => join(within, place)).filter(isNamed));
    const isRoot = ['package.json', 'package.yaml'].some((name) => existsSync(join(within, name)));
    if (isRoot || walk === 'only here' || within === dirname(within)) return found;
  }
}

/** Far more than settings are long. */
const maxFileBytes = 1_000_000;

/** What is no file would be read for ever, or passed over: a pipe, a device, a folder, a link that leads nowhere. Throws `config/unreadable`. */
function refuseOddity(source: string): void {
  const reason = oddity(source);
  if (reason !== undefined) throw new UpywError('config/unreadable', { source, reason });
}

/** Whether there is anything of that name that we may know of. */
function isNamed(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function oddity(path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return 'it is a folder';
    if (!stats.isFile()) return 'it is a device or a pipe, and no file';
    return stats.size > maxFileBytes ? `it is larger than ${maxFileBytes / 1e6} MB` : undefined;
  } catch {
    return 'it is a link that leads nowhere';
  }
}

const noObject = 'it should hold an object with settings';

async function search(folder: string, places: readonly string[], walk: 'upwards' | 'only here') {
  // Files in which users tell cosmiconfig where to look; it runs those that are code.
  for (const ending of ['js', 'ts', 'cjs', 'mjs']) {
    await refuseForeignCode(join(process.cwd(), '.config', `config.${ending}`));
  }
  const { cosmiconfig, defaultLoaders } = await import('cosmiconfig');
  try {
    const explorer = cosmiconfig('upyw', {
      searchPlaces: [...places],
      searchStrategy: walk === 'upwards' ? 'project' : 'none',
      loaders: loadersFrom(defaultLoaders),
      cache: false,
    });
    return await explorer.search(folder);
  } catch (error) {
    throw unreadable(error);
  }
}

/** cosmiconfig reads every package.json on its way for itself, and says with the error in which file it was. */
function unreadable(error: unknown): unknown {
  const { filepath: source } = error as { filepath?: unknown };
  if (error instanceof UpywError || typeof source !== 'string') return error;
  const isJson = error instanceof Error && error.name === 'JSONError';
  const reason = isJson ? 'it is not valid JSON' : noObject;
  return new UpywError('config/unreadable', { source, reason }, { cause: error });
}

/** Far more, and far deeper, than settings are. */
const maxValues = 10_000;
const maxDepth = 100;

/** YAML's aliases let a few lines stand for billions of values, which would be looked at one by one. */
function refuseTooMuch(content: object, source: string): void {
  let seen = 0;
  const above = new Set<object>();
  const look = (value: unknown) => {
    seen += 1;
    if (seen > maxValues || above.size > maxDepth) {
      const reason = `it holds more than ${maxValues} values, or they are nested deeper than ${maxDepth}`;
      throw new UpywError('config/unreadable', { source, reason });
    }
    // One that holds itself is told by the check of its setting.
    if (typeof value !== 'object' || value === null || above.has(value)) return;
    above.add(value);
    for (const each of Object.values(value)) look(each);
    above.delete(value);
  };
  look(content);
}

const loadersFrom = (defaults: typeof defaultLoaders) => ({
  '.json': dataLoader(defaults['.json']),
  '.yaml': dataLoader(defaults['.yaml']),
  '.yml': dataLoader(defaults['.yml']),
  noExt: dataLoader(defaults.noExt),
  '.js': explained(loadModule),
  '.mjs': explained(loadModule),
});

/** Text that is only data. What it says is not repeated when it cannot be read: it may be a password. */
function dataLoader(load: Loader): Loader {
  return async (path, content) => {
    const text = await wellEncoded(path, content);
    try {
      return (await load(path, text)) as unknown;
    } catch (error) {
      const quotes = wantsQuotes(error, text);
      const reason = whereItBreaks(error, text);
      throw new UpywError('config/unreadable', { source: path, reason, ...(quotes ? { quotes } : {}) });
    }
  };
}

/** cosmiconfig's own loader runs a file that throws a second time, by `require`. */
async function loadModule(path: string): Promise<unknown> {
  const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
  return module.default;
}

/** Translated here, because cosmiconfig takes a config that throws ENOENT for one that is not there. */
function explained(load: (path: string) => Promise<unknown>): Loader {
  return async (path) => {
    await refuseForeignCode(path);
    try {
      return await load(path);
    } catch (error) {
      throw new UpywError(
        'config/unreadable',
        { source: path, reason: reasonOf(error, path) },
        { cause: error },
      );
    }
  };
}

/** The line that says what is wrong; Node puts one with the path in front of it. */
function reasonOf(error: unknown, path: string): string {
  const lines = (error instanceof Error ? error.message : String(error))
    .split('\n')
    .filter((line) => line.trim() !== '');
  const reason = lines.find((line) => !line.includes(path)) ?? lines[0] ?? 'it failed without a reason';
  return reason.trim();
}
