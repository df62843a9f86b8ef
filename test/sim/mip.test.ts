import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../../src/json.js';
import { type PackageSource, type ServedFiles, packageIndex, serveFiles } from '../support/package-index.js';
import { Workplace } from '../support/virtual-board.js';
import { type WebServer, startWebServer } from '../support/web-server.js';

/** Packages for a board and for an image, from an index on this computer alone. */

const sources: readonly PackageSource[] = [
  {
    name: 'tree',
    version: '1.1.0',
    description: 'branches and leaves',
    files: {
      'tree/__init__.py': 'from .leaf import leaf\n',
      'tree/leaf.py': 'def leaf():\n    return "leaf"\n',
    },
    deps: [['root', 'latest']],
    older: [
      {
        name: 'tree',
        version: '1.0.0',
        files: { 'tree/__init__.py': 'old = 1\n', 'tree/bark.py': 'x = 1\n' },
      },
    ],
  },
  { name: 'root', version: '0.2.0', files: { 'root.py': 'deep = True\n' } },
  { name: 'circle-a', version: '1.0.0', files: { 'a.py': 'a = 1\n' }, deps: [['circle-b', 'latest']] },
  { name: 'circle-b', version: '1.0.0', files: { 'b.py': 'b = 1\n' }, deps: [['circle-a', 'latest']] },
  { name: 'requests', version: '0.10.0', files: { 'requests/__init__.py': 'def get(u): pass\n' } },
  {
    name: 'big',
    version: '1.0.0',
    files: { 'big/a.bin': new Uint8Array(900_000), 'big/b.bin': new Uint8Array(1_400_000).fill(1) },
  },
];

let here: Workplace;
let server: WebServer;
let files: ServedFiles;
let board = 0;

beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  files = packageIndex(sources);
  server = await startWebServer(serveFiles(files));
  await mkdir(here.path('src'));
  await here.ok('image', 'create', 'src', 'empty.bin', '--size', '512k');
});
afterEach(() => {
  server.answer = serveFiles(files);
  board += 1;
});
afterAll(async () => {
  await here.close();
  await server.close();
});

const index = () => `${server.url.href}pi/v2`;
const env = (more: object = {}) => ({
  ...here.world,
  env: { ...here.world.env, UPYW_MIP_INDEX: index(), UPYW_CACHE_DIR: here.path('cache'), ...more },
});

async function run(args: readonly string[], more: object = {}) {
  const { runInWorld } = await import('../support/memory-world.js');
  return runInWorld(['-y', '-p', `sim:mip${board}?unpaced`, ...args], env(more));
}

async function ok(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args);
  expect(exitCode === 0 ? '' : stderr).toBe('');
  return stdout;
}

async function fails(args: readonly string[], more: object = {}) {
  const { stdout } = await run(['--json', ...args], more);
  return (JSON.parse(stdout) as { error: { code: string; message: string; hint: string } }).error;
}

describe('mip install', () => {
  it('brings a package with what it needs, tells of it, and takes it away again', async () => {
    const put = shapes['mip install'].parse(JSON.parse(await ok('--json', 'mip', 'install', 'tree')));
    expect(put.packages.map(({ name, version, asked }) => [name, version, asked])).toEqual([
      ['tree', '1.1.0', true],
      ['root', '0.2.0', false],
    ]);
    expect(await ok('exec', 'import tree, root\nprint(tree.leaf(), root.deep)')).toBe('leaf True\n');
    expect(await ok('ls', '-R', 'lib')).toBe(
      'lib/.upyw-packages.json\nlib/root.py\nlib/tree/\nlib/tree/__init__.py\nlib/tree/leaf.py\n',
    );
    expect(await ok('mip', 'list')).toMatch(
      /^root +0\.2\.0 +needed +as installed .*\ntree +1\.1\.0 +as installed/,
    );
    expect((await run(['mip', 'install', 'tree'])).stderr).toContain('tree 1.1.0 is there already');
    await ok(
      'exec',
      'f = open("/lib/root.py", "w")\nf.write("mine = 1")\nf.close()\nimport os\nos.remove("/lib/tree/leaf.py")',
    );
    expect(await ok('mip', 'list')).toMatch(/root\.py changed.*\n.*tree\/leaf\.py is gone/);
    expect((await fails(['mip', 'remove', 'root'])).code).toBe('mip/needed');
    expect((await fails(['mip', 'remove', 'tre'])).hint).toBe('Did you mean tree?');
    const removed = await run(['mip', 'remove', 'tree']);
    expect(removed.stderr).toContain('root.py on the board was changed after it was installed');
    expect(await ok('ls', '-R', 'lib')).toBe('lib/.upyw-packages.json\n');
  });

  it('updates, and takes away what the new one has no more', async () => {
    await ok('mip', 'install', 'tree@1.0.0');
    expect(await ok('ls', 'lib/tree')).toBe('__init__.py\nbark.py\n');
    expect((await run(['mip', 'update'])).stderr).toContain('everything is as new as it gets');
    await ok('mip', 'install', 'tree');
    expect(await ok('ls', 'lib/tree')).toBe('__init__.py\nleaf.py\n');
  });

  it('works on an image, and a dry run changes nothing', async () => {
    const on = ['-p', 'image:empty.bin'];
    const before = await readFile(here.path('empty.bin'));
    const { runInWorld } = await import('../support/memory-world.js');
    const dry = await runInWorld([...on, '-n', 'mip', 'install', 'tree'], env());
    expect([dry.exitCode, dry.stderr]).toEqual([
      0,
      expect.stringContaining('would install tree 1.1.0 in :/lib: 2 files'),
    ]);
    expect(await readFile(here.path('empty.bin'))).toEqual(before);
    await runInWorld([...on, 'mip', 'install', 'tree'], env());
    expect((await runInWorld([...on, 'ls', 'lib'], env())).stdout).toBe(
      '.upyw-packages.json\nroot.py\ntree/\n',
    );
    expect((await runInWorld([...on, 'mip', 'list'], env())).stdout).toContain('as installed');
  });

  it('takes files and folders of this computer, and compiles on the way', async () => {
    await mkdir(here.path('mine/inner'), { recursive: true });
    await writeFile(here.path('mine/inner/x.py'), 'def x():\n    raise ValueError(7)\n');
    await writeFile(
      here.path('mine/package.json'),
      JSON.stringify({ version: '3', urls: [['inner/x.py', 'inner/x.py']] }),
    );
    await ok('mip', 'install', '--mpy', './mine', './mine/inner/x.py', '--target', '/other');
    expect(await ok('ls', '-R', 'other')).toBe(
      'other/.upyw-packages.json\nother/inner/\nother/inner/x.mpy\nother/x.mpy\n',
    );
  });

  it('goes on without a network, and from a mirror', async () => {
    await ok('mip', 'install', 'tree');
    await ok('mip', 'mirror', 'tree', 'usb');
    server.answer = (request) => request.socket.destroy();
    board += 1;
    expect((await run(['mip', 'install', 'tree'])).exitCode).toBe(0);
    const offline = { UPYW_CACHE_DIR: here.path('cache2'), UPYW_MIP_INDEX: 'http://127.0.0.1:1' };
    expect((await fails(['mip', 'install', 'tree'], offline)).code).toBe('mip/offline');
    board += 1;
    expect((await run(['mip', 'install', 'tree'], { ...offline, UPYW_MIP_INDEX: 'usb' })).stderr).toContain(
      'installed tree 1.1.0',
    );
    expect(await ok('exec', 'import tree\nprint(tree.leaf())')).toBe('leaf\n');
  });
});

