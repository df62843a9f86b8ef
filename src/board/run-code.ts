import { Buffer } from 'node:buffer';
import { UpywError, isUpywError } from '../errors.js';
import type { BoardSession, OperationOptions } from './board-session.js';
import { type Program, runProgram } from './run-program.js';

export interface RunOptions extends OperationOptions {
  /** Gets what the code prints as it comes, byte for byte; `run` then returns nothing of it. */
  readonly onOutput?: ((bytes: Uint8Array) => void) | undefined;
  /** `false`: returns as soon as the board has taken the code, which then runs on by itself. Default `true`. */
  readonly follow?: boolean | undefined;
  /** What tracebacks call the code; default `<stdin>`. */
  readonly name?: string | undefined;
  /** `sys.argv` while it runs. */
  readonly programArguments?: readonly string[] | undefined;
  /** Whether it begins without the names that earlier code left, and leaves none of its own. */
  readonly freshNames?: boolean | undefined;
  /** Called once the code runs, with what sends it input. */
  readonly onStarted?: Program['onStarted'];
}

/** What can end a program otherwise than at its last line, or leave the board restarted: how that went is worth more code. */
const mayExit = /\b(?:exit|SystemExit|import|soft_reset)\b/;

/** Nothing tells what a program prints from what a bad line makes of it. */
const unchecked =
  'the line garbled something, or a program prints in the background: what was printed cannot be checked';

/** Runs the user's code for as long as it takes. Throws `run/exception` when it raises one, `run/exit` after `sys.exit(1)`. */
export async function runCode(
  { repl, onNote }: BoardSession,
  code: string,
  options: RunOptions,
): Promise<Uint8Array> {
  const { follow = true, signal, freshNames = false, programArguments = [], name = '<stdin>' } = options;
  const parts: Uint8Array[] = [];
  const onOutput = options.onOutput ?? ((bytes: Uint8Array) => void parts.push(bytes));
  const isProgram = freshNames || programArguments.length > 0 || options.onStarted !== undefined;
  let isDirect = !(isProgram || mayExit.test(code));
  try {
    if (!follow) {
      await repl.startOnly(code, signal);
      return new Uint8Array();
    }
    if (!isDirect) {
      const program = { ...options, code, name, programArguments, keepNames: !freshNames, onOutput };
      isDirect = (await runProgram(repl, program)) === 'no room';
    }
    if (isDirect) await repl.exec(code, { timeoutMs: Infinity, isUsers: true, signal, onOutput });
    if (repl.hasHeardOdd) onNote?.(unchecked, 'warning');
    return Buffer.concat(parts);
  } catch (error) {
    throw isUpywError(error, 'board/exception')
      ? new UpywError('run/exception', isDirect ? named(error.details, name) : error.details, {
          cause: error,
        })
      : error;
  }
}

/** Code that came without a name has that of the program in its traceback. */
function named<Details extends { readonly traceback: string }>(details: Details, name: string): Details {
  return { ...details, traceback: details.traceback.replaceAll('File "<stdin>"', () => `File "${name}"`) };
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
