const shortEscapes: Readonly<Record<string, string>> = {
  "'": String.raw`\'`,
  '"': String.raw`\"`,
  '\\': String.raw`\\`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/**
 * A Python string literal that means exactly `text`, and that may stand in a raw string in triple quotes. Printable text
 * beyond ASCII stays as it is: the line carries UTF-8, and firmware built without Unicode strings knows no `\u`. Only half
 * of a surrogate pair, which UTF-8 cannot carry, is written so.
 */
export function pythonString(text: string): string {
  // Control bytes would be taken for commands of the raw REPL. eslint: they are what is looked for.
  // eslint-disable-next-line no-control-regex
  const body = text.replace(/['"\\\x00-\x1f\x7f]/g, (char) => shortEscapes[char] ?? hexEscape(char));
  return `'${body.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`)}'`;
}

function hexEscape(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** What can be handed to a function on the board. */
export type PythonArgument = string | number | boolean | readonly PythonArgument[];

/** A Python expression with the same value; arrays become lists. */
export function pythonLiteral(value: PythonArgument): string {
  if (typeof value === 'string') return pythonString(value);
  if (typeof value === 'number') return value.toString();
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return `[${value.map(pythonLiteral).join(',')}]`;
}

/** A Python literal of exactly these bytes, in letters, digits and backslashes only. */
export function pythonBytes(bytes: Uint8Array): string {
  const body = Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return `b'${body}'`;
}
