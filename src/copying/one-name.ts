import { joinPath, parentPath } from '../board/board-path.js';
import type { FileStore } from '../board/file-store.js';
import type { BoardEntry } from '../board/folders.js';
import type { Finding } from '../board/inspection.js';
import { UpywError, isUpywError } from '../errors.js';

/** Paths on the board that are to be there. */
export interface Places {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** Something that a FAT has no name for, and that is an ordinary one elsewhere. */
const noNameOfFat = '*';

/** The same for all paths that FAT takes for one: it tells neither `A` from `a` nor `g.` from `g`. */
export function foldedPath(path: string): string {
  const names = path.split('/').map((name) => name.replace(/(?<=[^. ])[. ]+$/, ''));
  return names.join('/').normalize('NFC').toLowerCase();
}

/**
 * Of two files that are one on the board's file system the second would take the place of the first. The board is only asked where there
 * are such names. Throws `board/same-name`; nothing is changed.
 */
export async function refuseOneName(
  board: FileStore,
  { folders, files }: Places,
  signal?: AbortSignal,
): Promise<void> {
  for (const [path, other] of pairsOfOneName({ folders, files })) {
    if (await foldsCase(board, parentPath(path), signal))
      throw new UpywError('board/same-name', { path, other });
  }
}

/** Two folders may be one: they hold what is in both. */
function pairsOfOneName({ folders, files }: Places): [string, string][] {
  const first = new Map<string, { readonly path: string; readonly type: BoardEntry['type'] }>();
  const all = [
    ...folders.map((path) => ({ path, type: 'folder' as const })),
    ...files.map((path) => ({ path, type: 'file' as const })),
  ];
  return all.flatMap((each): [string, string][] => {
    const folded = foldedPath(each.path);
    const other = first.get(folded);
    if (other === undefined) first.set(folded, each);
    const isClash = other !== undefined && other.path !== each.path && each.type === 'file';
    return isClash ? [[other.path, each.path]] : [];
  });
}

/**
 * Whether `folder`, or the place where it would be made, is on a FAT. It alone refuses some names, so that this can be known before anything
 * is written, and of an empty disk.
 */
export async function foldsCase(board: FileStore, folder: string, signal?: AbortSignal): Promise<boolean> {
  for (let place = folder; ; place = parentPath(place)) {
    const answer = await failureOf(board, joinPath(place, noNameOfFat), signal);
    if (answer === 'board/bad-path') return true;
    const isTop = place === '' || place === '/';
    // Where there is no such folder yet, the one above tells.
    if (isTop || answer === undefined || (await failureOf(board, place, signal)) === undefined) return false;
  }
}

/** What a look at it fails with; undefined: it is there. */
async function failureOf(
  board: FileStore,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    await board.stat(path, { signal });
    return undefined;
  } catch (error) {
    if (isUpywError(error, 'board/bad-path', 'board/not-found', 'board/not-a-folder')) return error.code;
    throw error;
  }
}

/**
 * Of what is on the board besides what was asked for, that which is not the same under another name: FAT finds `SY.PY` where `sy.py` is
 * asked for. A look at all names tells, where some may be such.
 */
export async function withoutOneNames(
  board: FileStore,
  destination: string,
  asked: ReadonlyMap<string, Finding>,
  others: readonly BoardEntry[],
  signal: AbortSignal | undefined,
): Promise<readonly BoardEntry[]> {
  const found = [...asked].filter(([, finding]) => finding !== undefined).map(([path]) => path);
  const folded = new Set(found.map(foldedPath));
  if (!others.some(({ path }) => folded.has(foldedPath(path)))) return others;
  const listed = new Set(
    (await board.list(destination, { recursive: true, signal })).map(({ path }) => path),
  );
  const hidden = new Set(found.filter((path) => !listed.has(path)).map(foldedPath));
  return others.filter(({ path }) => !hidden.has(foldedPath(path)));
}
