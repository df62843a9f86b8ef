import type { Board } from '../board/board.js';
import { joinPath } from '../board/board-path.js';
import { askHelper } from '../board/helpers/ask-helper.js';
import type { FileStore } from '../board/file-store.js';
import type { FileHash, Finding } from '../board/inspection.js';
import { UpywError, isUpywError } from '../errors.js';
import { type BytecodeFormat, bytecodeVersion, formatOf } from '../mpy/bytecode.js';
import { type InstalledAnswer, type Waiting, parseInstalledAnswer } from './installed-answer.js';
import { type Installed, parseInstalled } from './installed.js';
import { placeWaiting, stateName, waitingInImage, waitingName } from './waiting.js';

/** Where images have their libraries: an ESP32 looks there. */
const usualTarget = '/lib';
/** Names travel within the code, which the board holds in RAM up to five times over while it is checked and starts. */
const mostNameBytes = 4_000;

/** What a board has of packages. */
export interface PackageState {
  /** The folder for libraries. */
  readonly target: string;
  /** What it loads; of an image nobody knows, so it is what firmware of today loads. */
  readonly format: BytecodeFormat;
  readonly installed: Installed;
  /** What is on the board of the files that were installed: undefined for one that is gone. */
  readonly found: ReadonlyMap<string, FileHash | undefined>;
  /** What is where files are to come; undefined where that was not asked in the same exchange. */
  readonly places?: StatePlaces | undefined;
  readonly waiting: Waiting;
  /** An installation had been cut off while files took their places, and has been brought to its end. */
  readonly wasFinished?: boolean;
}

export interface StatePlaces {
  readonly found: ReadonlyMap<string, Finding>;
  /** What would hide a file that comes, or be hidden by it. */
  readonly twins: readonly string[];
  readonly freeBytes: number | undefined;
}

export interface StateOptions {
  readonly target: string | undefined;
  /** Below the target: where files are to come, and folders. */
  readonly names?: readonly string[] | undefined;
  /** Whether an installation that was cut off is left as it is. */
  readonly changesNothing: boolean;
  readonly signal: AbortSignal;
}

/** Looks at all of that in one exchange. Throws `mip/no-target`, `mip/state-unreadable`, `board/…`. */
export async function readState(
  store: FileStore,
  board: Board | undefined,
  options: StateOptions,
): Promise<PackageState> {
  const read = () =>
    board === undefined ? stateOfImage(store, options) : stateOfBoard(board, store, options);
  const state = await read();
  const { waiting, target } = state;
  if (waiting === 'nothing' || options.changesNothing) return state;
  await placeWaiting(store, board, target);
  return waiting === 'leftovers' ? state : { ...(await read()), wasFinished: true };
}

async function stateOfImage(store: FileStore, { target = usualTarget }: StateOptions): Promise<PackageState> {
  const path = joinPath(target, stateName);
  const text = await store.read(path).then(
    (bytes) => new TextDecoder().decode(bytes),
    (error: unknown) => {
      if (isUpywError(error, 'board/not-found', 'board/not-a-folder')) return undefined;
      throw error;
    },
  );
  const installed = parseInstalled(text, path);
  const paths = pathsOf(installed, target);
  const hashes = await store.hashFiles(paths);
  const format = { version: bytecodeVersion, architecture: undefined };
  const waiting = await waitingInImage(store, target);
  return {
    target,
    format,
    installed,
    found: new Map(paths.map((each, index) => [each, hashes[index]])),
    waiting,
  };
}

async function stateOfBoard(board: Board, store: FileStore, options: StateOptions): Promise<PackageState> {
  const { names = [], signal } = options;
  const asked = new TextEncoder().encode(names.join('//')).length > mostNameBytes ? [] : names;
  const answer = await askBoard(board, asked, options);
  const { mpy, target, freeBytes, waiting, state, found, twins } = answer;
  if (typeof target !== 'string') throw new UpywError('mip/no-target', { paths: target.searched });
  const path = joinPath(target, stateName);
  const installed = parseInstalled(state, path);
  const known = pathsOf(installed, target);
  const others = asked.map((name) => joinPath(target, name)).filter((each) => !known.includes(each));
  const all = new Map([...known, ...others].map((each, index) => [each, found[index]]));
  const fileAt = (each: string) => {
    const finding = all.get(each);
    return finding === 'folder' ? undefined : finding;
  };
  const isUnknown = found.some((each) => typeof each === 'object' && each.sha256 === undefined);
  // Firmware that cannot hash is asked in the usual way, which finds another one.
  const hashes = isUnknown ? await store.hashFiles(known, { signal }) : known.map(fileAt);
  return {
    ...{ target, installed, waiting, format: formatOf(mpy) },
    found: new Map(known.map((each, index) => [each, hashes[index]])),
    places:
      asked.length < names.length || isUnknown
        ? undefined
        : { found: all, twins: twins.map((each) => joinPath(target, each)), freeBytes },
  };
}

function askBoard(
  board: Board,
  names: readonly string[],
  { target = '', signal }: StateOptions,
): Promise<InstalledAnswer> {
  const args = [target, stateName, `${waitingName}/`, names.join('//')];
  return askHelper(board, 'installed', args, {
    ...{ isReadOnly: true, signal },
    ...{ read: parseInstalledAnswer, expected: 'what is installed' },
  });
}

/** Of all that was installed, on the board, in the order in which the state has them. */
export function pathsOf({ packages }: Installed, target: string): string[] {
  return packages.flatMap(({ files }) => files.map(({ path }) => joinPath(target, path)));
}
