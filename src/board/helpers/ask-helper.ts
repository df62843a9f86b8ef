import type { PythonArgument } from '../../rawrepl/python-literal.js';
import type { Board } from '../board.js';
import { type OperationOptions, sessions } from '../board-session.js';
import { helperCall } from './device-code.js';
import type { Helper } from './helper-code.js';
import { runHelper } from './run-helper.js';

interface HelpOptions<Answer> extends OperationOptions {
  /** It changes nothing on the board. */
  readonly isReadOnly: boolean;
  /** Undefined for what makes no sense. */
  readonly read: (printed: string) => Answer | undefined;
  /** What the board was to say, for the message. */
  readonly expected: string;
}

/** How often a board is asked whose answer makes no sense. */
const attempts = 3;

/**
 * What a program of `device/helpers/` answers on a board that is connected. One that changes nothing is run again where its answer arrived garbled,
 * others where they did themselves. Throws the board's exception, `rawrepl/protocol`.
 */
export async function askHelper<Answer>(
  board: Board,
  name: Helper,
  args: readonly PythonArgument[],
  { isReadOnly, read, expected, signal }: HelpOptions<Answer>,
): Promise<Answer> {
  const session = sessions.get(board);
  if (session === undefined) throw new TypeError('this board was never connected');
  const code = await helperCall(name, ...args);
  for (let attempt = 0; attempt < (isReadOnly ? attempts : 1); attempt += 1) {
    const printed = await runHelper(session, code, { isReadOnly, signal });
    const answer = read(new TextDecoder().decode(printed));
    if (answer !== undefined) return answer;
  }
  throw session.repl.nonsense(expected);
}
