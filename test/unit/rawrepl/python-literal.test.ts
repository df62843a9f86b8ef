import { describe, expect, it } from 'vitest';
import { parsePython } from '../../../src/rawrepl/parse-python.js';
import { pythonLiteral, pythonString } from '../../../src/rawrepl/python-literal.js';

const hardTexts = [
  '',
  'main.py',
  `it's "quoted"`,
  String.raw`back\slash\n`,
  'line\nfeed\rand\ttab',
  'žluťoučký kůň 🐎',
  '\x00\x01\x02\x03\x04\x05\x1b\x7f',
  '{}%s$`',
];

describe('pythonString', () => {
  it('quotes and escapes what ends a literal or a line', () => {
    expect(pythonString(`a'b\\c\n`)).toBe(String.raw`'a\'b\\c\n'`);
  });

  it('has no control byte in it, whatever the text', () => {
    for (const text of hardTexts) {
      // eslint-disable-next-line no-control-regex
      expect(pythonString(text)).not.toMatch(/[\x00-\x1f\x7f]/);
    }
  });

  it('makes lists of arrays', () => {
    expect(pythonLiteral(['a', 1, [true]])).toBe("['a',1,[True]]");
  });
});

describe('parsePython', () => {
  it.each([
    [`'a'`, 'a'],
    [`"it's"`, "it's"],
    [String.raw`'\n\r\t\\\'\x7f\u017e\U0001f40e'`, "\n\r\t\\'\x7fž🐎"],
    ['-12', -12],
    ['1.5e3', 1500],
    ['None', null],
    ['True', true],
    ['()', []],
    ["('main.py', 32768, 0, 139)", ['main.py', 32768, 0, 139]],
    ['(1,)', [1]],
    ["[('a', [b'\\x00b'])]", [['a', [Uint8Array.of(0, 98)]]]],
    ["  'x'  ", 'x'],
  ])('reads %s', (text, value) => {
    expect(parsePython(text)).toEqual(value);
  });

  it.each(["'open", '(1', '(1 2)', 'word', "'a' 'b'", '', String.raw`'\x1'`, String.raw`'\q'`, '(,)'])(
    'refuses %s',
    (text) => {
      expect(() => parsePython(text)).toThrow(SyntaxError);
    },
  );
});
