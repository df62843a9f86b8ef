import { joinPath, parentPath } from '../board/board-path.js';
import type { FileStore } from '../board/file-store.js';
import type { FileToWrite } from '../board/transfer/upload-content.js';
import { checkSpace } from '../copying/check-space.js';
import type { CopyOptions } from '../copying/copy-options.js';
import { hashBytes } from '../local/hash-local.js';
import { type PackageState, stateName } from './board-state.js';
import type { FetchedFile } from './fetch-files.js';
import { type Installed, type InstalledPackage, installedText } from './installed.js';

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
}

/** Looks at what is there. `installed` is what will be. */
export async function planInstall(
  store: FileStore,
  state: PackageState,
  files: readonly FetchedFile[],
  installed: Installed,
  { signal }: { readonly signal: AbortSignal },
): Promise<InstallPlan> {
  const { target } = state;
  const at = (path: string) => joinPath(target, path);
  const hiding = files.map(({ path }) => twinOf(at(path)));
  const paths = [...files.map(({ path }) => at(path)), ...hiding.filter((each) => each !== undefined)];
  const expected = files.map(({ bytes, sha256 }) => ({ sizeBytes: bytes.length, sha256 }));
  const { found } = await store.inspect(paths, { expected, signal });
  const isSame = files.map(({ sha256 }, index) => {
    const there = found[index];
    return typeof there === 'object' && there.sha256 === sha256;
  });
  const written = files.filter((_, index) => isSame[index] !== true);
  const twins = paths
    .slice(files.length)
    .filter((_, index) => typeof found[files.length + index] === 'object');
  const staying = new Set([
    ...files.map(({ path }) => at(path)),
    ...installed.packages.flatMap((each) => each.files.map(({ path }) => at(path))),
  ]);
  const gone = oldPaths(state).filter((path) => !staying.has(path) && state.found.get(path) !== undefined);
  const removed = [...new Set([...gone, ...twins])].filter((path) => !staying.has(path));
  const changed = changedSince(state);
  return {
    target,
    written,
    unchanged: files.filter((_, index) => isSame[index] === true),
    removed,
    changedSince: [...written.map(({ path }) => at(path)), ...removed].filter((path) => changed.has(path)),
    installed,
  };
}

/** A source would hide bytecode of its name, and bytecode that is left would be taken when the source is removed. */
function twinOf(path: string): string | undefined {
  if (path.endsWith('.mpy')) return path.replace(/\.mpy$/, '.py');
  return path.endsWith('.py') ? path.replace(/\.py$/, '.mpy') : undefined;
}

function oldPaths({ installed, target }: PackageState): string[] {
  return installed.packages.flatMap(({ files }) => files.map(({ path }) => joinPath(target, path)));
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

/** Where files wait until all of them are whole. */
const waitingName = '.upyw-new';

/**
 * Puts a plan into effect. All files are sent in one go to a folder beside the libraries, each of them verified; only when all are there do they
 * take their places, which takes no wire. So a failure before leaves what was there. Throws `board/…`.
 */
export async function install(store: FileStore, plan: InstallPlan, options: CopyOptions): Promise<void> {
  const { target, written, removed, installed } = plan;
  const { signal } = options;
  const waiting = joinPath(target, waitingName);
  const state = new TextEncoder().encode(installedText(installed));
  const contents = [...written, { path: stateName, bytes: state, sha256: hashBytes(state).sha256 }];
  const moves = contents.map(({ path }, index) => ({
    from: joinPath(waiting, String(index)),
    to: joinPath(target, path),
  }));
  const sized = contents.map(({ path, bytes }) => ({
    local: path,
    remote: joinPath(target, path),
    sizeBytes: bytes.length,
  }));
  await checkSpace(
    store,
    { files: sized.map((each) => ({ ...each, change: 'new', oldSizeBytes: 0 }) as const), removed: [] },
    signal,
  );
  const folders = new Set(written.map(({ path }) => parentPath(joinPath(target, path))));
  try {
    await store.makeFolders([waiting], { parents: true, signal });
    const files: FileToWrite[] = contents.map(({ bytes }, index) => ({
      path: joinPath(waiting, String(index)),
      sizeBytes: bytes.length,
      load: () => bytes,
    }));
    await options.during('copy', sized, (onProgress) => store.writeFiles(files, { onProgress, signal }));
    // From here on it takes moments, and is not left half done.
    await store.makeFolders([...folders], { parents: true });
    await store.movePaths(moves);
  } finally {
    // What is left there is of no use to anybody; a board that is gone keeps it until the next time.
    await store.removePaths([waiting], { recursive: true }).catch(() => undefined);
  }
  await store.removePaths(removed, { signal });
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
