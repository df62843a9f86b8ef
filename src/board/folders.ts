import { UpywError } from '../errors.js';
import { errnoOf } from '../rawrepl/board-exception.js';
import { parsePython } from '../rawrepl/parse-python.js';
import { pythonString } from '../rawrepl/python-literal.js';
import { answerTuple } from './answer-tuple.js';
import { baseName, joinPath, namedPath, parentPath } from './board-path.js';
import type { BoardSession, OperationOptions } from './board-session.js';
import { changePaths, countBehind, doneSign } from './change-paths.js';
import { helperCall } from './helpers/device-code.js';
import { atPath, fileError } from './file-errors.js';
import { ask, runHelper } from './helpers/run-helper.js';

/** A file or a folder on the board. */
export interface BoardEntry {
  /** The last part of the path. */
  readonly name: string;
  /** As it was asked for, plus what is below: relative paths stay relative. */
  readonly path: string;
  readonly type: 'file' | 'folder';
  /** 0 for a folder. */
  readonly sizeBytes: number;
}

/** A mounted file system. */
export interface Disk {
  /** Where it is mounted: `/`, `/sd`. */
  readonly path: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** Folders in folders; no board has so many, and each makes all paths below it longer. */
const maxDepth = 200;
/** How often a folder is listed whose list was garbled on its way. */
const listAttempts = 3;

/**
 * What is in a folder, sorted by name, what is in its folders right behind each; for a file that file alone. One
 * exchange, however much there is.
 */
export async function listFolder(
  session: BoardSession,
  path: string,
  options: OperationOptions & { readonly recursive?: boolean | undefined },
): Promise<BoardEntry[]> {
  const code = await helperCall('list', path, options.recursive === true, !session.tidied);
  for (let attempt = 1; attempt <= listAttempts; attempt += 1) {
    const answer = await atPath(path, () => ask(session, code, options));
    session.tidied = true;
    const entries = parseListing(path, answer);
    if (entries !== undefined) return sortTree(entries, path);
    if (/^\d+\n$/.test(answer))
      return [{ name: baseName(path), path, type: 'file', sizeBytes: Number(answer) }];
  }
  throw session.repl.nonsense('what is in a folder');
}

/**
 * The board lists folders in the order in which it met them, an empty line before each but the first, and at the end `=` and
 * the count of entries. Undefined for what makes no sense: a line lost one of its own, or a program printed in between.
 */
function parseListing(path: string, answer: string): BoardEntry[] | undefined {
  const entries: BoardEntry[] = [];
  const folders = [path];
  let current = 0;
  const lines = answer.replace(/\n$/, '').split('\n');
  const last = lines.pop();
  for (const line of lines) {
    if (line === '') {
      current += 1;
      continue;
    }
    const entry = parseEntry(folders[current] ?? '', line);
    if (entry === undefined) return undefined;
    entries.push(entry);
    if (entry.type !== 'folder') continue;
    if (entry.path.split('/').length > maxDepth) throw new UpywError('board/too-deep', { path });
    folders.push(entry.path);
  }
  return last === `=${entries.length}` ? entries : undefined;
}

/** `'main.py' 139`; a size of -1 marks a folder. */
function parseEntry(folder: string, line: string): BoardEntry | undefined {
  const [, literal, size] = /^(['"].*['"]) (-?\d+)$/.exec(line) ?? [];
  if (literal === undefined) return undefined;
  try {
    return boardEntry(joinPath(folder, String(parsePython(literal))), Number(size));
  } catch {
    return undefined;
  }
}

/** As our programs tell of them: a size of -1 marks a folder. */
export function boardEntry(path: string, size: number): BoardEntry {
  const type = size < 0 ? 'folder' : 'file';
  return { name: baseName(path), path, type, sizeBytes: Math.max(0, size) };
}

function sortTree(entries: readonly BoardEntry[], root: string): BoardEntry[] {
  const children = new Map<string, BoardEntry[]>();
  // Backwards, since the last one put on the pile is the first one taken from it.
  for (const entry of entries.toSorted((left, right) => (left.name < right.name ? 1 : -1))) {
    const folder = parentPath(entry.path);
    const siblings = children.get(folder);
    if (siblings === undefined) children.set(folder, [entry]);
    else siblings.push(entry);
  }
  const sorted: BoardEntry[] = [];
  const open = [...(children.get(root) ?? [])];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    sorted.push(entry);
    if (entry.type === 'folder') for (const child of children.get(entry.path) ?? []) open.push(child);
  }
  return sorted;
}

/** Short enough to go without the handshake of a longer program; nothing of the user's is in its way, and nothing is left behind. */
function statCode(path: string): string {
  const modules =
    'import builtins as _upyw_b\ntry:import uos as _upyw\nexcept _upyw_b.ImportError:import os as _upyw\n';
  return `${modules}try:_upyw_b.print(_upyw_b.tuple(_upyw.stat(${pythonString(path)})))\nfinally:del _upyw,_upyw_b\n`;
}

/** What is at a path. Throws `board/not-found`. */
export async function statPath(
  session: BoardSession,
  path: string,
  options: OperationOptions,
): Promise<BoardEntry> {
  const folder = { name: baseName(path), path, type: 'folder', sizeBytes: 0 } as const;
  if (path === '' || path === '/') return folder;
  const printed = await atPath(path, () => ask(session, statCode(path), options));
  const [mode, , , , , , size] = answerTuple(session.repl, printed, 'what a path is');
  if (typeof mode !== 'number') throw session.repl.nonsense('what a path is');
  if (mode & 0x4000) return folder;
  return { ...folder, type: 'file', sizeBytes: Number(size) };
}

/** Removes files, with `recursive` folders too, in one exchange for some hundred names. */
export async function removePaths(
  session: BoardSession,
  paths: readonly string[],
  options: OperationOptions & { readonly recursive?: boolean | undefined },
): Promise<void> {
  const recursive = options.recursive === true;
  const call = (batch: readonly string[]) => helperCall('remove', batch, recursive);
  await changePaths(session, paths, call, options, (error, path, isUntouched) => {
    const details = {
      path: namedPath(path),
      ...(isUntouched && paths.length > 1 ? { noneRemoved: true } : {}),
    };
    const cause = { cause: error };
    // Only without `recursive`.
    if (errnoOf(error) === 21)
      return new UpywError('board/is-folder', { ...details, recursive: true }, cause);
    if (errnoOf(error) === 2) return new UpywError('board/not-found', details, cause);
    return fileError(error, path);
  });
}

/** Makes folders in one exchange; with `parents` those above them too, and one that is there already is fine. */
export async function makeFolders(
  session: BoardSession,
  paths: readonly string[],
  options: OperationOptions & { readonly parents?: boolean | undefined },
): Promise<void> {
  const wanted = paths.filter((path) => path !== '' && path !== '/');
  const call = (batch: readonly string[]) => helperCall('make_folders', batch, options.parents === true);
  await changePaths(session, wanted, call, options, (error, path) =>
    // What is not found is the folder above.
    errnoOf(error) === 2 && parentPath(path) !== ''
      ? new UpywError('board/not-found', { path: parentPath(path), asFolder: true }, { cause: error })
      : fileError(error, path),
  );
}

export async function removeFolder(
  session: BoardSession,
  path: string,
  options: OperationOptions,
): Promise<void> {
  const code = await helperCall('remove_folder', path);
  const { signal } = options;
  const answer = await atPath(path, () => runHelper(session, code, { signal }));
  if (countBehind(doneSign, new TextDecoder().decode(answer)) !== 1)
    throw session.repl.nonsense('that the folder is gone');
}

/** All mounted file systems. */
export async function listDisks(session: BoardSession, options: OperationOptions): Promise<Disk[]> {
  const answer = await atPath('/', async () => ask(session, await helperCall('disks'), options));
  return answer
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [path, totalBytes, freeBytes] = answerTuple(session.repl, line, 'how much space there is');
      return { path: String(path), totalBytes: Number(totalBytes), freeBytes: Number(freeBytes) };
    })
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}
