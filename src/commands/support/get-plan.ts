import { join, resolve } from 'node:path';
import { baseName, namedPath } from '../../board/board-path.js';
import type { Board } from '../../board/board.js';
import type { BoardEntry } from '../../board/folders.js';
import { UpywError } from '../../errors.js';
import type { GetOperands } from './get-operands.js';
import { localKind, noFolder } from './local-files.js';

/** One file to fetch: paths on the board and here. */
export interface FileToGet {
  readonly remote: string;
  readonly local: string;
  readonly sizeBytes: number;
}

/** What `get` will do: folders to make here (parents first), then files to write. */
export interface GetPlan {
  readonly folders: readonly string[];
  readonly files: readonly FileToGet[];
}

/** Where things go here: into `path` when it is a folder, else `path` is the copy's own name. */
export interface LocalBase {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Looked at before the board is, so that a wrong folder is found at once. Throws `file/not-a-folder`, `file/not-found`. */
export async function chooseLocalBase(
  cwd: string,
  { sources, destination }: GetOperands,
): Promise<LocalBase> {
  const path = resolve(cwd, destination);
  const kind = await localKind(path);
  if (kind === 'folder') return { path, isFolder: true };
  const mustBeFolder = sources.length > 1 || /[\\/]$/.test(destination);
  if (mustBeFolder) throw noFolder(destination, kind);
  const above = await localKind(join(path, '..'));
  if (above !== 'folder') throw noFolder(join(destination, '..'), above);
  return { path, isFolder: false };
}

/** Looks at the sources on the board. Throws `board/not-found`; a folder without `recursive` is `board/is-folder`. */
export async function planGet(
  board: Pick<Board, 'stat' | 'list'>,
  sources: readonly string[],
  base: LocalBase,
  options: { recursive: boolean; platform: NodeJS.Platform },
): Promise<GetPlan> {
  const folders: string[] = [];
  const files: FileToGet[] = [];
  for (const source of sources) {
    const entry = await board.stat(source);
    const name = baseName(source);
    const root = base.isFolder ? join(base.path, localName(name, options.platform)) : base.path;
    if (entry.type === 'file') {
      files.push({ remote: source, local: root, sizeBytes: entry.sizeBytes });
      continue;
    }
    if (!options.recursive)
      throw new UpywError('board/is-folder', { path: namedPath(source), recursive: true });
    folders.push(root);
    for (const inner of await board.list(source, { recursive: true })) {
      const local = join(
        root,
        ...relativeParts(inner, source).map((part) => localName(part, options.platform)),
      );
      if (inner.type === 'folder') folders.push(local);
      else files.push({ remote: inner.path, local, sizeBytes: inner.sizeBytes });
    }
  }
  return { folders, files };
}

/** The names below `folder` that lead to an entry. */
function relativeParts({ path }: BoardEntry, folder: string): string[] {
  return path
    .slice(folder.length)
    .split('/')
    .filter((part) => part !== '');
}

/** A name as it is, unless it would lead elsewhere here (`..`, a backslash on Windows) or Windows has no such names. */
function localName(name: string, platform: NodeJS.Platform): string {
  // eslint-disable-next-line no-control-regex -- Windows allows no control characters in names
  const impossible = platform === 'win32' ? /[\u0000-\u001f<>:"|?*\\]|[. ]$/ : /\0/;
  if (name === '..' || impossible.test(name)) {
    throw new UpywError('file/failed', { path: name, reason: 'no file of this computer can have that name' });
  }
  return name;
}
