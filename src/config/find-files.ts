import { pathToFileURL } from 'node:url';
import { cosmiconfig, defaultLoaders, type Loader } from 'cosmiconfig';
import { UpywError } from '../errors.js';
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
  const explorer = cosmiconfig('upyw', {
    searchPlaces: [...places],
    searchStrategy: walk === 'upwards' ? 'project' : 'none',
    loaders,
    cache: false,
  });
  const found = await explorer.search(folder);
  if (found === null || found.isEmpty === true) return undefined;
  const content: unknown = found.config;
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new UpywError('config/unreadable', {
      source: found.filepath,
      reason: 'it should hold an object with settings',
    });
  }
  return { path: found.filepath, content: content as Record<string, unknown> };
}

const loaders = {
  '.json': dataLoader(defaultLoaders['.json']),
  '.yaml': dataLoader(defaultLoaders['.yaml']),
  '.yml': dataLoader(defaultLoaders['.yml']),
  noExt: dataLoader(defaultLoaders.noExt),
  '.js': explained(loadModule),
  '.mjs': explained(loadModule),
};

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
