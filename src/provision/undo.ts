import { createHash } from 'node:crypto';
import type { FileStore } from '../board/file-store.js';
import type { OperationOptions } from '../board/board-session.js';
import { removeBootLines } from './boot-edit.js';
import { copyNames } from './keep-old.js';
import { type ProvisionOptions, bootPath, toWrite } from './plan.js';
import type { WantedFile } from './planned-file.js';
import { readIfThere } from './read-if-there.js';
import { isOwnConfig } from './render-config.js';

/** What undoing will do to a board. */
export interface UndoPlan {
  /** boot.py without our lines; `missing`: it goes away; undefined: it stays as it is. */
  readonly boot: Uint8Array | 'missing' | undefined;
  /** Files that are as provisioning left them and go away. */
  readonly removed: readonly string[];
  /** Files of the same names that somebody has changed since: they stay. */
  readonly kept: readonly string[];
  /** The board's own program, whoever put it there: it stays. */
  readonly stays: readonly string[];
  /** What that program imports, as far as it goes away. */
  readonly missedImports: readonly string[];
  /** What was there before provisioning, to be put back under its name. */
  readonly restored: readonly RestoredFile[];
}

/** A file that provisioning kept under another name. */
export interface RestoredFile extends WantedFile {
  readonly copyPath?: string;
}

interface Copy extends RestoredFile {
  readonly copyPath: string;
}

const configPath = '/config.py';
const mainPath = '/main.py';
/** What main.py was when the older one came back. */
const laterMainPath = '/main.py.provisioned';

/** Finds what provisioning put on the board: its lines in boot.py, config.py, `libraries`. Changes nothing. */
export async function planUndo(
  board: FileStore,
  libraries: readonly WantedFile[],
  { conceal, signal }: ProvisionOptions,
): Promise<UndoPlan> {
  const { boot, config } = await conceal(async () => ({
    boot: await readIfThere(board, bootPath, { signal }),
    config: await readIfThere(board, configPath, { signal }),
  }));
  const found = await board.hashFiles([...libraries.map(({ path }) => path), mainPath], { signal });
  const states = libraries.map(({ path, bytes }, index) => {
    const sha256 = found[index]?.sha256;
    const isOurs = sha256 === sha256Of(bytes);
    return { path, isThere: found[index] !== undefined, isOurs };
  });
  if (config !== undefined) states.push({ path: configPath, isThere: true, isOurs: isOwnConfig(config) });
  const there = states.filter(({ isThere }) => isThere);
  const kept = there.filter(({ isOurs }) => !isOurs).map(({ path }) => path);
  const names = [...libraries.map(({ path }) => path), configPath, mainPath];
  const allCopies = await conceal(() => findCopies(board, names, { signal }));
  const copies = allCopies.filter(({ path }) => !kept.includes(path));
  const present = new Map(libraries.map(({ path }, index) => [path, found[index]?.sha256]));
  if (config !== undefined) present.set(configPath, sha256Of(config));
  // Provisioning was ended before it had replaced anything: a copy of what is still there is of no use.
  const spare = allCopies.flatMap(({ path, copyPath, bytes }) =>
    kept.includes(path) && present.get(path) === sha256Of(bytes) ? [copyPath] : [],
  );
  const restored: RestoredFile[] = [...copies];
  const hasMain = found[libraries.length] !== undefined;
  const main = copies.find(({ path }) => path === mainPath);
  const mainBytes = hasMain ? await conceal(() => readIfThere(board, mainPath, { signal })) : undefined;
  // The one that is there now may have been worked on.
  if (main !== undefined && mainBytes !== undefined)
    restored.unshift({ path: laterMainPath, bytes: mainBytes, isSecret: true });
  const removed = there.filter(({ isOurs }) => isOurs).map(({ path }) => path);
  const gone = removed.filter((path) => !restored.some((file) => file.path === path));
  return {
    boot: boot === undefined ? undefined : removeBootLines(boot),
    removed: [...removed, ...spare],
    kept,
    restored,
    missedImports: main === undefined && mainBytes !== undefined ? importsOf(mainBytes, gone) : [],
    stays: hasMain ? [main === undefined ? mainPath : laterMainPath] : [],
  };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Which of these modules a program imports. */
function importsOf(program: Uint8Array, paths: readonly string[]): string[] {
  const code = new TextDecoder().decode(program);
  const names = paths.map((path) => path.replace(/^.*\/|\.py$/g, ''));
  return names.filter((name) => new RegExp(`^\\s*(?:from|import)\\s(?:.*\\W)?${name}\\b`, 'm').test(code));
}

/** boot.py first: from then on the board starts without the rest. */
export async function applyUndo(
  board: FileStore,
  { boot, removed, restored }: UndoPlan,
  { signal }: OperationOptions,
): Promise<void> {
  if (boot === 'missing') await board.remove(bootPath, { signal });
  else if (boot !== undefined) {
    await board.writeFiles([toWrite({ path: bootPath, bytes: boot, isSecret: true })], { signal });
  }
  const comeBack = new Set(restored.map(({ path }) => path));
  // Each takes the place of ours in one step; only then its copy goes.
  if (restored.length > 0) await board.writeFiles(restored.map(toWrite), { signal });
  const gone = removed.filter((path) => !comeBack.has(path));
  await board.removePaths([...gone, ...restored.flatMap(({ copyPath }) => copyPath ?? [])], { signal });
}

/** The newest copy of each. */
async function findCopies(
  board: FileStore,
  paths: readonly string[],
  options: OperationOptions,
): Promise<Copy[]> {
  const names = paths.flatMap((path) => copyNames(path).map((copyPath) => ({ path, copyPath })));
  const found = await board.hashFiles(
    names.map(({ copyPath }) => copyPath),
    options,
  );
  const newest = new Map<string, string>();
  names.forEach(({ path, copyPath }, index) => {
    if (found[index] !== undefined) newest.set(path, copyPath);
  });
  const restored: Copy[] = [];
  for (const [path, copyPath] of newest) {
    const bytes = await readIfThere(board, copyPath, options);
    if (bytes !== undefined) restored.push({ path, copyPath, bytes, isSecret: true });
  }
  return restored;
}
