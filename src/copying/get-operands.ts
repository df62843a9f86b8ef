import { UpywError } from '../errors.js';
import { boardPath, isMarked, refuseRewritten } from './board-operand.js';

/** What `get` was asked: `destination` is a local path, `-` for stdout. */
export interface GetOperands {
  readonly sources: readonly string[];
  readonly destination: string;
  /** Where the destination may as well be meant as a second file of the board: as which. */
  readonly perhapsSource?: string;
}

/**
 * Which operands are the board's: those with a `:`, and all but the last of several. So `get a.py b.py` is ampy's (a.py
 * from the board to b.py here), and `get :a.py :b.py` brings both home. `refuseDoubt` looks at what that leaves open.
 */
export function splitGetOperands(operands: readonly string[], platform: NodeJS.Platform): GetOperands {
  for (const operand of operands) refuseRewritten(operand);
  const last = operands.at(-1) ?? '';
  const others = operands.slice(0, -1);
  const onBoard = (operand: string) => boardPath(operand, platform);
  if (others.length === 0 || isMarked(last)) {
    return { sources: operands.map(onBoard), destination: '.' };
  }
  if (others.some(isMarked) && !others.every(isMarked)) {
    const problem = 'some of the names on the board have a colon and some have not; give each one';
    throw new UpywError('usage/arguments', { problem, command: 'upyw get' });
  }
  const sources = others.map(onBoard);
  const [first = ''] = others;
  const isPlain = others.length === 1 && !isMarked(first) && last !== '-' && last !== first;
  const perhaps = isPlain ? possiblePath(last, platform) : undefined;
  return { sources, destination: last, ...(perhaps === undefined ? {} : { perhapsSource: perhaps }) };
}

/** A path on the board; undefined for what no board can have, such as `../a.py`. */
function possiblePath(operand: string, platform: NodeJS.Platform): string | undefined {
  try {
    const path = boardPath(operand, platform);
    return path === '' ? undefined : path;
  } catch {
    return undefined;
  }
}

/**
 * Of `get a.py b.py` without colons, two files of the board may be meant when both are there: a guess would replace b.py here by
 * a.py. The board tells, not what is here: so the same line does the same each time. Throws `usage/arguments`.
 */
export async function refuseDoubt(
  { sources: [first = ''], destination, perhapsSource }: GetOperands,
  isOnBoard: (path: string) => Promise<boolean>,
): Promise<void> {
  if (perhapsSource === undefined || !(await isOnBoard(perhapsSource))) return;
  const problem = `${destination} is on the board too; say which is meant: "get :${first} ${destination}" copies ${first} to ${destination} here, "get :${first} :${destination}" copies both from the board`;
  throw new UpywError('usage/arguments', { problem, command: 'upyw get' });
}
