import { describe, expect, test } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatRate, formatTable } from '../../../src/ui/format.js';

describe('format', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [12_345, '12.3 kB'],
    [99_960, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [1_700_000, '1.7 MB'],
    [16_777_216, '16.8 MB'],
  ])('%i bytes read %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test.each([
    [0, '0.0 s'],
    [1234, '1.2 s'],
    [9960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [125_000, '2 min 05 s'],
  ])('%i ms read %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  test('a rate needs bytes and time', () => {
    expect(formatRate(10_100, 1000)).toBe('10.1 kB/s');
    expect(formatRate(0, 1000)).toBe('');
    expect(formatRate(10, 0)).toBe('');
  });

  test('counts agree with their noun', () => {
    expect([0, 1, 2].map((count) => formatCount(count, 'file'))).toEqual(['0 files', '1 file', '2 files']);
  });

  test('a table aligns its columns and ends no line in spaces', () => {
    const table = formatTable(
      [
        ['1', 'a', 'x'],
        ['100', 'long', ''],
      ],
      [0],
    );
    expect(table).toBe('  1  a     x\n100  long');
  });

  test('a cell that would redraw the terminal is shown escaped, and its row stays one line', () => {
    expect(formatTable([['a\nb\u001b[2J', 'c']])).toBe('a\\nb\\x1b[2J  c');
  });
});
