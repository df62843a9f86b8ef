import { execa } from 'execa';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Workplace } from '../support/virtual-board.js';
import { testWith } from '../support/systems.js';

let here: Workplace;
beforeAll(async () => {
  here = await Workplace.open({ served: true, inTest: true });
});
afterAll(() => here.close());
const kept = ['a.py', 'b.py', 'notes.txt'];

describe('patterns, unexpanded as a Windows shell or quotes leave them', () => {
  beforeEach(async () => {
    for (const name of kept) await writeFile(here.path(name), `# ${name}\n`);
    await here.ok('rm', '-r', '/');
  });

  test('put copies what fits', async () => {
    await here.ok('put', '?.py');
    expect(await here.ok('ls')).toBe('a.py\nb.py\n');
    const { code, message } = await here.failure('put', '*.js');
    expect({ code, message }).toEqual({ code: 'file/not-found', message: 'there is no file *.js here' });
  });

  test('get, cat, ls and rm take what fits on the board; a name that is there as it is written is that one', async () => {
    await here.ok('put', ...kept, ':');
    await here.ok('mkdir', 'lib');
    await here.ok('put', 'a.py', ':lib/d.py');
    expect(await here.ok('ls', ':*.py')).toBe('a.py\nb.py\n');
    expect(await here.ok('ls', ':*/*.py')).toBe('lib/d.py\n');
    expect(await here.ok('ls', '-R', 'l*')).toBe('lib/\nlib/d.py\n');
    expect(await here.ok('cat', '[ab].py')).toBe('# a.py\n# b.py\n');
    await mkdir(here.path('home'));
    await here.ok('get', ':*.py', 'home');
    expect((await readdir(here.path('home'))).sort()).toEqual(['a.py', 'b.py']);
    await rm(here.path('home'), { recursive: true });
    expect(await here.failure('get', ':*.py', 'home')).toMatchObject({ code: 'file/not-found' });
    await here.ok('put', 'notes.txt', ':[ab].py');
    expect(await here.ok('cat', '[ab].py')).toBe('# notes.txt\n');
    await here.ok('rm', '[ab].py');
    expect(JSON.parse(await here.ok('rm', '-n', ':*.py', '--json'))).toMatchObject({
      removed: ['a.py', 'b.py'],
    });
    await here.ok('rm', ':*.py');
    expect(await here.ok('ls')).toBe('lib/\nnotes.txt\n');
    expect(await here.failure('rm', ':*.py')).toMatchObject({ code: 'board/not-found' });
  });
});

test('get main.py out.py does the same when out.py is here; two files of the board have to be told apart', async () => {
  await here.ok('rm', '-r', '/');
  await writeFile(here.path('main.py'), 'print(1)\n');
  await here.ok('put', 'main.py');
  await here.ok('get', 'main.py', 'out.py');
  await here.ok('get', 'main.py', 'out.py');
  await here.ok('put', 'main.py', ':out.py');
  await rm(here.path('out.py'));
  const { code, message } = await here.failure('get', 'main.py', 'out.py');
  expect(code).toBe('usage/arguments');
  expect(message).toContain('"get :main.py :out.py" copies both');
});

test('a folder that is there already', async () => {
  await here.ok('mkdir', '-p', 'lib');
  const { code, message, hint } = await here.failure('mkdir', 'lib');
  expect({ code, message }).toEqual({ code: 'board/exists', message: 'lib is there already' });
  expect(hint).not.toContain('rm -r');
});

describe('what is no regular file is read to its end', () => {
  test('stdin', async () => {
    const { exitCode, stdout } = await here.start(['put', '-', ':from-pipe.py', '--json'], {
      input: 'print("π")\n',
    });
    expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({
      exitCode: 0,
      files: [{ local: '-', remote: 'from-pipe.py', sizeBytes: 12 }],
    });
    expect(await here.ok('cat', 'from-pipe.py')).toBe('print("π")\n');
    const nameless = await here.start(['put', '-', 'lib'], { input: 'x' });
    expect(nameless.exitCode).toBe(2);
    expect(nameless.stderr).toContain('upyw put - :name.py');
  });

  testWith('named pipes', 'a named pipe, as <(command) gives it', async () => {
    await execa('mkfifo', [here.path('pipe')]);
    const [, text] = await Promise.all([
      writeFile(here.path('pipe'), 'x = 1\n'),
      here.ok('put', '-r', 'pipe', ':piped.py').then(() => here.ok('cat', 'piped.py')),
    ]);
    expect(text).toBe('x = 1\n');
    await Promise.all([
      writeFile(here.path('pipe'), 'x = 1\n'),
      expect(here.failure('put', 'pipe')).resolves.toMatchObject({ code: 'usage/arguments' }),
    ]);
  });

  testWith('device files', 'one without an end is refused', async () => {
    const { code, message } = await here.failure('put', '/dev/zero', ':zero');
    expect(code).toBe('file/failed');
    expect(message).toContain('16 MiB');
  });
});
