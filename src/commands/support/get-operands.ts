import { UpywError } from '../../errors.js';
import { boardPath, isMarked } from './board-path.js';

/** What `get` was asked: `destination` is a local path, `-` for stdout. */
export interface GetOperands {
  readonly sources: readonly string[];
  readonly destination: string;
}

/**
 * Which operands are the board's: those with a `:`, and all but the last of several. So `get a.py b.py` is ampy's (a.py
 * from the board to b.py here), and `get :a.py :b.py` brings both home. But where b.py is a local file already, two of the
 * board's files may as well be meant, and guessing wrong would replace it by the wrong one.
 * @param isFileHere Whether a local file has that name.
 */
export async function splitGetOperands(
  operands: readonly string[],
  isFileHere: (path: string) => Promise<boolean>,
): Promise<GetOperands> {
  const last = operands.at(-1) ?? '';
  const others = operands.slice(0, -1);
  if (others.length === 0 || isMarked(last)) {
    return { sources: operands.map(boardPath), destination: '.' };
  }
  if (others.some(isMarked) && !others.every(isMarked)) {
    const problem = 'some of the names on the board have a colon and some have not; give each one';
    throw new UpywError('usage/arguments', { problem, command: 'upyw get' });
  }
  const [first = ''] = others;
  const isPlain = others.length === 1 && !isMarked(first) && last !== '-' && last !== first;
  if (isPlain && (await isFileHere(last))) {
    const problem = `${last} is a file here too; say which is meant: "get :${first} ${last}" replaces it, "get :${first} :${last}" copies both from the board`;
    throw new UpywError('usage/arguments', { problem, command: 'upyw get' });
  }
  return { sources: others.map(boardPath), destination: last };
}
