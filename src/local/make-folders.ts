import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UpywError } from '../errors.js';

/**
 * Makes a folder and those above it. `mkdir` of Node with `recursive` tries for ever where a file system answers ENOENT to each
 * mkdir, as Linux's /proc does. Throws `file/not-a-folder` with the path of a file that is in the way, otherwise the system's error.
 */
export function makeFolders(path: string, mode = 0o777): void {
  try {
    makeFolder(path, mode);
  } catch (error) {
    const above = dirname(path);
    if (!isMissing(error) || above === path || kindOf(above) === 'folder') throw error;
    makeFolders(above, mode);
    makeFolder(path, mode);
  }
}

function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const kind = kindOf(path);
    if (kind === undefined) throw error;
    if (kind === 'file') throw new UpywError('file/not-a-folder', { path }, { cause: error });
  }
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}

/** It, or what is above it: where that is a file Linux says ENOTDIR, Windows ENOENT. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
