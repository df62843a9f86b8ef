import { type PythonToken, pythonTokens } from './python-tokens.js';

/** A call of `wifi_and_ntp.startup` in a source. */
export interface StartupCall {
  /** It hands over a network of its own: what config.py says then does not count. */
  readonly hasArguments: boolean;
}

const module = 'wifi_and_ntp';
const method = 'startup';

/**
 * The call that starts Wi-Fi, under whatever name the module or its function was imported, also within an `if`, a `try` or a
 * function. In a comment or a text it is none.
 */
export function findStartupCall(source: string): StartupCall | undefined {
  const statements = splitStatements(pythonTokens(source));
  const names = new Set(statements.flatMap(importedNames));
  for (const words of statements) {
    for (const [index] of words.entries()) {
      const call = callAt(words, index, names);
      if (call !== undefined) return call;
    }
  }
  return undefined;
}

/** The words between line ends, `;` and `:`. */
function splitStatements(tokens: readonly PythonToken[]): string[][] {
  const statements: string[][] = [[]];
  for (const { text } of tokens) {
    if (text === '\n' || text === ';' || text === ':') statements.push([]);
    else statements.at(-1)?.push(text);
  }
  return statements;
}

/** The names under which a statement makes the call known: `wifi_and_ntp.startup`, `w.startup`, `startup`. */
function importedNames(words: readonly string[]): string[] {
  const [first, second, third] = words;
  if (first === 'import') {
    return splitAt(words.slice(1), ',').flatMap(([name, as, alias, ...more]) => {
      if (name !== module || more.length > 0) return [];
      return [`${as === 'as' && alias !== undefined ? alias : module}.${method}`];
    });
  }
  if (first !== 'from' || second !== module || third !== 'import') return [];
  return splitAt(
    words.slice(3).filter((word) => word !== '(' && word !== ')'),
    ',',
  ).flatMap(([name, as, alias]) => {
    if (name === '*') return [method];
    if (name !== method) return [];
    return [as === 'as' && alias !== undefined ? alias : method];
  });
}

function callAt(
  words: readonly string[],
  index: number,
  names: ReadonlySet<string>,
): StartupCall | undefined {
  const before = words[index - 1];
  if (before === '.' || before === 'def') return undefined;
  const [name = '', dot, attribute = ''] = words.slice(index);
  const isDotted = dot === '.' && names.has(`${name}.${attribute}`);
  if (!isDotted && !names.has(name)) return undefined;
  const [open, next] = words.slice(index + (isDotted ? 3 : 1));
  return open === '(' ? { hasArguments: next !== ')' } : undefined;
}

function splitAt(words: readonly string[], separator: string): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === separator) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}
