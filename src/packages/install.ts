import type { Board } from '../board/board.js';
import { joinPath } from '../board/board-path.js';
import type { FileStore } from '../board/file-store.js';
import type { Finding } from '../board/inspection.js';
import type { FileToWrite } from '../board/transfer/upload-content.js';
import { checkSpace } from '../copying/check-space.js';
import type { CopyOptions } from '../copying/copy-options.js';
import { foldedPath, foldsCase, refuseOneName } from '../copying/one-name.js';
import { UpywError, isUpywError } from '../errors.js';
import { type PackageState, type StatePlaces, pathsOf } from './board-state.js';
import type { FetchedFile } from './fetch-files.js';
import { requireOneKind } from './package-json.js';
import { type Installed, type InstalledPackage, installedText, pathsBelow } from './installed.js';
import { dropWaiting, placeWaiting, stateName, waitingIn } from './waiting.js';

/** What an installation changes. Paths are those of the board. */
export interface InstallPlan {
  readonly target: string;
  readonly written: readonly FetchedFile[];
  readonly unchanged: readonly FetchedFile[];
  /** Files of what was installed that no package has any more, and what would hide one that comes. */
  readonly removed: readonly string[];
  /** Of what is written or removed: what somebody has changed since it was installed. */
  readonly changedSince: readonly string[];
  readonly installed: Installed;
  /** Where it is known. */
  readonly freeBytes?: number | undefined;
}

/** Looks at what is there, as far as the state does not tell. `installed` is what will be. Throws `board/is-folder`, `board/not-a-folder`. */
export async function planInstall(
  store: FileStore,
  state: PackageState,
  files: readonly FetchedFile[],
  installed: Installed,
  { signal }: { readonly signal: AbortSignal },
): Promise<InstallPlan> {
  const { target } = state;
  const at = (path: string) => joinPath(target, path);
  const places = pathsBelow(installed).map(at);
  await refuseOneName(store, { folders: [], files: places }, signal);
  const { found, twins, freeBytes } = state.places ?? (await lookAtPlaces(store, state, files, signal));
  refuseOtherKinds(found, target, files);
  // What was compiled here has another name than it was looked up under, and a lock was not looked up at all.
  requireOneKind(
    files.map(({ path }) => path),
    (path) =>
      new UpywError('mip/bad-path', {
        from: files.find((file) => file.path === path)?.package ?? target,
        path,
      }),
  );
  const isThere = ({ path, sha256 }: FetchedFile) => {
    const there = found.get(at(path));
    return typeof there === 'object' && there.sha256 === sha256;
  };
  const written = files.filter((file) => !isThere(file));
  const staying = new Set([
    ...files.map(({ path }) => at(path)),
    ...installed.packages.flatMap((each) => each.files.map(({ path }) => at(path))),
  ]);
  const gone = pathsOf(state.installed, target).filter((path) => state.found.get(path) !== undefined);
  const leaving = [...new Set([...gone, ...twins])].filter((path) => !staying.has(path));
  const removed = await withoutStaying(store, target, leaving, staying);
  const changed = changedSince(state);
  return {
    ...{ target, written, removed, installed, freeBytes },
    unchanged: files.filter(isThere),
    changedSince: [...written.map(({ path }) => at(path)), ...removed].filter((path) => changed.has(path)),
  };
}

/** Of what goes, that which is no file that stays: FAT knows a file by each way of writing its name. */
async function withoutStaying(
  store: FileStore,
  target: string,
  leaving: string[],
  staying: ReadonlySet<string>,
): Promise<string[]> {
  const folded = new Set(Array.from(staying, foldedPath));
  const others = leaving.filter((path) => !folded.has(foldedPath(path)));
  return others.length === leaving.length || !(await foldsCase(store, target)) ? leaving : others;
}

/** Below the target: where files are to come, and the folders that they are in. */
export function placesOf(files: readonly { readonly path: string }[]): string[] {
  return [...new Set([...files.map(({ path }) => path), ...foldersOf(files)])];
}

function foldersOf(files: readonly { readonly path: string }[]): Set<string> {
  const folders = new Set<string>();
  for (const { path } of files)
    for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1))
      folders.add(path.slice(0, end));
  return folders;
}

/** The same as a board tells in the exchange in which it tells what is installed. */
async function lookAtPlaces(
  store: FileStore,
  { target }: PackageState,
  files: readonly FetchedFile[],
  signal: AbortSignal,
): Promise<StatePlaces> {
  const paths = placesOf(files).map((path) => joinPath(target, path));
  const twins = files.map(({ path }) => twinOf(joinPath(target, path))).filter((each) => each !== undefined);
  const expected = files.map(({ bytes, sha256 }) => ({ sizeBytes: bytes.length, sha256 }));
  const { found } = await store.inspect([...paths, ...twins], { expected, signal });
  return {
    found: new Map(paths.map((path, index) => [path, found[index]])),
    twins: twins.filter((_, index) => typeof found[paths.length + index] === 'object'),
    freeBytes: undefined,
  };
}

