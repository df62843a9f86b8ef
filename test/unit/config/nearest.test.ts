import { expect, test } from 'vitest';
import { nearest } from '../../../src/config/nearest.js';

const words = ['port', 'baud', 'timeout', 'wifi.ssid'];

test.each([
  ['prot', 'port'],
  ['ports', 'port'],
  ['Baud', 'baud'],
  ['bauds', 'baud'],
  ['time-out', 'timeout'],
  ['wifi.sid', 'wifi.ssid'],
  ['colour', undefined],
  ['', undefined],
])('%j is near %s', (word, near) => {
  expect(nearest(word, words)).toBe(near);
});

test('no candidates, nothing near', () => {
  expect(nearest('port', [])).toBeUndefined();
});
