import { UpywError, isUpywError } from '../errors.js';
import type { BoardSession, OperationOptions } from './board-session.js';

export interface RunOptions extends OperationOptions {
  /** Gets what the code prints as it comes, byte for byte; `run` then returns nothing of it. */
  readonly onOutput?: ((bytes: Uint8Array) => void) | undefined;
  /** `false`: returns as soon as the board has taken the code, which then runs on by itself. Default `true`. */
  readonly follow?: boolean | undefined;
}

/** Runs the user's code for as long as it takes. Throws `run/exception` when it raises one. */
export async function runCode(
  { repl }: BoardSession,
  code: string,
  { follow = true, signal, onOutput }: RunOptions,
): Promise<Uint8Array> {
  try {
    if (follow) return await repl.exec(code, { timeoutMs: Infinity, mayExit: true, signal, onOutput });
    await repl.startOnly(code, signal);
    return new Uint8Array();
  } catch (error) {
    throw isUpywError(error, 'board/exception')
      ? new UpywError('run/exception', error.details, { cause: error })
      : error;
  }
}

/** Prints an expression's value. It ends on a line of its own, so that a comment in it ends where it should. */
export function expressionCode(expression: string): string {
  return `print((${expression}\n))`;
}

/** An exception of `expressionCode` as one of the expression alone; any other error as it is. */
export function expressionError(error: unknown, expression: string): unknown {
  if (!isUpywError(error, 'run/exception')) return error;
  const lines = expression.split('\n').length;
  // A bracket that is missing is missed at our end of the code. Functions that it calls have lines of their own.
  const traceback = error.details.traceback.replace(
    /^( {2}File "<stdin>", line )(\d+)(?=(?:, in <module>)?$)/gm,
    (_, place: string, line: string) => `${place}${Math.min(Number(line), lines)}`,
  );
  return new UpywError(
    'run/exception',
    { ...error.details, traceback, isExpression: true },
    { cause: error },
  );
}

/** The value of an expression as `print` shows it. Throws `run/exception`. */
export async function evaluate(
  session: BoardSession,
  expression: string,
  options: OperationOptions,
): Promise<string> {
  const printed = await runCode(session, expressionCode(expression), options).catch((error: unknown) => {
    throw expressionError(error, expression);
  });
  return new TextDecoder().decode(printed).replaceAll('\r\n', '\n').replace(/\n$/, '');
}