describe('bad input and bad luck', () => {
  it('a circle ends', async () => {
    await ok('mip', 'install', 'circle-a');
    expect(await ok('ls', 'lib')).toBe('.upyw-packages.json\na.py\nb.py\n');
    expect((await fails(['mip', 'remove', 'circle-b'])).code).toBe('mip/needed');
  });

  it.each([
    [['treee'], 'mip/not-found', 'Did you mean tree?'],
    [['tree@9'], 'mip/not-found', 'It has 1.0.0, 1.1.0'],
    [['upip'], 'mip/built-in', 'Nothing is to be installed: import mip'],
    [['micropython-uasyncio'], 'mip/built-in', 'Nothing is to be installed: import asyncio'],
    [['ujson'], 'mip/built-in', 'Nothing is to be installed: import json'],
    [['a b'], 'mip/bad-spec', 'Name a package'],
    [['github:me'], 'mip/bad-spec', 'Name a package'],
    [['./nowhere'], 'file/not-found', 'Check the name'],
  ])('%j: %s', async (names, code, hint) => {
    const error = await fails(['mip', 'install', ...names]);
    expect([error.code, error.hint]).toEqual([code, expect.stringContaining(hint)]);
  });

  it('old names are understood', async () => {
    expect((await run(['mip', 'install', 'micropython-urequests'])).stderr).toContain('requests 0.10.0');
  });

  it('a file that is not what its hash says is refused', async () => {
    const [path] = [...files.keys()].filter((each) => each.includes('/file/'));
    const whole = files.get(path ?? '');
    for (const each of files.keys())
      if (each.includes('/file/')) files.set(each, new TextEncoder().encode('other'));
    const error = await fails(['mip', 'install', 'tree'], { UPYW_CACHE_DIR: here.path('cache3') });
    expect([error.code, whole === undefined]).toEqual(['net/wrong-content', false]);
    files = packageIndex(sources);
    expect(await ok('ls')).toBe('boot.py\n');
  });

  it('a board that would fill up is told before anything is written', async () => {
    const error = await fails(['mip', 'install', 'big']);
    expect(error.code).toBe('board/no-space');
    expect(await ok('ls', '-R')).not.toContain('big');
  });

  it('a state that makes no sense is told', async () => {
    await ok('mip', 'install', 'root');
    await ok('exec', 'f = open("/lib/.upyw-packages.json", "w")\nf.write("{}")\nf.close()');
    expect((await fails(['mip', 'list'])).code).toBe('mip/state-unreadable');
  });
});

describe('search and show', () => {
  it('find by name and description', async () => {
    expect(await ok('mip', 'search', 'leaves')).toBe('tree  1.1.0  branches and leaves\n');
    expect(await ok('mip', 'show', 'tree')).toMatch(
      /name +tree\nversion +1\.1\.0\nabout +branches.*[^]*needs +root\n/,
    );
    expect(shapes['mip search'].safeParse(JSON.parse(await ok('--json', 'mip', 'search'))).success).toBe(
      true,
    );
    expect(shapes['mip show'].safeParse(JSON.parse(await ok('--json', 'mip', 'show', 'tree'))).success).toBe(
      true,
    );
    expect(shapes['mip list'].safeParse(JSON.parse(await ok('--json', 'mip', 'list'))).success).toBe(true);
  });
});
