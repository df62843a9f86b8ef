import { printableName } from '../printable.js';

/** A path on the board as it is shown, so that it can be told from one of this computer: as `:lib` is typed, too. */
export function shownPath(path: string): string {
  return `:${printableName(path)}`;
}
