import { createHash } from 'node:crypto';
import type { Board } from '../board/board.js';
import type { OperationOptions } from '../board/board-session.js';
import { removeBootLines } from './boot-edit.js';
import { type ProvisionOptions, type WantedFile, bootPath, readIfThere, toWrite } from './plan.js';
import { configHeader } from './render-config.js';

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
}

const configPath = '/config.py';
const mainPath = '/main.py';

/** Finds what provisioning put on the board: its lines in boot.py, config.py, `libraries`. Changes nothing. */
export async function planUndo(
  board: Board,
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
    const isOurs = sha256 === createHash('sha256').update(bytes).digest('hex');
    return { path, isThere: found[index] !== undefined, isOurs };
  });
  if (config !== undefined) states.push({ path: configPath, isThere: true, isOurs: isOurConfig(config) });
  const there = states.filter(({ isThere }) => isThere);
  return {
    boot: boot === undefined ? undefined : removeBootLines(boot),
    removed: there.filter(({ isOurs }) => isOurs).map(({ path }) => path),
    kept: there.filter(({ isOurs }) => !isOurs).map(({ path }) => path),
    stays: found[libraries.length] === undefined ? [] : [mainPath],
  };
}

/** boot.py first: from then on the board starts without the rest. */
export async function applyUndo(
  board: Board,
  { boot, removed }: UndoPlan,
  { signal }: OperationOptions,
): Promise<void> {
  if (boot === 'missing') await board.remove(bootPath, { signal });
  else if (boot !== undefined) {
    await board.writeFiles([toWrite({ path: bootPath, bytes: boot, isSecret: true })], { signal });
  }
  await board.removePaths(removed, { signal });
}

function isOurConfig(config: Uint8Array): boolean {
  return new TextDecoder().decode(config).startsWith(configHeader);
}
