import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runInWorld } from '../support/memory-world.js';
import { packageIndex, serveFiles } from '../support/package-index.js';
import { Workplace } from '../support/virtual-board.js';
import { type WebServer, startWebServer } from '../support/web-server.js';

/** Packages of a project: `packages:` in its configuration, and the lock file beside it. The tests follow one another. */

const files = packageIndex([
  { name: 'alpha', version: '1.0.0', files: { 'alpha.py': 'a = 1\n' }, deps: [['beta', 'latest']] },
  { name: 'beta', version: '2.0.0', files: { 'beta.py': 'b = 2\n' } },
  { name: 'gamma', version: '3.0.0', files: { 'gamma.py': 'c = 3\n' } },
]);

let here: Workplace;
let server: WebServer;
beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  server = await startWebServer(serveFiles(files));
  await write('# mine\npackages: # for all\n  - alpha\n\nntp:\n  host: pool.ntp.org\n');
  await writeFile(here.path('upyw.lock.json'), '{ "other": "of another command" }');
});
afterAll(async () => {
  await here.close();
  await server.close();
});

const write = (text: string) => writeFile(here.path('upyw.config.yaml'), text);
const lock = async () => JSON.parse(await readFile(here.path('upyw.lock.json'), 'utf8')) as Lock;
interface Lock {
  other?: string;
  packages: { form: string; list: { name: string; spec: string; asked: boolean }[] };
}

async function run(board: string, ...args: string[]) {
  const more = { UPYW_MIP_INDEX: `${server.url.href}pi/v2`, UPYW_CACHE_DIR: here.path('cache') };
  const world = { ...here.world, env: { ...here.world.env, ...more } };
  return runInWorld(['-y', '-p', `sim:${board}?unpaced&wifi=workshop`, ...args], world);
}

async function fails(board: string, ...args: string[]) {
  const { stdout } = await run(board, '--json', ...args);
  return (JSON.parse(stdout) as { error: { code: string; message: string } }).error;
}

it('mip install without names installs them, and locks each file', async () => {
  const { exitCode, stderr } = await run('one', 'mip', 'install');
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('wrote upyw.lock.json')]);
  const { other, packages } = await lock();
  expect([other, packages.form]).toEqual(['of another command', '6']);
  expect(packages.list.map(({ name, asked }) => [name, asked])).toEqual([
    ['alpha', true],
    ['beta', false],
  ]);
});

it('the lock decides: another content under the same name is refused', async () => {
  const path =
    [...files.keys()].find((each) => Buffer.from(files.get(each) ?? '').toString() === 'b = 2\n') ?? '';
  const whole = files.get(path) ?? new Uint8Array();
  const text = await readFile(here.path('upyw.lock.json'), 'utf8');
  const other = text.replace(/("path": "beta\.py",\s+"sha256": ")[0-9a-f]{8}/, '$100000000');
  expect(other).not.toBe(text);
  await writeFile(here.path('upyw.lock.json'), other);
  expect(await fails('two', 'mip', 'install')).toMatchObject({ code: 'net/wrong-content' });
  await writeFile(here.path('upyw.lock.json'), text);
  expect(whole.length).toBeGreaterThan(0);
  expect((await run('two', 'ls')).stdout).toBe('boot.py\n');
});

it('provision installs them; the network is not needed any more', async () => {
  const before = server.requests.length;
  const { exitCode, stderr } = await run('two', 'provision', '--no-wifi');
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('installed alpha 1.0.0 in :/lib: 1 file')]);
  expect((await run('two', 'ls', 'lib')).stdout).toBe('.upyw-packages.json\nalpha.py\nbeta.py\n');
  expect(server.requests.length).toBe(before);
});

it('flash --provision writes them with the firmware', async () => {
  const { exitCode, stderr } = await run('three', 'flash', '--provision', '--ssid', 'workshop');
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
  expect((await run('three', 'mip', 'list')).stdout).toMatch(/^alpha +1\.0\.0 .*\nbeta +2\.0\.0 +needed/);
});

it('--save adds to the list and leaves the rest of the file as it is', async () => {
  const { exitCode, stderr } = await run('one', 'mip', 'install', 'gamma', '--save');
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('wrote gamma into')]);
  expect(await readFile(here.path('upyw.config.yaml'), 'utf8')).toBe(
    '# mine\npackages: # for all\n  - alpha\n  - gamma\n\nntp:\n  host: pool.ntp.org\n',
  );
  expect((await lock()).packages.list.map(({ spec }) => spec)).toEqual(['alpha', 'beta', 'gamma']);
});

it('a lock that does not fit is told, and mip install makes it fit', async () => {
  await write('packages: [alpha]\n');
  const error = await fails('four', 'provision', '--no-wifi');
  expect(error).toMatchObject({
    code: 'mip/lock-differs',
    message: expect.stringContaining('it has gamma besides') as string,
  });
  expect((await run('four', 'ls')).stdout).toBe('boot.py\n');
  await run('four', 'mip', 'install');
  expect((await run('four', 'provision', '--no-wifi')).exitCode).toBe(0);
});

it('a lock of other bytecode than the board loads, and one that is broken', async () => {
  await run('four', 'exec', 'import sys\nclass S:\n _mpy = 5\n');
  const text = await readFile(here.path('upyw.lock.json'), 'utf8');
  await writeFile(here.path('upyw.lock.json'), text.replace('"alpha.py"', '"../alpha.py"'));
  expect((await fails('four', 'mip', 'install')).code).toBe('mip/bad-path');
  for (const [key, value] of [
    ['from', 'http://'],
    ['url', 'http://'],
    ['hash', '../../../x'],
    ['version', '../x'],
  ] as const) {
    const broken = text.replace(
      new RegExp(`"(${key === 'url' ? 'hash' : key})": "[^"]*"`),
      `"${key}": "${value}"`,
    );
    expect(broken).not.toBe(text);
    await writeFile(here.path('upyw.lock.json'), broken);
    expect((await fails('four', 'mip', 'install')).code).toBe('mip/lock-unreadable');
  }
  await writeFile(here.path('upyw.lock.json'), '{');
  expect((await fails('four', 'mip', 'install')).code).toBe('mip/lock-unreadable');
  expect((await fails('four', 'provision', '--no-wifi')).code).toBe('mip/lock-unreadable');
});
