import { join, relative, sep } from 'node:path';
import { ignoreFileName } from './ignore-rules.js';
import { localKind, readLocalFile, writeLocalFile } from './local-files.js';

/**
 * Has .upywignore name a file of a folder, so that it goes to no board with the rest of it. Returns whether that was to be done: a file elsewhere needs
 * none, and one that is named needs no second line. Throws `file/…`.
 */
export async function keepHere(folder: string, path: string): Promise<boolean> {
  const below = relative(folder, path).split(sep);
  if (below[0] === '..' || below[0] === '') return false;
  const rule = `/${below.join('/').replaceAll(/[*?[\]\\]/g, '\\$&')}`;
  const place = join(folder, ignoreFileName);
  const before =
    (await localKind(place)) === undefined ? '' : new TextDecoder().decode(await readLocalFile(place));
  if (before.split(/\r?\n/).includes(rule)) return false;
  const text = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  await writeLocalFile(place, new TextEncoder().encode(`${text}${rule}\n`));
  return true;
}
