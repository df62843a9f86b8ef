import { isUpywError } from '../../errors.js';
import { exceptionTypeOf } from '../../rawrepl/board-exception.js';
import type { PythonArgument } from '../../rawrepl/python-literal.js';
import { pythonLiteral } from '../../rawrepl/python-literal.js';
import { type Helper, helperCode } from './helper-code.js';
import { independent } from './own-namespace.js';

/** Checked code that calls a helper with these arguments, whatever names the user's programs have given values. */
export async function helperCall(name: Helper, ...args: PythonArgument[]): Promise<string> {
  return ownCode(await helperCode(name), `_upyw(${args.map(pythonLiteral).join(',')})\n`);
}

/** Checked code that runs a helper's, then `call`, in a namespace of its own. */
export function ownCode(code: string, call: string): string {
  return checkedCode(independent(code) + call, code.includes('_user') ? ',"_user":_upyw_b.globals()' : '');
}

/** The largest prime of 32 bits. */
const modulus = 2 ** 32 - 5;

/**
 * Code that raises SyntaxError when bytes of it were lost, changed or swapped on their way to the board, and does nothing then. It
 * could do something else without a sign otherwise, such as remove another file. Needs no loop in Python: the code is taken as one long
 * number, of which the remainder is compared. It runs in a namespace of its own, and leaves nothing behind in the user's. `names`
 * are more entries of that namespace.
 */
export function checkedCode(code: string, names = ''): string {
  const remainder = new TextEncoder().encode(code).reduce((sum, byte) => (sum * 256 + byte) % modulus, 0);
  const check = `_upyw_b.int.from_bytes(_upyw.encode(),"big")%(2**32-5)!=${remainder}`;
  return (
    `import builtins as _upyw_b\n_upyw=r"""${code}"""\n` +
    `try:\n if ${check}:raise _upyw_b.SyntaxError\n _upyw_b.exec(_upyw,{"__name__":"upyw"${names}})\nfinally:\n del _upyw,_upyw_b\n`
  );
}

/** Whether the board found that our code had been garbled: nothing of it has run, so it may be sent again. */
export function wasGarbled(error: unknown): boolean {
  return /^(?:Syntax|Indentation)Error$/.test(exceptionTypeOf(error) ?? '');
}

/** Whether what the board could not decode had been garbled: a file goes as base64 where it cannot go as it is. */
export function wasGarbledText(error: unknown): boolean {
  return isUpywError(error, 'board/exception') && error.details.exception.includes('incorrect padding');
}

/** All that MicroPython raises by itself in code of ours. */
const knownExceptions = new Set(
  (
    'ArithmeticError AssertionError AttributeError EOFError ImportError IndentationError IndexError KeyboardInterrupt KeyError LookupError ' +
    'MemoryError NameError NotImplementedError OSError OverflowError RuntimeError StopIteration SyntaxError SystemExit TypeError UnicodeError ' +
    'ValueError ZeroDivisionError'
  ).split(' '),
);

/** What the few lines around the checked code raise when a name in them was garbled. */
const ofGarbledCode = new Set(['AttributeError', 'ImportError', 'KeyError', 'NameError', 'TypeError']);

/**
 * Whether what the board said of an exception was garbled on its way: code of ours raises only MicroPython's own, and all but the check of
 * the code is run by `exec`, which a traceback names.
 */
export function isNoException(error: unknown): boolean {
  if (!isUpywError(error, 'board/exception')) return false;
  const type = exceptionTypeOf(error) ?? '';
  const isInside = /^ {2}File "<string>", line \d+, in /m.test(error.details.traceback);
  return !knownExceptions.has(type) || (!isInside && ofGarbledCode.has(type));
}
