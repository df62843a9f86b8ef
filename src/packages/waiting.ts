import type { Board } from '../board/board.js';
import { joinPath, parentPath } from '../board/board-path.js';
import { fileError } from '../board/file-errors.js';
import { askHelper } from '../board/helpers/ask-helper.js';
import type { FileStore } from '../board/file-store.js';
import type { Waiting } from './installed-answer.js';
import { parseInstalled, pathsBelow } from './installed.js';

/** Of the folder for libraries, where upyw keeps what it has put there. Neither `sync --delete` nor `put` touches such a name. */
export const stateName = '.upyw-packages.json';
/**
 * Beside the libraries: where files wait, each under its number among all that the record names, until all of them are whole. The record comes
 * last, and waits with them: once it is there, the installation will be, from whatever moment on it was cut off.
 */
export const waitingName = '.upyw-new';

export interface WaitingPlaces {
  readonly folder: string;
  readonly record: string;
  readonly fileAt: (index: number) => string;
}

export function waitingIn(target: string): WaitingPlaces {
  const folder = joinPath(target, waitingName);
  return {
    folder,
    record: joinPath(folder, stateName),
    fileAt: (index) => joinPath(folder, String(index)),
  };
}

/**
 * Gives what waits its places, from where an earlier attempt was cut off. It takes moments, and no signal ends it half done. Throws `board/…`: then the
 * next attempt goes on there.
 */
export async function placeWaiting(
  store: FileStore,
  board: Board | undefined,
  target: string,
): Promise<void> {
  if (board === undefined) {
    await placeInImage(store, target);
    return;
  }
  const base = `${target.replace(/\/+$/, '')}/`;
  try {
    await askHelper(board, 'place', [base, `${waitingName}/`, stateName], {
      isReadOnly: false,
      read: (printed) => printed.includes('\x021') || undefined,
      expected: 'that files are in their places',
    });
  } catch (error) {
    throw fileError(error, target);
  }
}

async function placeInImage(store: FileStore, target: string): Promise<void> {
  const { folder, record, fileAt } = waitingIn(target);
  if ((await waitingInImage(store, target)) === 'leftovers') {
    await store.removePaths([folder], { recursive: true });
    return;
  }
  const text = new TextDecoder().decode(await store.read(record));
  const { removed = [] } = JSON.parse(text) as { removed?: readonly string[] };
  const waiting = new Set((await store.list(folder)).map(({ path }) => path));
  const moves = pathsBelow(parseInstalled(text, record))
    .map((path, index) => ({ from: fileAt(index), to: joinPath(target, path) }))
    .filter(({ from }) => waiting.has(from));
  await store.makeFolders([...new Set(moves.map(({ to }) => parentPath(to)))], { parents: true });
  await store.movePaths(moves);
  const { found } = await store.inspect(removed);
  await store.removePaths(removed.filter((_, index) => typeof found[index] === 'object'));
  await store.movePaths([{ from: record, to: joinPath(target, stateName) }]);
  await store.removePaths([folder], { recursive: true });
}

/** What an installation has left that was cut off on the board that the image is a copy of. */
export async function waitingInImage(store: FileStore, target: string): Promise<Waiting> {
  const { folder, record } = waitingIn(target);
  const { found } = await store.inspect([folder, record]);
  if (found[0] !== 'folder') return 'nothing';
  return typeof found[1] === 'object' && found[1].sizeBytes > 0 ? 'all' : 'leftovers';
}

/** Takes away what has no places yet: the record first, so that nobody goes by half of it. A board that is gone keeps it until the next time. */
export async function dropWaiting(store: FileStore, target: string): Promise<void> {
  const { folder, record } = waitingIn(target);
  for (const path of [record, folder])
    await store.removePaths([path], { recursive: true }).catch(() => undefined);
}
