import { normalizePath } from '../../board/board-path.js';
import { UpywError } from '../../errors.js';
import { printableName } from '../../printable.js';

/** Marks a path on the board: `:lib`, `:/lib/x.py`, `:` for its current folder. Git Bash leaves it alone, unlike `/lib`. */
const mark = ':';

/** Whether the user said that this path is on the board. */
export function isMarked(operand: string): boolean {
  return operand.startsWith(mark);
}

/**
 * The board's own path in its plain form; empty for its current folder. On Windows `lib\a.py` is `lib/a.py`: that is how
 * people write paths there, and its shells complete them. Throws `board/bad-path`, and `usage/arguments` for what Git Bash
 * makes of `/lib` (`C:/Program Files/Git/lib`).
 */
export function boardPath(operand: string, platform: NodeJS.Platform): string {
  if (/^[A-Za-z]:[\\/]/.test(operand)) {
    const problem = `${operand} is a path of this computer; Git Bash makes one of /lib, so write :/lib`;
    throw new UpywError('usage/arguments', { problem, command: 'upyw' });
  }
  const path = isMarked(operand) ? operand.slice(mark.length) : operand;
  return normalizePath(platform === 'win32' ? path.replaceAll('\\', '/') : path);
}

/** A path on the board as it is shown, so that it can be told from one of this computer. */
export function shownPath(path: string): string {
  return mark + printableName(path);
}
