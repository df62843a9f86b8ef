import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { joinPath } from '../board/board-path.js';
import { UpywError } from '../errors.js';
import { localError } from '../errors/local-error.js';
import { isOrdinaryFile, localKind, readToEnd } from '../local/local-files.js';
import type { PutDestination } from './put-operands.js';
import { refuseSameTarget } from './same-target.js';
import { type ReadOptions, type Skipped, readLocalFolder } from '../local/read-folder.js';

/** One file to copy: paths here and on the board. */
export interface FileToPut {
  readonly local: string;
  readonly remote: string;
  readonly sizeBytes: number;
  /** Of a pipe, which can be read only once: what it brought. */
  readonly content?: Uint8Array;
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
  /** From stdin or a pipe: it has no name that says anything. */
  readonly isNameless?: boolean;
  readonly plan: PutPlan;
  readonly skipped: readonly Skipped[];
  /** Settings and backups of upyw, which may hold passwords: only sent when they are named. */
  readonly withheld: readonly string[];
}

/** Reads the folders to be copied, and pipes. Throws `file/…`; a folder without `recursive` is `file/is-folder`. */
export async function readSources(
  cwd: string,
  sources: readonly string[],
  options: SourceOptions,
): Promise<LocalSource[]> {
  return Promise.all(
    sources.map((source, index) => {
      // What stands last behind others may be meant as the place where they go.
      const perhapsOnBoard = sources.length > 1 && index === sources.length - 1;
      return readSource(cwd, source, { ...options, perhapsOnBoard });
    }),
  );
}

export interface SourceOptions extends ReadOptions {
  readonly recursive: boolean;
  readonly stdin: AsyncIterable<Uint8Array>;
}

async function readSource(
  cwd: string,
  source: string,
  { perhapsOnBoard, ...options }: SourceOptions & { readonly perhapsOnBoard: boolean },
): Promise<LocalSource> {
  const path = resolve(cwd, source);
  if (source === '-') return readPipe(source, options.stdin);
  const kind = await localKind(path);
  if (kind === undefined) throw new UpywError('file/not-found', { path: source, perhapsOnBoard });
  if (kind === 'file' && !(await isOrdinaryFile(path)))
    return readPipe(path, createReadStream(path) as AsyncIterable<Uint8Array>);
  // As `readLocalFolder` names things for the board.
  const ownName = basename(path).normalize('NFC');
  if (kind === 'file') return single(ownName, await fileAt(path, ''));
  if (!options.recursive) throw new UpywError('file/is-folder', { path: source, recursive: true });
  const name = /(^|[\\/])\.{1,2}[\\/]*$/.test(source) ? '' : ownName;
  const { OwnFileRules } = await import('../local/ignore-rules.js');
  const rules = new OwnFileRules();
  const { folders, files, skipped } = await readLocalFolder(path, rules, options);
  const plan = {
    folders: ['', ...folders],
    files: files.map((file) => ({ local: file.local, remote: file.path, sizeBytes: file.sizeBytes })),
  };
  return { name, kind, plan, skipped, withheld: rules.leftOut.map((inside) => join(source, inside)) };
}

function single(name: string, file: FileToPut): LocalSource {
  return { name, kind: 'file', plan: { folders: [], files: [file] }, skipped: [], withheld: [] };
}

/** What is no regular file (a pipe, `<(command)`, `-` for stdin) is read to its end, since nothing else tells its size. */
async function readPipe(local: string, stream: AsyncIterable<Uint8Array>): Promise<LocalSource> {
  const content = await readToEnd(local, stream);
  return { ...single('', { local, remote: '', sizeBytes: content.length, content }), isNameless: true };
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
  const nameless = base.isFolder && sources.find(({ isNameless }) => isNameless === true);
  if (nameless) {
    const [file] = nameless.plan.files;
    const problem = `what comes from ${file?.local ?? ''} needs a name on the board: upyw put ${file?.local ?? ''} :name.py`;
    throw new UpywError('usage/arguments', { problem, command: 'upyw put' });
  }
  const plans = sources.map(({ name, plan }) => {
    const root = base.isFolder && name !== '' ? joinPath(base.path, name) : base.path;
    const place = (path: string) => (path === '' ? root : joinPath(root, path));
    return {
      folders: plan.folders.map(place),
      files: plan.files.map((file) => ({ ...file, remote: place(file.remote) })),
    };
  });
  const files = plans.flatMap((plan) => plan.files);
  refuseSameTarget(
    files.map(({ local, remote }) => ({ from: local, to: remote })),
    'upyw put',
  );
  return {
    folders: plans
      .flatMap(({ folders }) => folders)
      .filter((folder) => !(base.isFolder && folder === base.path)),
    files,
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
    throw new UpywError('board/not-found', { path, asFolder: true });
  }
  return { path, isFolder: false };
}
