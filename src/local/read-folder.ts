import { isUtf8 } from 'node:buffer';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { errorCode, localError } from '../errors/local-error.js';

/** A file in a folder of this computer. */
export interface LocalFile {
  readonly local: string;
  /**
   * From that folder on, with `/` and in Unicode's composed form (NFC) as on the board: macOS may keep a name in the other form, and
   * the two would be two files there.
   */
  readonly path: string;
  readonly sizeBytes: number;
}

/** Something that is here and is not to be copied. */
export interface Skipped {
  /** From the folder on, with `/`; of a name that is no text, as it can be shown. */
  readonly path: string;
  readonly local: string;
  /** `outside`: a link to something that is not in the folder. `same name`: as that of another one, once both are as on a board. */
  readonly why: 'leads nowhere' | 'not ordinary' | 'outside' | 'not UTF-8' | 'same name';
}

/** All that is in a folder of this computer and may go to a board. */
export interface LocalFolder {
  /** From that folder on; parents come before what is in them. */
  readonly folders: readonly string[];
  readonly files: readonly LocalFile[];
  readonly skipped: readonly Skipped[];
}

/** What to leave out. */
export interface FolderRules {
  /** Called with the names in a folder, before any of them is asked about. */
  enter(folder: string, local: string, names: readonly string[]): Promise<void>;
  leavesOut(path: string, kind: 'file' | 'folder'): boolean;
}

const everything: FolderRules = { enter: () => Promise.resolve(), leavesOut: () => false };

export interface ReadOptions {
  /** Also follow links that lead out of the folder; who made them may not have meant them to be copied. */
  readonly outsideLinks?: boolean | undefined;
}

/** Reads a folder. Links are followed, unless they lead back up or out of it. Throws `file/…`. */
export async function readLocalFolder(
  root: string,
  rules: FolderRules = everything,
  options: ReadOptions = {},
): Promise<LocalFolder> {
  const within = options.outsideLinks === true ? undefined : await realpath(root).catch(() => root);
  const folders: { readonly path: string; readonly place: string }[] = [{ path: '', place: root }];
  const files: LocalFile[] = [];
  const skipped: Skipped[] = [];
  // Folders found on the way are appended, so the loop reaches them: parents come before what is in them.
  for (const { path: folder, place } of folders) {
    const { entries, left } = await entriesOf(place);
    for (const { name, why } of left) {
      skipped.push({ path: posix.join(folder, name), local: join(place, name), why });
    }
    const names = entries.map(({ name }) => name);
    await rules.enter(folder, place, names);
    for (const entry of entries) {
      const path = posix.join(folder, entry.name.normalize('NFC'));
      const local = join(place, entry.name);
      const found = await lookAt(local, entry.isLink, within);
      if (found === 'gone' || rules.leavesOut(path, found === 'folder' ? 'folder' : 'file')) continue;
      if (typeof found === 'object' && 'why' in found) skipped.push({ path, local, why: found.why });
      else if (found === 'folder') folders.push({ path, place: local });
      else files.push({ local, path, sizeBytes: found.sizeBytes });
    }
  }
  return { folders: folders.slice(1).map(({ path }) => path), files, skipped };
}

interface Entry {
  readonly name: string;
  readonly isLink: boolean;
}

/** What a board can have no file for, as it can be shown. */
interface LeftOut {
  readonly name: string;
  readonly why: 'not UTF-8' | 'same name';
}

/** The names in a folder; those that are not UTF-8 apart, as they can be shown: the board has no such names. */
async function entriesOf(folder: string): Promise<{ entries: Entry[]; left: LeftOut[] }> {
  try {
    const found = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    const entries: Entry[] = [];
    const left: LeftOut[] = [];
    for (const { name, isLink } of found.map((entry) => ({
      name: entry.name,
      isLink: entry.isSymbolicLink(),
    }))) {
      if (isUtf8(name)) entries.push({ name: name.toString(), isLink });
      else left.push({ name: escapedBytes(name), why: 'not UTF-8' });
    }
    const once = withoutTwins(entries.sort((one, other) => (one.name < other.name ? -1 : 1)));
    const twins = entries.filter((entry) => !once.includes(entry));
    return {
      entries: once,
      left: [...left, ...twins.map(({ name }) => ({ name, why: 'same name' as const }))],
    };
  } catch (error) {
    throw localError(error, folder);
  }
}

/** Of names that are one on a board, the one that is written as there stays, else the first. */
function withoutTwins(entries: readonly Entry[]): Entry[] {
  const chosen = new Map<string, Entry>();
  for (const entry of entries) {
    const composed = entry.name.normalize('NFC');
    if (!chosen.has(composed) || entry.name === composed) chosen.set(composed, entry);
  }
  return chosen.size === entries.length
    ? [...entries]
    : entries.filter((entry) => chosen.get(entry.name.normalize('NFC')) === entry);
}

/** `gr\xfcn.txt`: what is not ASCII as shells escape it. */
function escapedBytes(name: Uint8Array): string {
  return Array.from(name, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`,
  ).join('');
}

async function lookAt(
  local: string,
  isLink: boolean,
  within: string | undefined,
): Promise<{ readonly sizeBytes: number } | 'folder' | Pick<Skipped, 'why'> | 'gone'> {
  try {
    const stats = await stat(local);
    if (!stats.isFile() && !stats.isDirectory()) return { why: 'not ordinary' };
    if (isLink && within !== undefined && !isWithin(await realpath(local), within)) return { why: 'outside' };
    if (stats.isFile()) return { sizeBytes: stats.size };
    return isLink && (await leadsBackUp(local)) ? 'gone' : 'folder';
  } catch (error) {
    const code = errorCode(error);
    if (isLink && (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP'))
      return { why: 'leads nowhere' };
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
