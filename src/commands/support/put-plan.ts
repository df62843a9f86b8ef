import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { joinPath } from '../../board/board-path.js';
import { UpywError } from '../../errors.js';

import { localError, localKind } from './local-files.js';
import type { PutDestination } from './put-operands.js';

/** One file to copy: paths here and on the board. */
export interface FileToPut {
  readonly local: string;
  readonly remote: string;
  readonly sizeBytes: number;
}

/** What `put` will do: folders to make (parents first), then files to write. */
export interface PutPlan {
  readonly folders: readonly string[];
  readonly files: readonly FileToPut[];
}

/** What is at a path of the board; undefined: nothing. */
export type RemoteKind = (path: string) => Promise<'file' | 'folder' | undefined>;

/**
 * What is to be copied, as far as this computer knows. Looked at before the board is: a name that is not here is found
 * at once. Paths on the board are relative to what `placeSources` decides.
 */
export interface LocalSource {
  /** The name it gets inside a folder; empty for `.` and the like: its contents go in. */
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly plan: PutPlan;
}

/** Reads the folders to be copied. Throws `file/…`; a folder without `recursive` is `file/is-folder`. */
export async function readSources(
  cwd: string,
  sources: readonly string[],
  recursive: boolean,
): Promise<LocalSource[]> {
  return Promise.all(sources.map((source) => readSource(cwd, source, recursive)));
}

async function readSource(cwd: string, source: string, recursive: boolean): Promise<LocalSource> {
  const path = resolve(cwd, source);
  const kind = await localKind(path);
  if (kind === undefined) throw new UpywError('file/not-found', { path: source });
  if (kind === 'file')
    return { name: basename(path), kind, plan: { folders: [], files: [await fileAt(path, '')] } };
  if (!recursive) throw new UpywError('file/is-folder', { path: source });
  const name = /(^|[\\/])\.{1,2}[\\/]*$/.test(source) ? '' : basename(path);
  return { name, kind, plan: await readFolder(path) };
}

async function readFolder(root: string): Promise<PutPlan> {
  const folders: string[] = [''];
  const files: FileToPut[] = [];
  // Folders found on the way are appended, so the loop reaches them: parents come before what is in them.
  for (const folder of folders) {
    const path = join(root, folder);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw localError(error, path);
    });
    for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
      const remote = joinPath(folder, entry.name);
      const local = join(path, entry.name);
      if ((await localKind(local)) !== 'folder') files.push(await fileAt(local, remote));
      else if (entry.isDirectory() || !(await leadsBackUp(local))) folders.push(remote);
    }
  }
  return { folders, files };
}

/** A link to a folder that it is in itself: following it would never end. */
async function leadsBackUp(link: string): Promise<boolean> {
  const [target, place] = await Promise.all([realpath(link), realpath(dirname(link))]);
  return `${place}${sep}`.startsWith(`${target}${sep}`);
}

async function fileAt(local: string, remote: string): Promise<FileToPut> {
  try {
    return { local, remote, sizeBytes: (await stat(local)).size };
  } catch (error) {
    throw localError(error, local);
  }
}

/**
 * Where everything goes, as `cp` would: into the destination when that is a folder, else under its name. More than one
 * source needs a folder. Throws `board/not-found`, `board/not-a-folder`.
 */
export async function placeSources(
  sources: readonly LocalSource[],
  destination: PutDestination | undefined,
  remoteKind: RemoteKind,
): Promise<PutPlan> {
  const base = await chooseBase(sources, destination, remoteKind);
  const plans = sources.map(({ name, plan }) => {
    const root = base.isFolder && name !== '' ? joinPath(base.path, name) : base.path;
    const place = (path: string) => (path === '' ? root : joinPath(root, path));
    return {
      folders: plan.folders.map(place),
      files: plan.files.map((file) => ({ ...file, remote: place(file.remote) })),
    };
  });
  return {
    folders: plans
      .flatMap(({ folders }) => folders)
      .filter((folder) => !(base.isFolder && folder === base.path)),
    files: plans.flatMap(({ files }) => files),
  };
}

async function chooseBase(
  sources: readonly LocalSource[],
  destination: PutDestination | undefined,
  remoteKind: RemoteKind,
): Promise<{ path: string; isFolder: boolean }> {
  const { path, isFolder } = destination ?? { path: '', isFolder: true };
  if (path === '' || path === '/') return { path, isFolder: true };
  const kind = await remoteKind(path);
  if (kind === 'folder') return { path, isFolder: true };
  const [first, ...others] = sources;
  const mustBeFolder = isFolder || others.length > 0;
  if (kind === 'file' && (mustBeFolder || first?.kind === 'folder')) {
    throw new UpywError('board/not-a-folder', { path });
  }
  // A single folder may become the destination; nothing else can make one.
  if (kind === undefined && mustBeFolder && (first?.kind !== 'folder' || others.length > 0)) {
    throw new UpywError('board/not-found', { path });
  }
  return { path, isFolder: false };
}
