import { normalizePath } from '../board/board-path.js';
import { UpywError } from '../errors.js';

/** Marks a path on the board: `:lib`, `:/lib/x.py`, `:` for its current folder. Git Bash leaves the first alone, unlike `/lib` and `:/lib`. */
const mark = ':';

/** Whether the user said that this path is on the board. */
export function isMarked(operand: string): boolean {
  return operand.startsWith(mark);
}

/**
 * The board's own path in its plain form; empty for its current folder. On Windows `lib\a.py` is `lib/a.py`: that is how
 * people write paths there, and its shells complete them. Throws `board/bad-path`, and `usage/arguments` for a path of this computer.
 */
export function boardPath(operand: string, platform: NodeJS.Platform): string {
  refuseRewritten(operand);
  const isLocal = platform === 'win32' ? /^(?:[A-Za-z]:|\\\\)/ : /^[A-Za-z]:[\\/]/;
  if (isLocal.test(operand)) throw ofThisComputer(operand);
  const path = isMarked(operand) ? operand.slice(mark.length) : operand;
  return normalizePath(platform === 'win32' ? path.replaceAll('\\', '/') : path);
}

/**
 * Git Bash takes `:/lib` for a list of paths and hands over `;C:\Program Files\Git\lib`. Seen before anything is made of it: it has no
 * colon in front any more. Throws `usage/arguments`.
 */
export function refuseRewritten(operand: string): void {
  if (/^;[A-Za-z]:[\\/]/.test(operand)) throw ofThisComputer(operand);
}

function ofThisComputer(operand: string): UpywError {
  const problem = `${operand} is a path of this computer. Git Bash makes one of what begins with a slash: name the board's path without it, as in :lib`;
  return new UpywError('usage/arguments', { problem, command: 'upyw' });
}
