import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinPath } from '../../../src/board/board-path.js';
import { expandOnBoard } from '../../../src/copying/board-patterns.js';
import { expandLocal } from '../../../src/copying/local-patterns.js';
import { UpywError } from '../../../src/errors.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'upyw-glob-'));
  await mkdir(join(cwd, 'lib'));
  for (const name of ['a.py', 'B.PY', 'c.txt', '.hidden.py', 'x+y.py', 'x(1).py', 'q[1].py', 'lib/d.py']) {
    await writeFile(join(cwd, name), '');
  }
});
afterAll(async () => {
  await rm(cwd, { recursive: true });
});

describe('names of this computer', () => {
  test.each([
    ['*.py', ['a.py', 'q[1].py', 'x(1).py', 'x+y.py']],
    ['?.py', ['a.py']],
    ['[a-b].*', ['a.py']],
    ['{a,c}.*', ['a.py', 'c.txt']],
    ['x+?.py', ['x+y.py']],
    ['x(?).py', ['x(1).py']],
    ['q[1].py', ['q[1].py']],
    ['.*.py', ['.hidden.py']],
    ['lib/*.py', ['lib/d.py']],
    ['l*/*.py', ['lib/d.py']],
    ['./lib/?.py', ['./lib/d.py']],
    ['*.js', ['*.js']],
    ['nowhere/*.py', ['nowhere/*.py']],
    ['a.py', ['a.py']],
  ])('%s stands for %j', async (operand, names) => {
    expect(await expandLocal({ cwd, platform: 'linux' }, [operand])).toEqual(names);
  });

  test.each([
    ['?.py', ['B.PY', 'a.py']],
    ['lib\\*.py', ['lib/d.py']],
  ])('on Windows %s stands for %j', async (operand, names) => {
    expect(await expandLocal({ cwd, platform: 'win32' }, [operand])).toEqual(names);
  });

  test('from the root on', async () => {
    expect(await expandLocal({ cwd: '/', platform: 'linux' }, [`${cwd}/lib/*`])).toEqual([`${cwd}/lib/d.py`]);
  });
});

describe('names of the board', () => {
  const folders: Record<string, readonly string[]> = {
    '': ['main.py', 'boot.py', 'lib/', 'odd*.py'],
    lib: ['a.py', 'b.mpy', 'umqtt/'],
    'lib/umqtt': ['simple.py'],
    '/': ['main.py'],
  };
  const board = {
    list: (folder: string) => {
      const names = folders[folder];
      if (names === undefined) return Promise.reject(new UpywError('board/not-found', { path: folder }));
      const entries = names.map((shown) => {
        const name = shown.replace('/', '');
        const type: 'file' | 'folder' = shown.endsWith('/') ? 'folder' : 'file';
        return { name, path: joinPath(folder, name), type, sizeBytes: 0 };
      });
      return Promise.resolve(entries);
    },
  };
  test.each([
    ['*.py', ['boot.py', 'main.py', 'odd*.py']],
    ['odd*.py', ['odd*.py']],
    ['lib/*', ['lib/a.py', 'lib/b.mpy', 'lib/umqtt']],
    ['*/*/*.py', ['lib/umqtt/simple.py']],
    ['/m*', ['/main.py']],
    ['nothing/*', ['nothing/*']],
    ['*.js', ['*.js']],
    ['main.py', ['main.py']],
  ])('%s stands for %j', async (path, names) => {
    expect(await expandOnBoard(board, [path], new AbortController().signal)).toEqual(names);
  });
});
