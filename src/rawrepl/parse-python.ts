/** A value as `repr` printed it; tuples and lists become arrays, bytes a `Uint8Array`, None `null`. */
export type PythonValue = string | number | boolean | null | Uint8Array | PythonValue[];

/**
 * Reads what `print(repr(x))` on a board wrote, for str, bytes, int, float, bool, None, tuples and lists of them.
 * MicroPython's repr is plain ASCII on one line whatever the string holds (py/objstr.c, py/objstrunicode.c), so any
 * file name survives. Throws `SyntaxError` where the text is something else.
 */
export function parsePython(text: string): PythonValue {
  const parser = new Parser(text);
  const value = parser.value();
  parser.end();
  return value;
}

const words: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']' };
const charEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): PythonValue {
    this.#spaces();
    const next = this.#text.charAt(this.#at);
    const closer = closers[next];
    if (closer !== undefined) return this.#sequence(closer);
    if (next === "'" || next === '"') return this.#string();
    if (/^b['"]/.test(this.#text.slice(this.#at, this.#at + 2))) return this.#bytes();
    return this.#word();
  }

  end(): void {
    this.#spaces();
    if (this.#at < this.#text.length) this.#fail();
  }

  #sequence(closer: string): PythonValue[] {
    this.#at += 1;
    const items: PythonValue[] = [];
    for (;;) {
      this.#spaces();
      if (this.#take(closer)) return items;
      items.push(this.value());
      this.#spaces();
      if (!this.#take(',') && this.#text.charAt(this.#at) !== closer) this.#fail();
    }
  }

  #word(): PythonValue {
    const word = /^[\w.+-]+/.exec(this.#text.slice(this.#at))?.[0] ?? this.#fail();
    this.#at += word.length;
    const known = words[word];
    if (known !== undefined) return known;
    const number = Number(word);
    if (Number.isNaN(number)) this.#fail();
    return number;
  }

  #bytes(): Uint8Array {
    this.#at += 1;
    return Uint8Array.from(this.#string(), (char) => char.charCodeAt(0));
  }

  #string(): string {
    const quote = this.#text.charAt(this.#at);
    this.#at += 1;
    let result = '';
    for (;;) {
      const char = this.#text.charAt(this.#at);
      if (char === '') this.#fail();
      this.#at += 1;
      if (char === quote) return result;
      result += char === '\\' ? this.#escape() : char;
    }
  }

  #escape(): string {
    const letter = this.#text.charAt(this.#at);
    this.#at += 1;
    const digits = hexDigits[letter];
    if (digits === undefined) return charEscapes[letter] ?? this.#fail();
    const code = this.#text.slice(this.#at, this.#at + digits);
    if (!/^[\da-f]+$/i.test(code) || code.length < digits) this.#fail();
    this.#at += digits;
    return String.fromCodePoint(Number.parseInt(code, 16));
  }

  #spaces(): void {
    while (/^\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #take(char: string): boolean {
    if (this.#text.charAt(this.#at) !== char) return false;
    this.#at += 1;
    return true;
  }

  #fail(): never {
    throw new SyntaxError(`not a Python literal at ${this.#at}: ${this.#text.slice(0, 200)}`);
  }
}
