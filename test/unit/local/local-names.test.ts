import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BoardEntry } from '../../../src/board/folders.js';
import { planGet } from '../../../src/copying/get-plan.js';
import { LocalNames } from '../../../src/local/local-names.js';
import { refuseImpossibleName } from '../../../src/local/local-name.js';

const composed = 'ž.py'.normalize('NFC');
const decomposed = 'ž.py'.normalize('NFD');

describe('a name of the board, here', () => {
  test.each([
    ['a:b', 'a%3Ab'],
    ['what?*.txt', 'what%3F%2A.txt'],
    ['back\\slash', 'back%5Cslash'],
    ['new\nline', 'new%0Aline'],
    ['dot.', 'dot%2E'],
    ['two..', 'two.%2E'],
    ['space ', 'space%20'],
    [' ', '%20'],
    ['CON', '%43ON'],
    ['nul.txt', '%6Eul.txt'],
    ['aux.tar.gz', '%61ux.tar.gz'],
    ['com1', '%63om1'],
    ['LPT9.py', '%4CPT9.py'],
    ['com¹', '%63om¹'],
    ['con .py', '%63on .py'],
  ])('%j is %s on Windows, and itself elsewhere', (name, local) => {
    expect(new LocalNames('win32').choose('', name)).toBe(local);
    expect(new LocalNames('linux').choose('', name)).toBe(name);
  });

  test.each([
    'main.py',
    'console.py',
    'com.py',
    'com10.txt',
    'null',
    '.hidden',
    '50%',
    composed,
    'a b.py',
    '🐎',
  ])('%j stays as it is everywhere', (name) => {
    for (const platform of ['win32', 'darwin', 'linux'] as const)
      expect(new LocalNames(platform).choose('', name)).toBe(name);
  });

  test('two that this system takes for one stay two', () => {
    const chosen = (platform: NodeJS.Platform, ...names: string[]) => {
      const local = new LocalNames(platform);
      return names.map((name) => local.choose('folder', name));
    };
    const capitals = ['Main.py', 'main.py', 'MAIN.py'];
    expect(chosen('win32', ...capitals)).toEqual(['Main.py', '%6Dain.py', '%4DAIN.py']);
    expect(chosen('darwin', ...capitals)).toEqual(['Main.py', '%6Dain.py', '%4DAIN.py']);
    expect(chosen('linux', ...capitals)).toEqual(capitals);
    expect(chosen('win32', 'a%3Ab', 'a:b')).toEqual(['a%3Ab', '%61%3Ab']);
    expect(chosen('win32', 'x', '%58', 'X')).toEqual(['x', '%58', '%2558']);
    expect(chosen('darwin', composed, decomposed)).toEqual([composed, '%7A%CC%8C.py']);
    expect(chosen('win32', 'a', 'a'), 'the same twice is the same').toEqual(['a', 'a']);
  });

  test.each(['..', 'a\0b'])('%j is none', (name) => {
    expect(() => new LocalNames('linux').choose('', name)).toThrow(/can have that name/);
  });

  test.each(['C:\\x\\NUL', 'C:\\x\\con.txt', 'C:\\x\\a:b', 'C:\\x\\dot.'])(
    '%s is refused as a target',
    (path) => {
      expect(() => {
        refuseImpossibleName(path, 'win32');
      }).toThrow(/Windows/);
      refuseImpossibleName(path, 'linux');
    },
  );
});

test('get -r brings everything, and says what has another name', async () => {
  const entry = (path: string, type: BoardEntry['type']): BoardEntry => ({
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    type,
    sizeBytes: 1,
  });
  const entries = [
    entry('lib/aux', 'folder'),
    entry('lib/aux/A.py', 'file'),
    entry('lib/aux/a.py', 'file'),
    entry('lib/b.py', 'file'),
  ];
  const board = {
    stat: () => Promise.resolve(entry('lib', 'folder')),
    list: () => Promise.resolve(entries),
  };
  const plan = await planGet(
    board,
    ['lib'],
    { path: '/here', isFolder: true },
    { recursive: true, platform: 'win32' },
  );
  const lib = join('/here', 'lib');
  const aux = join(lib, '%61ux');
  expect(plan).toEqual({
    folders: [lib, aux],
    files: [
      { remote: 'lib/aux/A.py', local: join(aux, 'A.py'), sizeBytes: 1 },
      { remote: 'lib/aux/a.py', local: join(aux, '%61.py'), sizeBytes: 1 },
      { remote: 'lib/b.py', local: join(lib, 'b.py'), sizeBytes: 1 },
    ],
    renamed: [
      { remote: 'lib/aux', local: aux },
      { remote: 'lib/aux/a.py', local: join(aux, '%61.py') },
    ],
  });
});
