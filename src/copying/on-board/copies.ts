import { baseName, joinPath, namedPath } from '../../board/board-path.js';
import type { FileStore } from '../../board/file-store.js';
import type { PathPair } from '../../board/path-pair.js';
import { UpywError, isUpywError } from '../../errors.js';
import { checkSpace } from '../check-space.js';
import { type CopyOptions } from '../copy-options.js';
import { kindOnBoard } from '../kind-on-board.js';
import { refuseOneName } from '../one-name.js';
import { refuseSameTarget } from '../same-target.js';

/** Where to: a path in its plain form, and whether only a folder can be meant. */
export interface BoardDestination {
  readonly path: string;
  readonly isFolder: boolean;
}

export interface FileToCopy extends PathPair {
  readonly sizeBytes: number;
}

/** What a copy on the board will do: folders to make (parents first), then files. */
export interface BoardCopyPlan {
  readonly folders: readonly string[];
  readonly files: readonly FileToCopy[];
}

/**
 * Where each of some paths of the board goes, as `cp` and `mv` have it: into the destination when that is a folder, else under its
 * name. Throws `board/not-found`, `board/not-a-folder`, `board/into-itself`, `usage/arguments`.
 */
export async function placeOnBoard(
  board: FileStore,
  sources: readonly string[],
  destination: BoardDestination,
  command: string,
): Promise<PathPair[]> {
  const { path } = destination;
  const kind = path === '' || path === '/' ? 'folder' : await kindOnBoard(board, path);
  const wantsFolder = destination.isFolder || sources.length > 1;
  if (wantsFolder && kind === 'file') throw new UpywError('board/not-a-folder', { path });
  if (wantsFolder && kind === undefined) throw new UpywError('board/not-found', { path, asFolder: true });
  const pairs = sources.map((from) => {
    if (from === '' || from === '/') throw new UpywError('board/is-folder', { path: namedPath(from) });
    return { from, to: kind === 'folder' ? joinPath(path, baseName(from)) : path };
  });
  refuseSameTarget(pairs, command);
  const root = pairs.some(({ from, to }) => isAbsolute(from) !== isAbsolute(to))
    ? await board.currentFolder()
    : '/';
  for (const { from, to } of pairs) refuseItself({ from, to }, root, command);
  return pairs;
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}

function refuseItself({ from, to }: PathPair, root: string, command: string): void {
  const [source, target] = [from, to].map((path) => (isAbsolute(path) ? path : joinPath(root, path)));
  if (source === target) {
    const problem = `${namedPath(from)} and ${namedPath(to)} are the same file`;
    throw new UpywError('usage/arguments', { problem, command });
  }
  if (target?.startsWith(`${source ?? ''}/`) === true)
    throw new UpywError('board/into-itself', { path: from, to });
}

/** Looks at what is to be copied, and at what is there. Throws `board/…` for what cannot be; nothing is changed. */
export async function planBoardCopy(
  board: FileStore,
  pairs: readonly PathPair[],
  { recursive, signal }: { readonly recursive: boolean; readonly signal: AbortSignal },
): Promise<BoardCopyPlan> {
  const folders: string[] = [];
  const files: FileToCopy[] = [];
  for (const { from, to } of pairs) {
    const entry = await board.stat(from, { signal });
    const there = await kindOnBoard(board, to);
    if (entry.type === 'file') {
      if (there === 'folder') throw new UpywError('board/is-folder', { path: to });
      files.push({ from, to, sizeBytes: entry.sizeBytes });
      continue;
    }
    if (!recursive) throw new UpywError('board/is-folder', { path: from, recursive: true });
    if (there === 'file') throw new UpywError('board/not-a-folder', { path: to });
    folders.push(to);
    for (const { path, type, sizeBytes } of await board.list(from, { recursive: true, signal })) {
      const place = to + path.slice(from.length);
      if (type === 'folder') folders.push(place);
      else files.push({ from: path, to: place, sizeBytes });
    }
  }
  await refuseOneName(board, { folders, files: files.map(({ to }) => to) }, signal);
  return { folders, files };
}

/** Throws `board/no-space` before anything is written, where all of it is more than there is room for. */
export async function copyOnBoard(
  board: FileStore,
  { folders, files }: BoardCopyPlan,
  { during, signal }: CopyOptions,
): Promise<void> {
  const sized = files.map(({ from, to, sizeBytes }) => ({ local: from, remote: to, sizeBytes }));
  const wanted = sized.map((file) => ({ ...file, change: 'new', oldSizeBytes: 0 }) as const);
  await checkSpace(board, { files: wanted, removed: [] }, signal);
  await board.makeFolders(folders, { parents: true, signal });
  if (files.length === 0) return;
  await during('copy', sized, (onProgress) => board.copyFiles(files, { onProgress, signal }));
}

/** Gives each another name, or copies and removes it where that is on another file system. Throws `board/…`. */
export async function moveOnBoard(
  board: FileStore,
  pairs: readonly PathPair[],
  options: CopyOptions,
): Promise<void> {
  const { signal } = options;
  for (const pair of pairs) {
    try {
      await board.movePaths([pair], { signal });
    } catch (error) {
      if (!isUpywError(error, 'board/other-disk')) throw error;
      options.onNote?.(`${pair.to} is on another file system: it is copied, then removed here`);
      await copyOnBoard(board, await planBoardCopy(board, [pair], { recursive: true, signal }), options);
      await board.removePaths([pair.from], { recursive: true, signal });
    }
  }
}

/** Looks whether each can take its new place. Throws `board/not-found`, `board/is-folder`, `board/not-a-folder`, `board/exists`, `board/same-name`. */
export async function checkMoves(board: FileStore, pairs: readonly PathPair[]): Promise<void> {
  await refuseOneName(board, { folders: [], files: pairs.map(({ to }) => to) });
  for (const { from, to } of pairs) {
    const { type } = await board.stat(from);
    const there = await kindOnBoard(board, to);
    if (there === 'folder')
      throw new UpywError(type === 'file' ? 'board/is-folder' : 'board/exists', { path: to });
    if (there === 'file' && type === 'folder') throw new UpywError('board/not-a-folder', { path: to });
  }
}
