import { describe, expect, it } from 'vitest';
import { fileError } from '../../../src/board/file-errors.js';
import { boardExceptionError } from '../../../src/rawrepl/board-exception.js';

describe('fileError', () => {
  it.each([
    [2, 'board/not-found'],
    [13, 'board/read-only'],
    [17, 'board/exists'],
    [19, 'board/no-file-system'],
    [20, 'board/not-a-folder'],
    [21, 'board/is-folder'],
    [22, 'board/bad-path'],
    [28, 'board/no-space'],
    [30, 'board/read-only'],
    [36, 'board/bad-path'],
    [39, 'board/not-empty'],
  ])('errno %i is %s', (errno, code) => {
    for (const printed of [
      `OSError: ${errno}`,
      `OSError: [Errno ${errno}] EXYZ`,
      `OSError: (${errno}, 'x')`,
    ]) {
      expect(fileError(boardExceptionError(printed), 'lib/a.py')).toMatchObject({
        code,
        details: { path: 'lib/a.py' },
      });
    }
  });

  it('leaves the rest as it is', () => {
    for (const error of [
      boardExceptionError('OSError: 5'),
      boardExceptionError('ValueError: 2'),
      new Error('x'),
    ]) {
      expect(fileError(error, 'a')).toBe(error);
    }
  });
});
