import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { runInWorld } from '../support/memory-world.js';
import { type ServedFiles, packageIndex, serveFiles } from '../support/package-index.js';
import { Workplace } from '../support/virtual-board.js';
import { type WebServer, startWebServer } from '../support/web-server.js';

/** Packages and an index that mean harm, or make no sense: nothing is changed, here or on the board. */

let here: Workplace;
let server: WebServer;
let files: ServedFiles;
beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  files = packageIndex([{ name: 'root', version: '0.2.0', files: { 'root.py': 'deep = True\n' } }]);
  server = await startWebServer(serveFiles(files));
});
afterEach(() => {
  server.answer = serveFiles(files);
});
afterAll(async () => {
  await here.close();
  await server.close();
});

async function run(args: readonly string[], more: object = {}) {
  const settings = { UPYW_MIP_INDEX: `${server.url.href}pi/v2`, UPYW_CACHE_DIR: here.path('cache'), ...more };
  const world = { ...here.world, env: { ...here.world.env, ...settings } };
  return runInWorld(['-y', '-p', 'sim:hostile?unpaced', ...args], world);
}

async function ok(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args);
  expect(exitCode === 0 ? '' : stderr).toBe('');
  return stdout;
}

async function fails(args: readonly string[], more: object = {}) {
  const { stdout } = await run(['--json', ...args], more);
  return (JSON.parse(stdout) as { error: { code: string; message: string } }).error;
}

const evil = (content: unknown) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  for (const name of ['x.py', 'y.py', 'f/..%2fboot.py', 'f/../boot.py', 'f/a/b.py'])
    files.set(`evil/${name}`, new TextEncoder().encode('evil = 1\n'));
  files.set(
    'evil/package.json',
    new TextEncoder().encode(text.replaceAll('HOST/', `${server.url.href}evil/`)),
  );
  return `${server.url.href}evil/package.json`;
};
it.each([
  [{ urls: [['../boot.py', 'x.py']] }, 'mip/bad-path'],
  [{ urls: [['/boot.py', 'x.py']] }, 'mip/bad-path'],
  [{ urls: [['a\\..\\b.py', 'x.py']] }, 'mip/bad-path'],
  [{ urls: [['.upyw-packages.json', 'x.py']] }, 'mip/bad-path'],
  [{ urls: [['.upyw-new/a.py', 'x.py']] }, 'mip/bad-path'],
  [{ hashes: [['x.py', '../../etc']] }, 'mip/bad-package'],
  [{ deps: [['HOST/f/..%2fboot.py', 'latest']] }, 'mip/bad-path'],
  [{ deps: [['HOST/f/a%2fb.py', 'latest']] }, 'mip/bad-path'],
  [{ deps: [['HOST/f/%E0%A4%A.py', 'latest']] }, 'mip/bad-spec'],
  [{ deps: [['http://[', 'latest']] }, 'mip/bad-spec'],
  [{ urls: [['a.py', 'http://[']] }, 'mip/bad-package'],
  [
    {
      urls: [
        ['a', 'HOST/x.py'],
        ['a/b.py', 'HOST/x.py'],
      ],
    },
    'mip/bad-package',
  ],
  [
    {
      urls: [
        ['a.py', 'HOST/x.py'],
        ['a.py', 'HOST/y.py'],
      ],
    },
    'mip/bad-package',
  ],
  [{ urls: [['root.py/a.py', 'HOST/x.py']], deps: [['root', 'latest']] }, 'mip/bad-path'],
  [{ urls: [[`${'ä'.repeat(128)}.py`, 'HOST/x.py']] }, 'mip/bad-path'],
  [{ version: '../../escaped/pwn', urls: [['a.py', 'HOST/x.py']] }, 'mip/bad-package'],
  [{ version: '1\u001b[31m\nFAKE ok', urls: [['a.py', 'HOST/x.py']] }, 'mip/bad-package'],
  [{ deps: [['../b', 'latest']] }, 'mip/bad-package'],
  [{ deps: [['root', '../../x']] }, 'mip/bad-package'],
  [{ urls: 7 }, 'mip/bad-package'],
  [[], 'mip/bad-package'],
  ['{"urls": [', 'mip/bad-package'],
  [{}, 'mip/bad-package'],
  [{ urls: [['x.py', 'nothing-there.py']] }, 'net/not-found'],
  ['<html><title>Log in</title></html>', 'net/web-page'],
])('%j: %s, and nothing is changed', async (content, code) => {
  const error = await fails(['mip', 'install', evil(content)], {
    UPYW_CACHE_DIR: here.path(`cache-${code}${Math.random()}`),
  });
  expect(error.code).toBe(code);
  expect(await ok('ls')).toBe('boot.py\n');
});

it('what is compiled here has one place of its own', async () => {
  const both = evil({
    urls: [
      ['a.py', 'HOST/x.py'],
      ['a.mpy/b.py', 'HOST/x.py'],
    ],
  });
  expect((await fails(['mip', 'install', '--mpy', both])).code).toBe('mip/bad-path');
  expect(await ok('ls')).toBe('boot.py\n');
});

it('a chain without an end is given up', async () => {
  server.answer = (request, response) => {
    const next = Number(/\d+/.exec(request.url ?? '')?.[0]) + 1;
    response.end(JSON.stringify({ deps: [[`${server.url.href}chain/${next}`, 'latest']] }));
  };
  const before = server.requests.length;
  const error = await fails(['mip', 'install', `${server.url.href}chain/0`]);
  expect(error).toMatchObject({
    code: 'mip/bad-package',
    message: expect.stringContaining('200') as string,
  });
  expect(server.requests.length - before).toBeLessThan(210);
});

it.each([
  ['../escaped/secret.txt', 'mip/bad-package'],
  ['link/secret.txt', 'mip/bad-package'],
  ['gone.txt', 'file/not-found'],
])('a folder gives nothing from outside of it: %s', async (source, code) => {
  await mkdir(here.path('escaped'), { recursive: true });
  await mkdir(here.path('greedy'), { recursive: true });
  await writeFile(here.path('escaped/secret.txt'), 'secret');
  await rm(here.path('greedy/link'), { force: true });
  await symlink(here.path('escaped'), here.path('greedy/link'), 'junction');
  await writeFile(here.path('greedy/package.json'), JSON.stringify({ urls: [['p.txt', source]] }));
  expect((await fails(['mip', 'install', './greedy'])).code).toBe(code);
  expect(await ok('ls')).toBe('boot.py\n');
});

it.each([
  [{ version: '../../../../../escaped/pwn', hashes: [] }, 'mip/bad-package'],
  [{ version: '1', deps: [['HOSTa/../../../../../escaped', 'latest']] }, 'mip/bad-spec'],
])('a mirror writes into its folder alone: %j', async (content, code) => {
  const text = JSON.stringify(content).replace('HOST', server.url.href);
  server.answer = (_, response) => response.end(text);
  const more = { UPYW_CACHE_DIR: here.path(`cache-mirror-${code.length}`) };
  const error = await fails(['mip', 'mirror', 'evil', 'mir/a/b'], more);
  expect(error.code).toBe(code);
  expect(await readdir(here.path('.'))).not.toContain('mir');
});
