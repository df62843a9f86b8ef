import { UpywError } from '../../errors.js';
import type { BoardDestination } from './copies.js';
import { boardPath, isMarked } from '../board-operand.js';

/** What `cp` and `mv` are to work on. */
export interface BoardOperands {
  readonly sources: readonly string[];
  readonly destination: BoardDestination;
}

/**
 * All of them are the board's, with a colon or without one. Where only some have it, as other tools have it for a copy from here to
 * there, the command for that is told. Throws `usage/arguments`, `board/bad-path`.
 */
export function boardOperands(
  operands: readonly string[],
  platform: NodeJS.Platform,
  command: 'cp' | 'mv',
): BoardOperands {
  const last = operands.at(-1) ?? '';
  const named = operands.slice(0, -1);
  if (named.length === 0) {
    const problem = `${command} needs two names: what, and where to`;
    throw new UpywError('usage/arguments', { problem, command: `upyw ${command}` });
  }
  const marked = operands.filter(isMarked).length;
  if (marked > 0 && marked < operands.length) throw acrossTheWire(operands, command);
  const path = boardPath(last, platform);
  const isFolder = path === '' || (platform === 'win32' ? /[\\/]$/ : /\/$/).test(last);
  return { sources: named.map((name) => boardPath(name, platform)), destination: { path, isFolder } };
}

function acrossTheWire(operands: readonly string[], command: string): UpywError {
  const other = operands.find((operand) => !isMarked(operand)) ?? '';
  const way = isMarked(operands[0] ?? '') ? 'get' : 'put';
  const problem = `${other} has no colon, so it may be a file of this computer, and ${command} works on the board alone`;
  const instead = `From one to the other: upyw ${way} ${operands.join(' ')} (on the board: a colon before each)`;
  return new UpywError('usage/arguments', { problem, command: `upyw ${command}`, instead });
}
