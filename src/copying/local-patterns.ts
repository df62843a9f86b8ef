import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Named, findMatches, isPattern } from './patterns.js';

/**
 * Names of this computer, with patterns such as `*.py` as the names that they stand for: not every shell does that before we
 * see them. What fits nothing stays as it is, to be told as not found.
 */
export async function expandLocal(
  { cwd, platform }: { readonly cwd: string; readonly platform: NodeJS.Platform },
  names: readonly string[],
): Promise<string[]> {
  const isWindows = platform === 'win32';
  const expanded = names.map(async (name) => {
    if (!isPattern(name)) return [name];
    const path = isWindows ? name.replaceAll('\\', '/') : name;
    const matches = await findMatches(path, (folder) => namesIn(resolve(cwd, folder)), {
      anyCase: isWindows,
    });
    return matches.length === 0 ? [name] : matches.map((match) => match.path);
  });
  return (await Promise.all(expanded)).flat();
}

async function namesIn(folder: string): Promise<Named[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  // A link may lead to a folder; one that does not has nothing in it.
  return entries.map((entry) => ({ name: entry.name, type: entry.isFile() ? 'file' : 'folder' }));
}
