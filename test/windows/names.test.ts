import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnWindows } from '../support/peers.js';
import { WindowsComputer } from '../support/windows-computer.js';

const board = ['-p', 'sim:desk'];
const long = 'n'.repeat(100);

describeOnWindows('names and paths, on Windows', () => {
  let here: WindowsComputer;
  beforeAll(async () => {
    here = await WindowsComputer.open();
    const server = here.console(['sim', 'serve', '-p', 'sim:desk?unpaced', '--listen', '127.0.0.1:0']);
    await server.see('rfc2217://');
    await writeFile(here.path('a.py'), 'print(1)\n');
    await writeFile(here.path('b.py'), 'print(2)\n');
    await mkdir(here.path('share/deep'), { recursive: true });
    await writeFile(here.path('share/deep/c.py'), 'print(3)\n');
  });
  afterAll(() => here.close());

  it('everything of a board arrives, and what has another name is told', async () => {
    const names = [
      'CON',
      'nul',
      'aux.txt',
      'a:b',
      'dot.',
      'space ',
      'Main.py',
      'main.py',
      'q?',
      'back\\slash',
    ];
    const program = `
import os
os.mkdir('/odd')
for name in ${JSON.stringify(names)}:
    with open('/odd/' + name, 'w') as file: file.write(name)
`;
    await writeFile(here.path('odd.py'), program);
    await here.ok(...board, 'run', 'odd.py');
    const { exitCode, stderr } = await here.run([...board, 'get', '-r', ':odd', 'odd']);
    expect(exitCode).toBe(0);
    const found = await readdir(here.path('odd'));
    const contents = await Promise.all(found.map((name) => readFile(here.path('odd', name), 'utf8')));
    expect(contents.sort()).toEqual([...names].sort());
    expect(found.sort()).toEqual(
      [
        '%43ON',
        '%6Eul',
        '%61ux.txt',
        'a%3Ab',
        'dot%2E',
        'space%20',
        'Main.py',
        '%6Dain.py',
        'q%3F',
        'back%5Cslash',
      ].sort(),
    );
    expect(stderr.match(/^! :odd\/.* is called .* here/gm)).toHaveLength(9);
    expect(stderr).toContain(':odd/CON is called %43ON here');
  });

  it('what the user would name so is refused', async () => {
    for (const name of ['NUL', 'con.txt', 'ab:c']) {
      const error = await here.failure(...board, 'get', ':odd/Main.py', name);
      expect(error, name).toMatchObject({
        code: 'file/failed',
        message: expect.stringContaining('Windows') as string,
      });
    }
  });

  it('paths of more than 260 characters go there and back', async () => {
    await mkdir(here.path('far', long, long, long), { recursive: true });
    await writeFile(here.path('far', long, long, long, 'x.py'), 'far away\n');
    await here.ok(...board, 'put', '-r', 'far');
    await here.ok(...board, 'get', '-r', ':far', 'near');
    expect(await readFile(here.path('near', long, long, long, 'x.py'), 'utf8')).toBe('far away\n');
  });

  it('backslashes on both sides, patterns, drives, current folders of drives', async () => {
    await here.ok(...board, 'mkdir', '-p', String.raw`:lib\sub`);
    await here.ok(...board, 'put', String.raw`share\deep\c.py`, String.raw`:lib\x.py`);
    await here.ok(...board, 'put', here.windowsPath('a.py'), 'Z:b.py', String.raw`:lib\sub`);
    await here.ok(...board, 'put', '*.py', ':lib');
    expect(await here.ok(...board, 'ls', String.raw`lib\sub`)).toBe('a.py\nb.py\n');
    expect(await here.ok(...board, 'cat', String.raw`lib\x.py`)).toBe('print(3)\n');
    expect(await here.ok(...board, 'ls', String.raw`:lib\*.py`)).toContain('odd.py');
    await here.ok(...board, 'get', ':lib/x.py', String.raw`share\deep\\`);
    expect(await readFile(here.path('share/deep/x.py'), 'utf8')).toBe('print(3)\n');
  });

  it('what is not there on a share, a drive or in Git Bash’s place is told', async () => {
    const lost = await here.failure(...board, 'put', String.raw`\\server\share\x.py`);
    expect(lost).toMatchObject({ code: 'file/not-found', exitCode: 1 });
    expect(await here.failure(...board, 'put', String.raw`Q:\x.py`)).toMatchObject({
      code: 'file/not-found',
    });
    for (const rewritten of [String.raw`;C:\Program Files\Git\lib`, 'C:/Program Files/Git/lib']) {
      expect(await here.failure(...board, 'ls', rewritten)).toMatchObject({
        code: 'usage/arguments',
        message: expect.stringContaining('as in :lib') as string,
      });
    }
  });
});
