import { expect, test } from 'vitest';
import { progressLine, progressSummary } from '../../../src/ui/progress-line.js';

test('the bar shows share, rate and time left', () => {
  const line = progressLine({ label: 'put a.py', doneBytes: 5000, totalBytes: 20_000, elapsedMs: 1000 });
  expect(line).toBe('put a.py  █████░░░░░░░░░░░░░░░  25 %  5.0 kB/s  3.0 s left');
});

test('before the first byte there is no rate to tell', () => {
  const line = progressLine({ label: 'put a.py', doneBytes: 0, totalBytes: 10, elapsedMs: 2000 });
  expect(line).toBe('put a.py  ░░░░░░░░░░░░░░░░░░░░  0 %');
});

test('an empty file, and more bytes than announced, do not break the bar', () => {
  expect(progressLine({ label: 'x', doneBytes: 0, totalBytes: 0, elapsedMs: 0 })).toContain('0 %');
  expect(progressLine({ label: 'x', doneBytes: 30, totalBytes: 20, elapsedMs: 10 })).toContain('100 %');
});

test('the summary leaves times away that nobody felt', () => {
  const state = { label: 'put a.py', doneBytes: 12_300, totalBytes: 12_300 };
  expect(progressSummary({ ...state, elapsedMs: 1220 })).toBe('put a.py  12.3 kB  1.2 s  10.1 kB/s');
  expect(progressSummary({ ...state, elapsedMs: 20 })).toBe('put a.py  12.3 kB');
});
