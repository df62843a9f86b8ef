import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from '../support/virtual-board.js';

/** Files that are changed where they are: on the board, and in an image. */

let here: Workplace;
const content = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) % 251);
const digest = createHash('sha256').update(content).digest('hex');

beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  await writeFile(here.path('a.bin'), content);
  await writeFile(here.path('here.py'), 'print(1)\n');
  await here.ok('image', 'create', '--size', '512k', '--fs', 'fat', '.', 'fat.bin');
  await writeFile(here.path('.upywignore'), '*.bin\n');
  await here.ok('image', 'create', '--size', '512k', '.', 'littlefs.bin');
});
afterAll(() => here.close());

const places = ['sim:files?unpaced', 'image:littlefs.bin', 'image:fat.bin'];

describe.each(places)('on %s', (place) => {
  const on = (...args: string[]) => here.ok('-p', place, ...args);
  const fails = (...args: string[]) => here.failure('-p', place, ...args);
  const tree = async (folder = '') => (await on('ls', '-R', folder)).trimEnd().split('\n');

  it('cp copies as coreutils have it', async () => {
    await on('put', 'a.bin', ':');
    await on('mkdir', 'one', 'two');
    await on('cp', 'a.bin', 'b.bin');
    await on('cp', ':a.bin', ':b.bin', ':one');
    await on('cp', '-r', 'one', 'two/');
    await on('cp', '-r', 'one', 'three');
    await on('cp', '*.bin', 'two');
    expect(await tree('two')).toEqual([
      'two/a.bin',
      'two/b.bin',
      'two/one/',
      'two/one/a.bin',
      'two/one/b.bin',
    ]);
    expect(await tree('three')).toEqual(['three/a.bin', 'three/b.bin']);
    expect(await on('sha256sum', 'two/one/b.bin')).toBe(`${digest}  two/one/b.bin\n`);
  });

  it('mv gives another name, or another folder', async () => {
    await on('mv', 'b.bin', 'c.bin');
    await on('mv', 'c.bin', 'two/b.bin');
    await on('mv', 'three', 'two');
    await on('mv', 'two', 'four');
    expect(await tree('four/three')).toEqual(['four/three/a.bin', 'four/three/b.bin']);
    expect((await fails('ls', 'two')).code).toBe('board/not-found');
  });

  it('touch makes empty files', async () => {
    await on('touch', 'a.bin', 'one/new');
    expect(await on('sha256sum', 'a.bin', 'one/new')).toBe(
      `${digest}  a.bin\n${createHash('sha256').digest('hex')}  one/new\n`,
    );
  });

  it('sha256sum -c checks what a list says, here or on the board', async () => {
    await writeFile(here.path('SUMS'), await on('sha256sum', 'a.bin', 'four/a.bin'));
    expect(await on('sha256sum', '-c', 'SUMS')).toBe('a.bin: OK\nfour/a.bin: OK\n');
    await writeFile(here.path('WRONG'), `${'0'.repeat(64)} *a.bin\nSHA256 (nope) = ${digest}\n`);
    await on('put', 'WRONG', ':');
    const ran = await here.run('-p', place, 'sha256sum', '-c', ':WRONG');
    expect([ran.exitCode, ran.stdout]).toEqual([1, 'a.bin: FAILED\nnope: FAILED open or read\n']);
    expect(ran.stderr).toContain('1 of 2 files differ from their SHA-256, 1 of 2 are not there');
    expect((await fails('sha256sum', '-c', 'here.py')).code).toBe('usage/arguments');
  });

  it.each([
    [['cp', 'nope', 'x'], 'board/not-found'],
    [['cp', 'one', 'x'], 'board/is-folder'],
    [['cp', 'a.bin', 'a.bin'], 'usage/arguments'],
    [['cp', 'a.bin', '/a.bin'], 'usage/arguments'],
    [['cp', 'a.bin', 'one/a.bin', 'nope/'], 'board/not-found'],
    [['cp', 'a.bin', 'one/a.bin', 'one/b.bin'], 'board/not-a-folder'],
    [['cp', '-r', 'one', 'one/in'], 'board/into-itself'],
    [['mv', 'one', 'one/in'], 'board/into-itself'],
    [['mv', 'one', 'a.bin'], 'board/not-a-folder'],
    [['mv', 'a.bin'], 'usage/arguments'],
    [['mv', ':a.bin', 'here.py'], 'usage/arguments'],
    [['mv', '/', 'one'], 'board/is-folder'],
    [['touch', 'no/x'], 'board/not-found'],
    [['sha256sum', 'one'], 'board/is-folder'],
  ])('%j: %s', async (args, code) => {
    expect((await fails(...args)).code).toBe(code);
  });
});

it('a name of this computer leads to the command that is meant', async () => {
  const { code, hint } = await here.failure('-p', 'sim:files?unpaced', 'cp', 'here.py', 'there.py');
  expect([code, hint]).toEqual(['usage/arguments', 'To copy it to the board: upyw put here.py there.py']);
});

it('coreutils read what sha256sum prints', async () => {
  await writeFile(here.path('LIST'), await here.ok('-p', 'sim:files?unpaced', 'sha256sum', 'a.bin'));
  const said = execFileSync('sha256sum', ['-c', 'LIST'], { cwd: here.folder, encoding: 'utf8' });
  expect(said).toBe('a.bin: OK\n');
  expect(await readFile(here.path('a.bin'))).toEqual(Buffer.from(content));
});

it('a board whose flash is too small is told so before anything is written', async () => {
  await writeFile(here.path('big'), new Uint8Array(1_200_000));
  await here.ok('-p', 'sim:full?unpaced', 'put', 'big');
  const { code } = await here.failure('-p', 'sim:full?unpaced', 'cp', 'big', 'second');
  expect(code).toBe('board/no-space');
  expect(await here.ok('-p', 'sim:full?unpaced', 'ls')).toBe('big\nboot.py\n');
});