/** Told before anything is sent: a folder where a file is to come, a file where a folder is to be. */
function refuseOtherKinds(
  found: ReadonlyMap<string, Finding>,
  target: string,
  files: readonly FetchedFile[],
): void {
  for (const file of files) {
    const path = joinPath(target, file.path);
    if (found.get(path) === 'folder') throw new UpywError('board/is-folder', { path });
  }
  for (const folder of foldersOf(files)) {
    const path = joinPath(target, folder);
    if (typeof found.get(path) === 'object') throw new UpywError('board/not-a-folder', { path });
  }
}

/** A source would hide bytecode of its name, and bytecode that is left would be taken when the source is removed. */
function twinOf(path: string): string | undefined {
  if (path.endsWith('.mpy')) return path.replace(/\.mpy$/, '.py');
  return path.endsWith('.py') ? path.replace(/\.py$/, '.mpy') : undefined;
}

/** Files that are there with another content than was installed. */
export function changedSince({ installed, target, found }: PackageState): Set<string> {
  const changed = new Set<string>();
  for (const { files } of installed.packages) {
    for (const { path, sha256 } of files) {
      const there = found.get(joinPath(target, path));
      if (there?.sha256 !== undefined && there.sha256 !== sha256) changed.add(joinPath(target, path));
    }
  }
  return changed;
}

/**
 * Puts a plan into effect. All files are sent in one go to a folder beside the libraries, each of them verified, and the new record behind them; only
 * when all are there do they take their places, which takes no wire. A failure before leaves what was there; one after it is made up for by
 * the next that looks. Throws `board/…`.
 */
export async function install(
  store: FileStore,
  board: Board | undefined,
  plan: InstallPlan,
  options: CopyOptions,
): Promise<void> {
  const { target, written, removed, installed, freeBytes } = plan;
  const { signal } = options;
  const waiting = waitingIn(target);
  const places = pathsBelow(installed);
  const record = new TextEncoder().encode(installedText(installed, removed));
  const contents = [
    ...written.map(({ path, bytes }) => ({ path, remote: waiting.fileAt(places.lastIndexOf(path)), bytes })),
    { path: stateName, remote: waiting.record, bytes: record },
  ];
  const sized = contents.map(({ remote, bytes }) => ({ remote, sizeBytes: bytes.length }));
  await requireSpace(store, { target, freeBytes }, contents, signal);
  try {
    await store.makeFolders([waiting.folder], { parents: true, signal });
    const files: FileToWrite[] = contents.map(({ remote, bytes }) => ({
      ...{ path: remote, sizeBytes: bytes.length, load: () => bytes },
    }));
    await options.during('copy', sized, (onProgress) => store.writeFiles(files, { onProgress, signal }));
  } catch (error) {
    await dropWaiting(store, target);
    // Nobody has made it: what is meant is the folder that it would be in.
    const isTarget = isUpywError(error, 'board/not-a-folder') && error.details.path === waiting.folder;
    throw isTarget ? new UpywError('board/not-a-folder', { path: target }, { cause: error }) : error;
  }
  await placeWaiting(store, board, target);
}

async function requireSpace(
  store: FileStore,
  { target, freeBytes }: Pick<InstallPlan, 'target' | 'freeBytes'>,
  contents: readonly { readonly path: string; readonly bytes: Uint8Array }[],
  signal: AbortSignal,
): Promise<void> {
  const files = contents.map(({ path, bytes }) => ({
    ...{ local: path, remote: joinPath(target, path), sizeBytes: bytes.length },
    ...({ change: 'new', oldSizeBytes: 0 } as const),
  }));
  const disks = [{ path: '/', totalBytes: Infinity, freeBytes: freeBytes ?? 0 }];
  const known = { disks: () => Promise.resolve(disks), currentFolder: () => Promise.resolve('/') };
  await checkSpace(freeBytes === undefined ? store : known, { files, removed: [] }, signal);
}

/** What the board will have of a package. */
export function installedPackage(
  resolved: {
    readonly key: string;
    readonly spec: string;
    readonly version: string | undefined;
    readonly isAsked: boolean;
    readonly needs: readonly string[];
  },
  from: string,
  files: readonly FetchedFile[],
): InstalledPackage {
  const { key, spec, version, isAsked, needs } = resolved;
  return {
    name: key,
    spec,
    ...(version === undefined ? {} : { version }),
    from,
    asked: isAsked,
    needs,
    files: files.filter((file) => file.package === key).map(({ path, sha256 }) => ({ path, sha256 })),
  };
}
