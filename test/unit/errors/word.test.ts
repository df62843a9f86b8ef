import { expect, test } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import { word } from '../../../src/errors/word.js';

test.each([
  ['main.py', 'main.py'],
  [':lib/čaj🍵.py', ':lib/čaj🍵.py'],
  ['C:\\files\\main.py', 'C:\\files\\main.py'],
  ['mein ordner', '"mein ordner"'],
  ['a&b', '"a&b"'],
  ['a"$b`', '"a\\"\\$b\\`"'],
  ['', '""'],
])('%s is one word in a shell', (text, shown) => {
  expect(word(text)).toBe(shown);
});

test('a hint to remove a folder names that folder and no other', () => {
  expect(new UpywError('board/not-empty', { path: 'mein ordner' }).hint).toContain(
    'upyw rm -r "mein ordner"',
  );
});
