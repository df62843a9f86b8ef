// Control characters redraw a screen or change what a terminal does; marks of the direction of writing let a name read otherwise
// than it is (Unicode's Bidirectional Algorithm, UAX 9); half a surrogate pair is no character.
const unprintable =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

const shorthand: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text from a board or a file as it may be part of one line of ours: what would change the terminal, a line break included,
 * becomes an escape.
 */
export function printableName(text: string): string {
  return text.replace(unprintable, (character) => shorthand[character] ?? escaped(character));
}

/** The same for text of several lines: line breaks and tabs stay, and `\r\n` becomes `\n`. */
export function printableText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(unprintable, (character) =>
      character === '\n' || character === '\t' ? character : (shorthand[character] ?? escaped(character)),
    );
}

/** JSON with the same characters as JSON's own escapes: to a program it says the same, and a terminal shows it harmlessly. */
export function printableJson(json: string): string {
  return json.replace(unprintable, (character) =>
    character === '\n' ? character : `\\u${hexOf(character, 4)}`,
  );
}

function escaped(character: string): string {
  const hex = hexOf(character, 2);
  return hex.length === 2 ? `\\x${hex}` : `\\u${hex}`;
}

function hexOf(character: string, width: number): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(width, '0');
}
