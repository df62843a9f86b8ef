import { describe, expect, it } from 'vitest';
import { isNoException, wasGarbled, wasGarbledText } from '../../../src/board/helpers/device-code.js';
import { boardExceptionError } from '../../../src/rawrepl/board-exception.js';

const raised = (line: string, ...places: string[]) =>
  boardExceptionError(
    ['Traceback (most recent call last):', ...places.map((place) => `  File ${place}`), line, ''].join(
      '\r\n',
    ),
  );
const outside = '"<stdin>", line 5, in <module>';
const inside = '"<string>", line 3, in _upyw';

describe('what a board says of our own code on a bad line', () => {
  it.each([
    'KeyError: _upyw\ufffdb',
    "ImportError: no module named 'builttins'",
    "AttributeError: 'str' object has no attribute 'encodee'",
    "NameError: name '_upyx' isn't defined",
    'SyntexError: ',
  ])('%s around it is none', (line) => {
    expect(isNoException(raised(line, outside))).toBe(true);
  });

  it.each(['OSError: 28', 'MemoryError: ', "KeyError: 'x'"])('%s within it is one', (line) => {
    expect(isNoException(raised(line, outside, inside))).toBe(false);
  });

  it('a syntax error or wrong base64 is garbled code, or a garbled file', () => {
    expect(wasGarbled(raised('SyntaxError: invalid syntax', outside))).toBe(true);
    expect(wasGarbledText(raised('ValueError: incorrect padding', outside, inside))).toBe(true);
    expect(wasGarbledText(raised('ValueError: ', outside, inside))).toBe(false);
  });
});
