import { writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedFiles, packageIndex, serveFiles } from '../support/package-index.js';
import { packageShapes, repositories, shapePackages } from '../support/package-shapes.js';
import { describeWithPeers } from '../support/peers.js';
import { ServedBoard } from '../support/served-board.js';
import { type StandInWeb, standInWeb } from '../support/stand-in-web.js';
import { startUpyw } from '../support/upyw.js';

/** mpremote's own `mip` and ours, from the same servers to the same board: the same files, byte for byte. */
describeWithPeers('mip as mpremote has it', ['mpremote', 'openssl'], () => {
  let board: ServedBoard;
  let web: StandInWeb;
  let ours: Trees;
  let theirs: Trees;
  type Trees = ReadonlyMap<number, Record<string, string>>;

  beforeAll(async () => {
    board = await ServedBoard.start('sim:mip?unpaced');
    const files: ServedFiles = packageIndex(shapePackages);
    for (const [path, bytes] of repositories) files.set(path, bytes);
    web = await standInWeb(board.folder, serveFiles(files));
    await writeFile(
      board.path('package.json'),
      '{"urls": [["here/a.py", "a.py"]], "deps": [["plain", "latest"]]}',
    );
    await writeFile(board.path('a.py'), 'here = True\n');
    for (const [index, { specs, form }] of packageShapes.entries()) {
      const flags = ['--index', web.index, ...(form === 'py' ? ['--no-mpy'] : [])];
      const named = specs.map((spec) => spec.replace('HOST', web.host));
      await mpremote('mip', ...flags, '--target', `/m${index}`, 'install', ...named);
      await upyw('mip', 'install', ...flags, '--target', `/u${index}`, ...named);
    }
    const all = await allFiles();
    theirs = treesOf(all, 'm');
    ours = treesOf(all, 'u');
  }, 600_000);
  afterAll(async () => {
    await board.stop();
    await web.close();
  });

  async function mpremote(...args: string[]): Promise<void> {
    const options = { cwd: board.folder, reject: false, timeout: 60_000, env: web.env } as const;
    const { exitCode, stdout, stderr } = await execa('mpremote', ['connect', board.url, ...args], options);
    expect([args, exitCode, exitCode === 0 ? '' : stdout + stderr]).toEqual([args, 0, '']);
  }

  async function upyw(...args: string[]): Promise<string> {
    const env = { ...web.env, UPYW_CACHE_DIR: board.path('cache') };
    const { exitCode, stdout, stderr } = await startUpyw(board.folder, ['-y', '-p', board.url, ...args], {
      env,
    });
    expect([args, exitCode, exitCode === 0 ? '' : stderr]).toEqual([args, 0, '']);
    return stdout;
  }

  /** Of every file below a folder for libraries its SHA-256. */
  async function allFiles(): Promise<Map<string, string>> {
    const { entries } = JSON.parse(await upyw('ls', '-R', '--json')) as {
      entries: { path: string; type: string }[];
    };
    const paths = entries
      .filter(
        ({ path, type }) => type === 'file' && path.includes('/') && !path.endsWith('/.upyw-packages.json'),
      )
      .map(({ path }) => path);
    const said = JSON.parse(await upyw('sha256sum', '--json', ...paths.map((path) => `:${path}`))) as {
      files: { path: string; sha256: string }[];
    };
    return new Map(said.files.map(({ path, sha256 }) => [path, sha256]));
  }

  function treesOf(all: ReadonlyMap<string, string>, letter: string): Trees {
    const trees = new Map<number, Record<string, string>>();
    for (const [path, sha256] of all) {
      const [, index, rest] = new RegExp(`^${letter}(\\d+)/(.*)$`).exec(path) ?? [];
      if (rest !== undefined) trees.set(Number(index), { ...trees.get(Number(index)), [rest]: sha256 });
    }
    return trees;
  }

  it.each(packageShapes.map(({ what }, index) => [what, index] as const))('%s', (_, index) => {
    expect(theirs.get(index)).toBeDefined();
    expect(ours.get(index)).toEqual(theirs.get(index));
  });

  it('are thirty at least', () => {
    expect(packageShapes.length).toBeGreaterThanOrEqual(30);
  });
});
