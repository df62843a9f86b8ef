import { expect, test } from 'vitest';
import { shownValue } from '../../../src/config/key.js';
import { parseBaud, parseSeconds } from '../../../src/config/values.js';

test.each([
  ['115200', 115200],
  ['115_200', 115200],
  [' 9600 ', 9600],
  ['115.2k', 115200],
  ['921.6k', 921600],
  ['2M', 2_000_000],
  ['', undefined],
  ['fast', undefined],
  ['0', undefined],
  ['-9600', undefined],
  ['115.2', undefined],
  ['1e5', undefined],
  ['99999999', undefined],
])('rate %j is %s', (text, baud) => {
  expect(parseBaud(text)).toBe(baud);
});

test.each([
  ['5', 5],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['5s', 5],
  ['500ms', 0.5],
  ['2 min', 120],
  ['0', undefined],
  ['-1', undefined],
  ['', undefined],
  ['soon', undefined],
  ['1h', undefined],
  ['999999', undefined],
])('time %j is %s s', (text, seconds) => {
  expect(parseSeconds(text)).toBe(seconds);
});

test('a secret is never shown, not even its length', () => {
  expect(shownValue({ secret: true }, 'hunter2')).toBe('••••••');
  expect(shownValue({ secret: true }, 'a much longer password')).toBe('••••••');
  expect(shownValue({ secret: true }, undefined)).toBeNull();
  expect([shownValue({}, 'COM3'), shownValue({}, 9600), shownValue({}, { a: 1 })]).toEqual([
    'COM3',
    9600,
    '{"a":1}',
  ]);
});
