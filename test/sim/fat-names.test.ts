import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFatBoard } from '../support/fat-board.js';
import { has, testWith } from '../support/systems.js';
import { Workplace } from '../support/virtual-board.js';

/** FAT takes names for one that differ only in case, or by dots at their end; littlefs does not. */

let here: Workplace;
const files = {
  'syn/sy.py': 'same',
  'syn/lib/deep.py': 'same',
  'syn/new.py': 'later',
  'old/SY.PY': 'same',
  'old/LIB/DEEP.PY': 'same',
  'old/LIB/gone.py': 'gone',
  'old/New.py': 'before',
  'old/gone.py': 'gone',
  'one/a.py': 'one',
  'two/A.py': 'two',
  'empty/.upywignore': '.upywignore',
  'package/package.json': JSON.stringify({
    urls: [
      ['A.py', 'one.py'],
      ['a.py', 'two.py'],
    ],
  }),
  'package/one.py': 'x = 1\n',
  'package/two.py': 'x = 2\n',
};

beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(here.path(name)), { recursive: true });
    await writeFile(here.path(name), content);
  }
  if (has('case in names')) {
    await mkdir(here.path('twins'));
    await writeFile(here.path('twins/a.py'), 'one');
    await writeFile(here.path('twins/A.py'), 'TWO');
    await mkdir(here.path('dots'));
    await writeFile(here.path('dots/g'), 'one');
    await writeFile(here.path('dots/g.'), 'TWO');
  }
  makeFatBoard(here.path('.boards'), 'fat');
  await here.ok('image', 'create', 'empty', 'fat.bin', '--size', '512k', '--fs', 'fat');
  await here.ok('image', 'create', 'empty', 'littlefs.bin', '--size', '512k');
});
afterAll(() => here.close());

async function clear(place: string): Promise<void> {
  await here.ok('-y', '-p', place, 'sync', '--delete', 'empty', ':w');
}

const names = async (place: string) =>
  (await here.ok('-p', place, 'ls', '-R', ':w')).trimEnd().split('\n').filter(Boolean);

describe.each(['sim:fat?unpaced', 'image:fat.bin'])('on %s', (place) => {
  const fails = (...args: string[]) => here.failure('-y', '-p', place, ...args);

  it('sync --delete leaves the file that it found under another name', async () => {
    await clear(place);
    await here.ok('-p', place, 'put', '-r', 'old/.', ':w');
    await here.ok('-y', '-p', place, 'sync', '--delete', 'syn', ':w');
    const left = await names(place);
    expect(left.map((name) => name.toLowerCase()).sort()).toEqual([
      'w/lib/',
      'w/lib/deep.py',
      'w/new.py',
      'w/sy.py',
    ]);
    expect(await here.ok('-p', place, 'cat', ':w/new.py', ':w/sy.py')).toBe('latersame');
    await here.ok('-y', '-p', place, 'sync', '--delete', 'syn', ':w');
    expect(await names(place)).toEqual(left);
  });

  it('two files that would be one are refused before anything is sent', async () => {
    await clear(place);
    const both = [
      ['put', 'one/a.py', 'two/A.py', ':w'],
      ['mip', 'install', './package', '--target', '/w/lib'],
      ...(has('case in names')
        ? [
            ['put', '-r', 'twins', ':w'],
            ['put', '-r', 'dots', ':w'],
            ['sync', 'twins', ':w'],
            ['sync', 'dots', ':w'],
            ['sync', 'dots', ':w/not/yet'],
            ['--dry-run', 'sync', 'twins', ':w'],
          ]
        : []),
    ];
    for (const args of both) expect([args, (await fails(...args)).code]).toEqual([args, 'board/same-name']);
    expect(await names(place)).toEqual([]);
  });

  it('nor do cp and mv make one of two, and mv gives a file its name in another case', async () => {
    await clear(place);
    await here.ok('-p', place, 'mkdir', '-p', 'w/one', 'w/two');
    await here.ok('-p', place, 'put', 'one/a.py', ':w/one');
    await here.ok('-p', place, 'put', 'two/A.py', ':w/two');
    for (const verb of ['cp', 'mv'])
      expect((await fails(verb, ':w/one/a.py', ':w/two/A.py', ':w')).code).toBe('board/same-name');
    expect(await names(place)).toEqual(['w/one/', 'w/one/a.py', 'w/two/', 'w/two/A.py']);
    await here.ok('-y', '-p', place, 'mv', ':w/one/a.py', ':w/one/A.py');
    expect(await here.ok('-p', place, 'cat', ':w/one/a.py')).toBe('one');
  });

  it('a package whose newer release writes a name another way keeps the file', async () => {
    await clear(place);
    const release = async (name: string, content: string) => {
      await mkdir(here.path('renamed'), { recursive: true });
      await writeFile(here.path('renamed/package.json'), JSON.stringify({ urls: [[name, 'm.py']] }));
      await writeFile(here.path('renamed/m.py'), content);
      await here.ok('-y', '-p', place, 'mip', 'install', './renamed', '--target', '/w/lib');
    };
    await release('Mod.py', 'x = 1\n');
    await release('mod.py', 'x = 2\n');
    expect(await here.ok('-p', place, 'cat', ':w/lib/mod.py')).toBe('x = 2\n');
    await release('MOD.py', 'x = 2\n');
    expect(await here.ok('-p', place, 'cat', ':w/lib/MOD.py')).toBe('x = 2\n');
  });
});

testWith('case in names', 'image create refuses them, and makes no file', async () => {
  expect((await here.failure('image', 'create', 'twins', 'made.bin', '--fs', 'fat')).code).toBe(
    'board/same-name',
  );
  expect((await here.failure('-p', 'image:made.bin', 'ls')).code).toBe('file/not-found');
});

describe.each(['sim:plain?unpaced', 'image:littlefs.bin'])('on %s both are kept apart', (place) => {
  it('by put, and by sync --delete', async () => {
    await clear(place);
    await here.ok('-p', place, 'put', 'one/a.py', 'two/A.py', ':w');
    expect(await here.ok('-p', place, 'cat', ':w/a.py', ':w/A.py')).toBe('onetwo');
    await here.ok('-y', '-p', place, 'sync', '--delete', 'one', ':w');
    expect(await names(place)).toEqual(['w/a.py']);
  });
});
