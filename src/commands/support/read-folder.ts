import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { joinPath } from '../../board/board-path.js';
import { errorCode, localError } from '../../errors/local-error.js';

/** A file in a folder of this computer. */
export interface LocalFile {
  readonly local: string;
  /** From that folder on, with `/` as on the board. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** All that is in a folder of this computer and may go to a board. */
export interface LocalFolder {
  /** From that folder on; parents come before what is in them. */
  readonly folders: readonly string[];
  readonly files: readonly LocalFile[];
  /** Here and not to be copied: links that lead nowhere, pipes and the like. */
  readonly skipped: readonly string[];
}

/** What to leave out. */
export interface FolderRules {
  /** Called with the names in a folder, before any of them is asked about. */
  enter(folder: string, local: string, names: readonly string[]): Promise<void>;
  leavesOut(path: string, kind: 'file' | 'folder'): boolean;
}

const everything: FolderRules = { enter: () => Promise.resolve(), leavesOut: () => false };

/** Reads a folder. Links are followed, unless they lead back up. Throws `file/…`. */
export async function readLocalFolder(root: string, rules: FolderRules = everything): Promise<LocalFolder> {
  const folders: string[] = [''];
  const files: LocalFile[] = [];
  const skipped: string[] = [];
  // Folders found on the way are appended, so the loop reaches them: parents come before what is in them.
  for (const folder of folders) {
    const place = join(root, folder);
    const entries = await entriesOf(place);
    const names = entries.map(({ name }) => name);
    await rules.enter(folder, place, names);
    for (const entry of entries) {
      const path = joinPath(folder, entry.name);
      const local = join(place, entry.name);
      const found = await lookAt(local, entry);
      if (found === 'gone' || rules.leavesOut(path, found === 'folder' ? 'folder' : 'file')) continue;
      if (found === 'skipped') skipped.push(local);
      else if (found === 'folder') folders.push(path);
      else files.push({ local, path, sizeBytes: found.sizeBytes });
    }
  }
  return { folders: folders.slice(1), files, skipped };
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch (error) {
    throw localError(error, folder);
  }
}

async function lookAt(
  local: string,
  entry: Dirent,
): Promise<{ readonly sizeBytes: number } | 'folder' | 'skipped' | 'gone'> {
  const isLink = entry.isSymbolicLink();
  try {
    const stats = await stat(local);
    if (stats.isFile()) return { sizeBytes: stats.size };
    if (!stats.isDirectory()) return 'skipped';
    return isLink && (await leadsBackUp(local)) ? 'gone' : 'folder';
  } catch (error) {
    const code = errorCode(error);
    if (isLink && (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP')) return 'skipped';
    // It was there a moment ago.
    if (code === 'ENOENT') return 'gone';
    throw localError(error, local);
  }
}

/** A link to a folder that it is in itself: following it would never end. */
async function leadsBackUp(link: string): Promise<boolean> {
  const [target, place] = await Promise.all([realpath(link), realpath(dirname(link))]);
  return isWithin(place, target);
}

/** Whether a path is that folder or something in it; both without links. */
export function isWithin(path: string, folder: string): boolean {
  return `${path}${sep}`.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
