import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isMarked } from './board-path.js';
import { localKind } from './local-files.js';

/**
 * `*.py` as the names it stands for. Unix shells have done that before we see it; the shells of Windows leave it to the
 * program. Wildcards count in the last part of a path only; what matches nothing stays, to be told as not found.
 */
export async function expandWildcards(cwd: string, operands: readonly string[]): Promise<string[]> {
  return (await Promise.all(operands.map((operand) => expand(cwd, operand)))).flat();
}

async function expand(cwd: string, operand: string): Promise<string[]> {
  const pattern = basename(operand);
  if (isMarked(operand) || !/[*?]/.test(pattern)) return [operand];
  const folder = dirname(operand);
  if ((await localKind(resolve(cwd, folder))) !== 'folder') return [operand];
  const names = (await readdir(resolve(cwd, folder))).filter(matcher(pattern)).sort();
  return names.length === 0 ? [operand] : names.map((name) => (folder === '.' ? name : join(folder, name)));
}

/** As Windows matches: whatever the case; a name that begins with a dot only when the pattern does. */
function matcher(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 'is');
  return (name) => expression.test(name) && (pattern.startsWith('.') || !name.startsWith('.'));
}
