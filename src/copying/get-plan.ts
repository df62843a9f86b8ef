import { join, resolve } from 'node:path';
import { baseName, joinPath, namedPath } from '../board/board-path.js';
import type { FileStore } from '../board/file-store.js';
import type { BoardEntry } from '../board/folders.js';
import { UpywError } from '../errors.js';
import type { GetOperands } from './get-operands.js';
import { localKind, noFolder } from '../local/local-files.js';
import { LocalNames } from '../local/local-names.js';
import { refuseSameTarget } from './same-target.js';

/** One file to fetch: paths on the board and here. */
export interface FileToGet {
  readonly remote: string;
  readonly local: string;
  readonly sizeBytes: number;
}

/** What of the board gets another name here. */
export interface Renamed {
  readonly remote: string;
  readonly local: string;
}

/** What `get` will do: folders to make here (parents first), then files to write. */
export interface GetPlan {
  readonly folders: readonly string[];
  readonly files: readonly FileToGet[];
  readonly renamed: readonly Renamed[];
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
  board: Pick<FileStore, 'stat' | 'list'>,
  sources: readonly string[],
  base: LocalBase,
  options: { recursive: boolean; platform: NodeJS.Platform },
): Promise<GetPlan> {
  const folders: string[] = [];
  const files: FileToGet[] = [];
  const places = new Places(options.platform);
  for (const source of sources) {
    const entry = await board.stat(source);
    const name = baseName(source);
    const root = base.isFolder && name !== '' ? places.in(base.path, name, source) : base.path;
    if (entry.type === 'file') {
      files.push({ remote: source, local: root, sizeBytes: entry.sizeBytes });
      continue;
    }
    if (!options.recursive)
      throw new UpywError('board/is-folder', { path: namedPath(source), recursive: true });
    folders.push(root);
    for (const inner of await board.list(source, { recursive: true })) {
      const local = places.below(root, source, inner);
      if (inner.type === 'folder') folders.push(local);
      else files.push({ remote: inner.path, local, sizeBytes: inner.sizeBytes });
    }
  }
  refuseSameTarget(
    files.map(({ remote, local }) => ({ from: remote, to: local })),
    'upyw get',
  );
  return { folders, files, renamed: places.renamed };
}

/** Where things of the board go here, and which of them not under their own names. */
class Places {
  readonly #names: LocalNames;
  readonly #renamed = new Map<string, Renamed>();

  constructor(platform: NodeJS.Platform) {
    this.#names = new LocalNames(platform);
  }

  get renamed(): Renamed[] {
    return [...this.#renamed.values()];
  }

  /** The place in a folder here for `remote`, of which `name` is the last part. */
  in(folder: string, name: string, remote: string): string {
    const chosen = this.#names.choose(folder, name);
    const local = join(folder, chosen);
    if (chosen !== name) this.#renamed.set(remote, { remote, local });
    return local;
  }

  /** The place for something below the folder `source`, which is `root` here. */
  below(root: string, source: string, { path }: BoardEntry): string {
    let [place, remote] = [root, source];
    for (const part of path.slice(source.length).split('/')) {
      if (part === '') continue;
      remote = joinPath(remote, part);
      place = this.in(place, part, remote);
    }
    return place;
  }
}
