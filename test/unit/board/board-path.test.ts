import { describe, expect, it } from 'vitest';
import { baseName, joinPath, normalizePath, parentPath } from '../../../src/board/board-path.js';

describe('paths on the board', () => {
  it.each([
    ['main.py', 'main.py'],
    ['./lib//a.py', 'lib/a.py'],
    ['lib/', 'lib'],
    ['lib/../main.py', 'main.py'],
    ['/lib/../../x', '/x'],
    ['/', '/'],
    ['//', '/'],
    ['.', ''],
    ['', ''],
    ['a\\b', 'a\\b'],
    ['...', '...'],
  ])('%j is %j', (path, plain) => {
    expect(normalizePath(path)).toBe(plain);
  });

  it.each(['..', '../x', 'a/../../b', 'a\0b', 'a\ud800'])('%j cannot be', (path) => {
    expect(() => normalizePath(path)).toThrow(expect.objectContaining({ code: 'board/bad-path' }) as Error);
  });

  it('are taken apart and put together', () => {
    const parts = (path: string) => [parentPath(path), baseName(path)];
    expect(['/main.py', '/lib/a.py', 'a.py', 'lib/a.py'].map(parts)).toEqual([
      ['/', 'main.py'],
      ['/lib', 'a.py'],
      ['', 'a.py'],
      ['lib', 'a.py'],
    ]);
    expect(['/', '/lib', '', 'lib'].map((folder) => joinPath(folder, 'x'))).toEqual([
      '/x',
      '/lib/x',
      'x',
      'lib/x',
    ]);
  });
});
