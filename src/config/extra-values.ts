/** What may stand under `extra`: what JSON can say. */
export type ExtraValue =
  string | number | boolean | null | readonly ExtraValue[] | { readonly [name: string]: ExtraValue };

/** A value that cannot be written to the board's config.py, and where it stands in the object. */
export interface ExtraMistake {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

/** MicroPython parses its source by recursion, on a small stack. */
const deepest = 10;

// prettier-ignore
const pythonKeywords = new Set([
  'False', 'None', 'True', 'and', 'as', 'assert', 'async', 'await', 'break', 'class', 'continue', 'def', 'del', 'elif',
  'else', 'except', 'finally', 'for', 'from', 'global', 'if', 'import', 'in', 'is', 'lambda', 'nonlocal', 'not', 'or',
  'pass', 'raise', 'return', 'try', 'while', 'with', 'yield',
]);

/**
 * What is wrong with the entries of `extra`; undefined when all can be written as Python. `taken`: names that other settings
 * have in config.py. Values may be keys of some service, so the text does not repeat them.
 */
export function extraMistake(entries: object, taken: ReadonlyMap<string, string>): ExtraMistake | undefined {
  for (const [name, value] of Object.entries(entries)) {
    const problem = nameMistake(name, taken);
    if (problem !== undefined) return { path: [name], problem };
    const mistake = valueMistake(value, [name]);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

function nameMistake(name: string, taken: ReadonlyMap<string, string>): string | undefined {
  const setting = taken.get(name);
  if (setting !== undefined) return `is written to config.py from ${setting}: set that instead`;
  if (pythonKeywords.has(name)) return 'is a word of the Python language: choose another name';
  return /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : 'should be a Python name: letters, digits and _, no digit first, no __ first';
}

function valueMistake(value: unknown, path: readonly (string | number)[]): ExtraMistake | undefined {
  const problem = kindMistake(value, path.length);
  if (problem !== undefined) return { path, problem };
  if (typeof value !== 'object' || value === null) return undefined;
  const entries: (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item] as const)
    : Object.entries(value);
  for (const [name, item] of entries) {
    const mistake = valueMistake(item, [...path, name]);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

function kindMistake(value: unknown, depth: number): string | undefined {
  if (depth > deepest) return `is nested too deep: ${deepest} levels are the most`;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return 'should be a finite number';
    const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
    return isExact ? undefined : 'is a whole number beyond 2^53, which loses digits: write it as text';
  }
  if (value instanceof Date) return 'is read as a date: put it in quotes';
  const isPlain = value === null || ['string', 'boolean'].includes(typeof value) || isPlainObject(value);
  return isPlain || Array.isArray(value)
    ? undefined
    : 'should be text, a number, true, false, null, a list or an object';
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
