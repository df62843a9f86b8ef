import { describe, expect, test } from 'vitest';
import { printableJson, printableName, printableText } from '../../src/printable.js';

describe('printable text', () => {
  test('a name stays in its line and leaves the terminal alone', () => {
    expect(printableName('a\nb\u001b[2Jc\u0085\u009b31m')).toBe('a\\nb\\x1b[2Jc\\x85\\x9b31m');
    expect(printableName('photo\u202egnp.exe')).toBe('photo\\u202egnp.exe');
    expect(printableName('half \ud800 pair')).toBe('half \\ud800 pair');
    expect(printableName('čaj 🍵.py')).toBe('čaj 🍵.py');
  });

  test('text keeps its lines and tabs, and nothing else that a terminal obeys', () => {
    expect(printableText('one\r\n\ttwo\rthree\u0007')).toBe('one\n\ttwo\\rthree\\x07');
  });

  test('JSON says the same and holds nothing that a terminal obeys', () => {
    const value = { name: 'x\u009b31m\u202e\u001b[2J\u007f' };
    const json = printableJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(json)).toEqual(value);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});
