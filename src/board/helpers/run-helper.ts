import type { ExecOptions } from '../../rawrepl/raw-repl.js';
import type { BoardSession, OperationOptions } from '../board-session.js';
import { isNoException, wasGarbled } from './device-code.js';

/** The longest a board may think between two lines of an answer. */
const silenceMs = 20_000;
/** How often something is asked on a line that garbles the code or the answer. */
const attempts = 3;

export interface HelperOptions extends ExecOptions {
  /** It changes nothing on the board, so it may be run again also when only its answer was garbled. */
  readonly isReadOnly?: boolean | undefined;
}

/**
 * Runs checked code of ours, again where it arrived garbled. Throws the exception that the board raised, `rawrepl/protocol` where what it said
 * is none.
 */
export async function runHelper(
  { repl }: BoardSession,
  code: string,
  { isReadOnly = false, ...options }: HelperOptions,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await repl.exec(code, { timeoutMs: silenceMs, ...options });
    } catch (error) {
      const isNone = isNoException(error);
      if (attempt < attempts && (wasGarbled(error) || (isReadOnly && isNone))) continue;
      throw wasGarbled(error) || isNone ? repl.nonsense('what came of it') : error;
    }
  }
}

/** A listing of all names that a flash can hold takes seconds. */
const longestAnswerMs = 90_000;

/** Runs code that changes nothing on the board, and returns what it prints as text, lines ended by `\n`. */
export async function ask(
  session: BoardSession,
  code: string,
  { signal }: OperationOptions,
): Promise<string> {
  const printed = await runHelper(session, code, { signal, isReadOnly: true, longestMs: longestAnswerMs });
  return new TextDecoder().decode(printed).replaceAll('\r\n', '\n');
}
