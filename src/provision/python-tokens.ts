/** A word (name, keyword, number), a single other character, or the end of a logical line (`\n`). */
export interface PythonToken {
  readonly text: string;
  /** Where it begins in the source. */
  readonly at: number;
}

/**
 * The code of a Python source, without comments and texts: enough to see what is imported and called. A line end within
 * brackets or behind a backslash is none. Takes any bytes (one character each); never fails.
 */
export function pythonTokens(source: string): PythonToken[] {
  const tokens: PythonToken[] = [];
  let depth = 0;
  piece.lastIndex = 0;
  for (let match = piece.exec(source); match !== null; match = piece.exec(source)) {
    const { word, mark, line } = match.groups ?? {};
    if (mark !== undefined)
      depth = Math.max(0, depth + ('([{'.includes(mark) ? 1 : ')]}'.includes(mark) ? -1 : 0));
    if (line !== undefined && depth > 0) continue;
    const text = word ?? mark ?? (line === undefined ? undefined : '\n');
    if (text !== undefined) tokens.push({ text, at: match.index });
  }
  return tokens;
}

// A text that is not ended runs to the end of its line, in triple quotes to the end of the source.
const body = (quote: string, end: string) =>
  String.raw`${quote}(?:\\[^]|(?!${quote})${end})*(?:${quote}|$|(?=[\r\n]))`;
const texts = [
  body("'''", '[^]'),
  body('"""', '[^]'),
  body("'", String.raw`[^\r\n]`),
  body('"', String.raw`[^\r\n]`),
];
const piece = new RegExp(
  [
    String.raw`#[^\r\n]*`,
    String.raw`\\(?:\r\n|\r|\n)`,
    String.raw`(?:[rRbBuUfF]{1,2})?(?:${texts.join('|')})`,
    String.raw`(?<word>[\w\x80-\xff]+)`,
    String.raw`(?<line>\r\n|\r|\n)`,
    String.raw`[ \t\f]+`,
    String.raw`(?<mark>[^])`,
  ].join('|'),
  'g',
);
