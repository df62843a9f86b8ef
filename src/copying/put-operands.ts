import { UpywError } from '../errors.js';
import { boardPath, isMarked, refuseRewritten } from './board-operand.js';
import { word } from '../errors/word.js';

/** Where to put it on the board. */
export interface PutDestination {
  readonly path: string;
  /** Whether only a folder can be meant: `:`, `:lib/`. */
  readonly isFolder: boolean;
  /** Named without a colon: it may as well be a file of this computer, misspelt or in another folder. */
  readonly isGuess?: true;
}

/** What `put` was asked; no destination: the same names in the board's current folder. */
export interface PutOperands {
  readonly sources: readonly string[];
  readonly destination: PutDestination | undefined;
}

/**
 * Which operands are local and which one is the board's: a `:` says so. Two without one are ampy's
 * `put local.py remote.py`, unless the second is a local file too: then it may as well be a second file to copy, and
 * guessing wrong would overwrite the wrong one.
 * @param existsHere Whether a local file or folder has that name.
 */
export async function splitPutOperands(
  operands: readonly string[],
  existsHere: (path: string) => Promise<boolean>,
  platform: NodeJS.Platform,
): Promise<PutOperands> {
  for (const operand of operands) refuseRewritten(operand);
  const last = operands.at(-1) ?? '';
  const others = operands.slice(0, -1);
  const misplaced = others.find(isMarked);
  if (misplaced !== undefined || (isMarked(last) && others.length === 0)) {
    throw usage(
      `${misplaced ?? last} is on the board, and put copies from here to the board; to copy from there: upyw get ${word(misplaced ?? last)}`,
    );
  }
  // Nobody copies all of this computer to a board.
  const isRoot = last === '/' && others.length > 0;
  if (isMarked(last) || isRoot) return named({ sources: others, destination: destinationOf(last, platform) });
  const [first] = others;
  if (others.length !== 1 || first === undefined) return named({ sources: operands, destination: undefined });
  if (first !== last && (await existsHere(last))) {
    throw usage(
      `${last} is a file here too; say which is meant: "put ${first} :${last}" names the copy on the board, "put ${first} ${last} :" copies both`,
    );
  }
  refusePort(last);
  return named({ sources: [first], destination: { ...destinationOf(last, platform), isGuess: true } });
}

/** `put a.py COM3`: other tools take the port there. */
function refusePort(operand: string): void {
  if (!/^(?:COM\d+|\/dev\/(?:tty|cu)[^/]+|sim:.*|(?:socket|rfc2217):\/\/.*)$/i.test(operand)) return;
  const instead = `Say which board before all else: upyw -p ${operand} put …. A file of that name on the board: :${operand}`;
  throw new UpywError('usage/arguments', {
    problem: `${operand} is the name of a port`,
    command: 'upyw put',
    instead,
  });
}

/** What stdin brings has no name of its own. */
function named(operands: PutOperands): PutOperands {
  const { sources, destination } = operands;
  if (!sources.includes('-') || (sources.length === 1 && destination?.isFolder === false)) return operands;
  throw usage('what comes from stdin needs a name on the board: upyw put - :name.py');
}

function destinationOf(operand: string, platform: NodeJS.Platform): PutDestination {
  const path = boardPath(operand, platform);
  return { path, isFolder: path === '' || (platform === 'win32' ? /[\\/]$/ : /\/$/).test(operand) };
}

function usage(problem: string): UpywError {
  return new UpywError('usage/arguments', { problem, command: 'upyw put' });
}
