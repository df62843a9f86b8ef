import { UpywError } from '../errors.js';

/**
 * A path on the board in its one plain form: no `.`, `..`, doubled or final slashes. Relative paths stay relative to
 * the board's current folder, which itself is the empty string. Throws `board/bad-path`.
 */
export function normalizePath(path: string): string {
  // MicroPython hands paths to C, where a NUL ends them; a lone surrogate has no UTF-8.
  if (path.includes('\0'))
    throw new UpywError('board/bad-path', { path, reason: 'a name cannot hold a NUL' });
  if (/\p{Surrogate}/u.test(path))
    throw new UpywError('board/bad-path', { path, reason: 'it is not valid Unicode' });
  const root = path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined && root === '') {
      throw new UpywError('board/bad-path', { path, reason: 'it leads out of the current folder' });
    }
  }
  return root + parts.join('/');
}

/** The plain form of a file's path: the current folder and the root are none. Throws `board/is-folder`, `board/bad-path`. */
export function filePath(path: string): string {
  const plain = normalizePath(path);
  if (plain === '' || plain === '/') throw new UpywError('board/is-folder', { path });
  return plain;
}

/** A path in its plain form as an error names it: the current folder, too, has a name. */
export function namedPath(path: string): string {
  return path === '' ? '.' : path;
}

/** The path of `name` in a folder that is in its plain form. */
export function joinPath(folder: string, name: string): string {
  return folder === '' || folder === '/' ? folder + name : `${folder}/${name}`;
}

/** The folder that a path in its plain form is in; empty for the current one. */
export function parentPath(path: string): string {
  const at = path.lastIndexOf('/');
  return at === 0 ? '/' : path.slice(0, Math.max(at, 0));
}

/** The last part of a path in its plain form. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
