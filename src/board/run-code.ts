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

/** The value of an expression as `print` shows it. Throws `run/exception`. */
export async function evaluate(
  session: BoardSession,
  expression: string,
  options: OperationOptions,
): Promise<string> {
  // On lines of its own, so that a comment in it ends where it should.
  const printed = await runCode(session, `print((\n${expression}\n))`, options);
  return new TextDecoder().decode(printed).replaceAll('\r\n', '\n').replace(/\n$/, '');
}
