import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UpywError } from '../errors.js';
import { checkBoardName } from './sim-address.js';
import { describeHolder, lockHolder, takeLock } from './state/board-lock.js';
import { flashPath, makeBoardFolder, makeFlash } from './state/board-state.js';
import { boardFolder, stateFolder } from './state/state-folder.js';

export interface BoardSummary {
  readonly name: string;
  /** The folder that holds it. */
  readonly folder: string;
  /** When something was written to its flash, in milliseconds since 1970. */
  readonly changedAtMs: number;
  /** Who has it switched on: `another upyw (process 4711)`, `upyw sim serve (process 4711)`. */
  readonly holder?: string;
}

/** The virtual boards of this user that were ever used, by name. */
export function listBoards(): BoardSummary[] {
  return folderNames(stateFolder()).flatMap((name) => {
    const folder = boardFolder(name);
    const flash = statSync(flashPath(folder), { throwIfNoEntry: false });
    if (flash === undefined) return [];
    const holder = lockHolder(folder);
    return [{ name, folder, changedAtMs: flash.mtimeMs, ...(holder && { holder: describeHolder(holder) }) }];
  });
}

/** The names of those that `upyw sim serve` keeps on. */
export function servedBoards(): string[] {
  return listBoards()
    .map((board) => board.name)
    .filter((name) => lockHolder(boardFolder(name))?.attach !== undefined);
}

/**
 * Makes a board as new: MicroPython and no files, or with `blank` an erased chip.
 * @throws UpywError `sim/bad-name`, `sim/not-found`, `sim/state`, `port/busy`
 */
export function resetBoard(name: string, { blank = false }: { blank?: boolean } = {}): void {
  const folder = boardFolder(checkBoardName(name));
  const known = listBoards().map((board) => board.name);
  if (!known.includes(name)) throw new UpywError('sim/not-found', { name, known });
  const lock = takeLock(folder);
  if (!('release' in lock))
    throw new UpywError('port/busy', { port: `sim:${name}`, holder: describeHolder(lock) });
  try {
    makeFlash(folder, blank ? 'blank' : 'micropython');
  } finally {
    lock.release();
  }
}

/** Makes a new board with an erased chip, as it comes from the shop, in a folder of its own. @throws UpywError `sim/state` */
export function makeBlankBoard(folder: string): void {
  makeBoardFolder(folder);
  makeFlash(folder, 'blank');
}

function folderNames(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    const reason = error instanceof Error ? error.message : String(error);
    throw new UpywError('sim/state', { path: join(folder), reason }, { cause: error });
  }
}
