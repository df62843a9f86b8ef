import { Buffer } from 'node:buffer';
import type { Board } from '../board/board.js';
import { joinPath } from '../board/board-path.js';
import type { FileStore } from '../board/file-store.js';
import { helperCall } from '../board/helpers/device-code.js';
import type { FileHash } from '../board/inspection.js';
import { UpywError, isUpywError } from '../errors.js';
import { type BytecodeFormat, bytecodeVersion, formatOf } from '../mpy/bytecode.js';
import { type Installed, parseInstalled } from './installed.js';

/** Of the folder for libraries, where upyw keeps what it has put there. Neither `sync --delete` nor `put` touches such a name. */
export const stateName = '.upyw-packages.json';
/** Where images have their libraries: an ESP32 looks there. */
const usualTarget = '/lib';

/** What a board has of packages. */
export interface PackageState {
  /** The folder for libraries. */
  readonly target: string;
  /** What it loads; of an image nobody knows, so it is what firmware of today loads. */
  readonly format: BytecodeFormat;
  readonly installed: Installed;
  /** What is on the board of the files that were installed: undefined for one that is gone. */
  readonly found: ReadonlyMap<string, FileHash | undefined>;
}

/** Looks at all of that in one exchange. Throws `mip/no-target`, `mip/state-unreadable`. */
export async function readState(
  store: FileStore,
  board: Board | undefined,
  options: { readonly target: string | undefined; readonly signal: AbortSignal },
): Promise<PackageState> {
  return board === undefined
    ? stateOfImage(store, options.target ?? usualTarget)
    : stateOfBoard(board, store, options);
}

async function stateOfImage(store: FileStore, target: string): Promise<PackageState> {
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
  return { target, format, installed, found: new Map(paths.map((each, index) => [each, hashes[index]])) };
}

/** `device/helpers/installed.py` says: the format, the folder or sys.path; the state in base64, then a line for each file. */
async function stateOfBoard(
  board: Board,
  store: FileStore,
  { target: wanted, signal }: { readonly target: string | undefined; readonly signal: AbortSignal },
): Promise<PackageState> {
  const code = await helperCall('installed', wanted ?? '', stateName);
  const printed = new TextDecoder().decode(await board.run(code, { signal })).replaceAll('\r', '');
  const [mpy = '', target = '', encoded = '', ...lines] = printed.split('\n');
  if (target.startsWith('?')) throw new UpywError('mip/no-target', { paths: target.slice(1).split('\t') });
  const path = joinPath(target, stateName);
  const text = encoded === '' ? undefined : Buffer.from(encoded, 'base64').toString();
  const installed = parseInstalled(text, path);
  const paths = pathsOf(installed, target);
  const answers = lines.filter((line) => line !== '');
  // A program that prints in between, or firmware that cannot hash: asked in the usual way.
  const isWhole = answers.at(-1) === `=${paths.length}` && answers.length === paths.length + 1;
  const hashes = isWhole ? answers.slice(0, -1).map(hashIn) : await store.hashFiles(paths, { signal });
  return {
    target,
    format: formatOf(Number(mpy)),
    installed,
    found: new Map(paths.map((each, index) => [each, hashes[index]])),
  };
}

/** `12 <base64>`, or `-` for what is gone. */
function hashIn(line: string): FileHash | undefined {
  const [size, digest = ''] = line.split(' ');
  if (size === '-') return undefined;
  return {
    sizeBytes: Number(size),
    sha256: digest === '' ? undefined : Buffer.from(digest, 'base64').toString('hex'),
  };
}

/** Of all that was installed, on the board, in the order in which the state has them. */
export function pathsOf({ packages }: Installed, target: string): string[] {
  return packages.flatMap(({ files }) => files.map(({ path }) => joinPath(target, path)));
}
