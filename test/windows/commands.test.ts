import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnWindows } from '../support/peers.js';
import type { TerminalSession } from '../support/terminal.js';
import { WindowsComputer } from '../support/windows-computer.js';

const everyByte = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
const board = ['-p', 'sim:desk'];

describeOnWindows('files and programs, on Windows and a virtual board that another process keeps on', () => {
  let here: WindowsComputer;
  let server: TerminalSession;
  let url: string;
  beforeAll(async () => {
    here = await WindowsComputer.open();
    server = here.console(['sim', 'serve', '-p', 'sim:desk?unpaced', '--listen', '127.0.0.1:0']);
    const shown = await server.see(/rfc2217:\/\/127\.0\.0\.1:\d+/);
    url = /rfc2217:\S+/.exec(shown)?.[0] ?? '';
    await mkdir(here.path('src/dílna/prázdná'), { recursive: true });
    const files: Record<string, string | Uint8Array> = {
      'package.json': '{}',
      'main.py': 'print("hello")\r\n',
      'src/every byte.bin': everyByte,
      'src/crlf.txt': 'one\r\ntwo\r\n',
      'src/dílna/čaj 🍵.py': '# ěščřžýáíé',
      'args.py': 'import sys\nprint(*sys.argv[1:], input())\n',
    };
    for (const [name, content] of Object.entries(files)) await writeFile(here.path(name), content);
  });
  afterAll(() => here.close());

  it('put, tree, ls, cat, get: byte for byte, names in any language', async () => {
    const put = await here.run([...board, 'put', '-r', 'src']);
    expect(put).toMatchObject({ exitCode: 0 });
    expect(put.stdout + put.stderr, 'no colour and no moving line in a redirect').not.toContain('\u001b');
    expect(await here.ok(...board, 'tree')).toContain('└── čaj 🍵.py');
    expect(await here.ok(...board, 'ls', ':src')).toBe('crlf.txt\ndílna/\nevery byte.bin\n');
    expect(await here.ok(...board, 'cat', ':src/dílna/čaj 🍵.py')).toBe('# ěščřžýáíé');
    await here.ok(...board, 'get', '-r', ':src', 'back');
    for (const name of ['every byte.bin', 'crlf.txt', 'dílna/čaj 🍵.py']) {
      expect(await readFile(here.path('back', name)), name).toEqual(await readFile(here.path('src', name)));
    }
    expect(await readdir(here.path('back/dílna'))).toContain('prázdná');
  });

  it('mkdir, df, rm, rmdir', async () => {
    await here.ok(...board, 'mkdir', ':tools');
    await here.ok(...board, 'put', 'main.py', ':tools');
    expect(await here.ok(...board, 'df')).toMatch(/\d %\n/);
    await here.ok(...board, 'rm', ':tools/*.py');
    await here.ok(...board, 'rmdir', 'tools');
    expect(await here.failure(...board, 'ls', ':tools')).toMatchObject({ code: 'board/not-found' });
  });

  it('exec, eval, run, with what comes on stdin and the code that the end has', async () => {
    expect(await here.ok(...board, 'exec', 'print("ž")')).toBe('ž\n');
    expect(await here.ok(...board, 'eval', '6 * 7')).toBe('42\n');
    expect(await here.run([...board, 'run', 'args.py', 'a b', 'č'], { input: 'typed\r\n' })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('a b č typed') as string,
    });
    expect(await here.run([...board, 'exec', '1/0'])).toMatchObject({ exitCode: 4 });
    expect(await here.run([...board, 'run', '-'], { input: 'print(6 * 7)\r\n' })).toMatchObject({
      stdout: '42\n',
    });
  });

  it('sync, and what it removes', async () => {
    await here.ok(...board, 'sync', 'src', ':copy');
    await here.ok(...board, 'exec', "open('/copy/extra', 'w').close()");
    const again = JSON.parse(await here.ok(...board, 'sync', 'src', ':copy', '--delete', '--json')) as {
      files: unknown[];
      removed: string[];
    };
    expect(again.files).toEqual([]);
    expect(again.removed).toEqual(['copy/extra']);
  });

  it('reset, list, config, init, help', async () => {
    await here.ok(...board, 'reset');
    expect(await here.run(['list'])).toMatchObject({ exitCode: 0 });
    await mkdir(here.path('project'));
    expect(await here.run(['init'], { cwd: here.path('project') })).toMatchObject({ exitCode: 0 });
    expect(await readdir(here.path('project'))).toEqual(
      expect.arrayContaining(['main.py', 'upyw.config.yaml', 'upyw.secrets.yaml']),
    );
    const config = await here.run(['config'], { cwd: here.path('project') });
    expect(config.stdout).toContain(here.windowsPath('project', 'upyw.config.yaml'));
    expect(await here.ok('put', '--help')).toContain('upyw put');
  });

  it('image create, info, diff, and a port on one, by its path there', async () => {
    const image = here.windowsPath('files.img');
    await here.ok('image', 'create', 'src', image, '--size', '64k');
    expect(await here.ok('image', 'info', image)).toContain('littlefs');
    expect(await here.ok('-p', `image:${image}`, 'cat', ':dílna/čaj 🍵.py')).toBe('# ěščřžýáíé');
    await here.ok('-p', 'image:files.img', 'put', 'main.py');
    const found = await here.run(['image', 'diff', 'files.img', 'src']);
    expect(found.stdout).toMatch(/^only in files\.img +main\.py$/m);
  });

  it('sim: others reach it too, its pins are worked, and Ctrl-C switches it off', async () => {
    await here.ok(...board, 'exec', 'x = 41');
    expect(await here.ok('-p', url, 'eval', 'x + 1'), 'its RAM lives on').toBe('42\n');
    expect(await here.ok('sim', 'list')).toMatch(/^sim:desk +on: upyw sim serve/m);
    await here.ok('sim', 'pin', ...board, '12', 'high');
    await here.ok('sim', 'adc', ...board, '34', '1000');
    expect(await here.ok(...board, 'eval', "__import__('machine').Pin(12).value()")).toBe('1\n');
    expect(
      await here.failure('sim', 'serve', '-p', 'sim:x', '--listen', '127.0.0.1:0', '--pty'),
    ).toMatchObject({ code: 'sim/no-pty' });
    server.write('\u0003');
    expect(await server.ended).toBe(0);
    expect(await here.ok('sim', 'list')).toMatch(/^sim:desk +off$/m);
    await here.ok('sim', 'reset', 'desk');
  });
});
