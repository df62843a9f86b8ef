import { type PythonValue, parsePython } from '../rawrepl/parse-python.js';
import type { RawRepl } from '../rawrepl/raw-repl.js';

/** A tuple that our own code printed. Throws `rawrepl/protocol` for anything else; `expected` says what it was to be. */
export function answerTuple(repl: RawRepl, printed: string, expected: string): PythonValue[] {
  try {
    const value = parsePython(printed);
    if (Array.isArray(value)) return value;
  } catch {
    // Told below.
  }
  throw repl.nonsense(expected);
}
