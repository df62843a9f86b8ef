/** Strings with their prefix, comments, attributes with their dot, names, white space, any other character. */
const tokens = /b?"(?:\\.|[^"\\\n])*"|b?'(?:\\.|[^'\\\n])*'|#.*|\.?[A-Za-z_]\w*|[ ]+|[^]/g;

/**
 * The same program in fewer bytes, because each takes 87 µs to get to a board at 115200: without comments, empty lines
 * and dispensable spaces, indented by single spaces, short blocks on one line, and with one-letter names for what it
 * binds itself. It expects
 * what a formatter leaves (indentation by four, one statement on a line, spaces around `=`), and neither keyword
 * arguments nor strings over several lines. `_upyw` keeps its name, and so do other names that begin with `_`.
 */
export function shrinkPython(source: string): string {
  const lines = source
    .split('\n')
    .map((line) => line.replace(tokens, (token) => (token.startsWith('#') ? '' : token)).trimEnd())
    .filter((line) => line !== '');
  const names = shortNames(lines);
  return joinShortBlocks(lines.map((line) => shrinkLine(line, names))).join('');
}

/** Puts a block that is one simple statement on its header's line. */
function joinShortBlocks(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const body = lines[at + 1] ?? '';
    const isShort =
      line.endsWith(':\n') &&
      !/^ *(?:if|for|while|try|with|def)\b/.test(body) &&
      depth(lines[at + 2] ?? '') <= depth(line);
    joined.push(isShort ? line.trimEnd() + body.trimStart() : line);
    if (isShort) at += 1;
  }
  return joined;
}

function depth(line: string): number {
  return line.search(/[^ ]|$/);
}

function shrinkLine(line: string, names: ReadonlyMap<string, string>): string {
  const [indent = ''] = /^ */.exec(line) ?? [];
  const body = line.slice(indent.length).replace(tokens, (token, at: number, text: string) => {
    if (token.trim() !== '') return names.get(token) ?? token;
    // Only between two words a space means something.
    return /\w/.test(text.charAt(at - 1)) && /\w/.test(text.charAt(at + token.length)) ? ' ' : '';
  });
  return `${' '.repeat(indent.length / 4)}${body}\n`;
}

/** Shorter names for functions, parameters and variables, the most frequent first. */
function shortNames(lines: readonly string[]): Map<string, string> {
  // Modules and what is in them, and methods, which others call.
  const fixed = new Set(
    lines.flatMap((line) => /.*\bimport .*|\bdef \w+\(self\b/.exec(line)?.[0].match(/\w+/g) ?? []),
  );
  const counts = new Map<string, number>();
  for (const line of lines) for (const name of boundNames(line)) if (!fixed.has(name)) counts.set(name, 0);
  const used = new Set<string>();
  for (const token of lines.join('\n').match(tokens) ?? []) {
    const count = counts.get(token);
    if (count !== undefined) counts.set(token, count + 1);
    else used.add(token);
  }
  const letters = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ').filter(
    (letter) => !used.has(letter),
  );
  const frequent = [...counts].sort(([, left], [, right]) => right - left).map(([name]) => name);
  return new Map(frequent.slice(0, letters.length).map((name, index) => [name, letters[index] ?? name]));
}

const bindings = [
  /^\s*class (\w+)/,
  /^\s*def (\w+\(.*\)):$/,
  /\bfor ([\w, ()]+) in\b/g,
  /^\s*([\w, ]+) [-+]?= /,
  /\bas (\w+)/g,
];

function boundNames(line: string): string[] {
  return bindings
    .flatMap((pattern) => line.match(pattern) ?? [])
    .flatMap((bound) => bound.match(/\w+/g) ?? [])
    .filter((name) => !name.startsWith('_') && !/^(?:class|def|for|in|as|\d.*)$/.test(name));
}
