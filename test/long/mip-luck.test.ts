import { copyFile, mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Board } from '../../src/board/board.js';
import { openImage } from '../../src/images/open-image.js';
import { writeLocalFile } from '../../src/local/local-files.js';
import { openPort } from 'upyw';
import { cutOffAfter, putTree, treeFiles, versionOf, whole } from '../support/installing.js';
import { type PackageSource, packageIndex, serveFiles } from '../support/package-index.js';
import { Workplace } from '../support/virtual-board.js';
import { type WebServer, startWebServer } from '../support/web-server.js';

/** Whatever happens in the middle of an installation, a board has the old packages or the new ones, each of them whole. */

const sources: readonly PackageSource[] = [
  {
    name: 'tree',
    version: '2',
    files: treeFiles(2),
    older: [{ name: 'tree', version: '1', files: treeFiles(1) }],
  },
  { name: 'stone', version: '1', files: { 'stone.py': 'hard = True\n' } },
];
let here: Workplace;
let server: WebServer;

beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  server = await startWebServer(serveFiles(packageIndex(sources)));
  await mkdir(here.path('src'));
  await here.ok('image', 'create', 'src', 'empty.bin', '--size', '512k');
});
afterAll(async () => {
  await here.close();
  await server.close();
});

async function withBoard<Result>(options: string, use: (board: Board) => Promise<Result>): Promise<Result> {
  const port = await openPort(`sim:luck?unpaced${options}`);
  try {
    return await use(await Board.connect(port));
  } finally {
    await port.close();
  }
}

describe('an installation that is cut off', () => {
  it('by the power, after any number of bytes, leaves the old or the new, whole', async () => {
    await withBoard('', (board) => putTree(board, 1));
    const cut: string[] = [];
    let before = 1;
    for (let bytes = 1; !cut.some((each) => each.startsWith('done')); bytes += 797) {
      const ending = await withBoard(`&fault=power-loss:${bytes}`, (board) =>
        putTree(board, 3 - before),
      ).then(
        () => 'done',
        () => 'cut off',
      );
      const after = await withBoard('', (board) => versionOf(board, board));
      if (ending === 'done') expect([bytes, after]).toEqual([bytes, 3 - before]);
      cut.push(`${ending}: ${after === before ? 'old' : 'new'}`);
      before = after;
    }
    expect(cut).toContain('cut off: old');
    expect(cut.at(-1)).toBe('done: new');
    expect(cut.length).toBeGreaterThan(8);
  });

  it('by Ctrl-C at any moment, leaves the old or the new, whole', async () => {
    await withBoard('', async (board) => {
      let before = await versionOf(board, board);
      for (const afterMs of [1, 15, 30, 60, 90, 120, 160]) {
        const ending = await putTree(board, 3 - before, AbortSignal.timeout(afterMs)).then(
          () => 'done',
          (error: unknown) => (error as { code?: string }).code,
        );
        expect(['done', 'run/interrupted']).toContain(ending);
        const after = await versionOf(board, board);
        expect(after).toBe(ending === 'done' ? 3 - before : before);
        before = after;
      }
    });
  });
});

interface Luck {
  readonly port?: string;
  readonly cache?: string;
}

async function run(args: readonly string[], { port = 'sim:luck?unpaced', cache = 'cache' }: Luck = {}) {
  const { runInWorld } = await import('../support/memory-world.js');
  const places = { UPYW_MIP_INDEX: `${server.url.href}pi/v2`, UPYW_CACHE_DIR: here.path(cache) };
  return runInWorld(['-y', '-p', port, ...args], { ...here.world, env: { ...here.world.env, ...places } });
}

async function ok(args: readonly string[], luck?: Luck): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args, luck);
  expect([args, exitCode === 0 ? '' : stderr]).toEqual([args, '']);
  return stdout;
}

describe('an installation that was cut off while files took their places', () => {
  it('is brought to its end by the next that looks, which says so', async () => {
    const moments = [0, 1, 2, 3, 4];
    await withBoard('', async (board) => {
      for (const done of moments) await cutOffAfter(done, board, `/half${done}`);
    });
    const dry = await run(['-n', 'mip', 'list', '--target', '/half0']);
    expect(dry.stderr).toContain('was cut off; upyw mip list, without -n, brings it to its end');
    for (const done of moments) {
      const listed = await run(['mip', 'list', '--target', `/half${done}`]);
      expect(listed.stderr).toContain('had been cut off; its last files are in their places now');
      expect(listed.stdout).toMatch(/^tree +2 +as installed/);
      expect((await ok(['ls', '-R', `half${done}`])).split('\n')).toHaveLength(whole(2).length + 1);
    }
    await withBoard('', (board) => cutOffAfter(1, board, '/half0'));
    const installed = await run(['mip', 'install', 'stone', '--target', '/half0']);
    expect(installed.stderr).toMatch(/had been cut off[^]*installed stone 1/);
  });

  it('is brought to its end in an image of that board, too', async () => {
    await copyFile(here.path('empty.bin'), here.path('half.bin'));
    const image = await openImage(here.path('half.bin'), 'half.bin', Date.now);
    await cutOffAfter(2, image.files, '/lib');
    await image.save(writeLocalFile);
    expect((await run(['mip', 'list'], { port: 'image:half.bin' })).stderr).toContain('had been cut off');
    const again = await openImage(here.path('half.bin'), 'half.bin', Date.now);
    expect(await versionOf(again.files)).toBe(2);
    again.close();
  });

  it('counts for nothing where the record itself was cut off, or did not come so far', async () => {
    await withBoard('', async (board) => {
      await putTree(board, 1);
      for (const names of [['0'], ['0', '.upyw-packages.json'], []]) {
        await board.makeFolder('/lib/.upyw-new');
        for (const name of names) await board.write(`/lib/.upyw-new/${name}`, new Uint8Array());
        expect(await versionOf(board, board)).toBe(1);
      }
    });
  });
});

describe('a board that is not as it should be', () => {
  it('has a folder where a file is to come, or a file where a folder is to be: told before anything is sent', async () => {
    await withBoard('', async (board) => {
      await board.makeFolder('/odd/stone.py', { parents: true });
      await board.write('/odd/tree', new Uint8Array());
    });
    const to = ['--target', '/odd'];
    expect((await run(['mip', 'install', 'stone', ...to])).stderr).toContain('board/is-folder');
    expect((await run(['mip', 'install', 'tree', ...to])).stderr).toContain('board/not-a-folder');
    expect(await ok(['ls', '-R', 'odd'])).toBe('odd/stone.py/\nodd/tree\n');
    const { stderr } = await run(['mip', 'install', 'stone', '--target', '/odd/tree']);
    expect(stderr).toContain('/odd/tree on the board is not a folder');
  });
});

describe('two installations at once', () => {
  const both = (ports: readonly string[], cache = 'cache') =>
    Promise.all(
      ['tree', 'stone'].map((name, index) =>
        run(['mip', 'install', name, '--target', '/both'], { port: ports[index] ?? '', cache }),
      ),
    );

  it('on one board: one of them says that the port is busy', async () => {
    const ended = await both(['sim:luck?unpaced', 'sim:luck?unpaced']);
    const failed = ended.filter(({ exitCode }) => exitCode !== 0);
    expect(failed.map(({ stderr }) => stderr)).toEqual([expect.stringContaining('port/busy')]);
    expect((await ok(['mip', 'list', '--target', '/both'])).trim().split('\n')).toHaveLength(1);
  });

  it('on one image: what the one has written is not lost by the other', async () => {
    await copyFile(here.path('empty.bin'), here.path('two.bin'));
    const port = 'image:two.bin';
    const ended = await both([port, port]);
    const done = ended.filter(({ exitCode }) => exitCode === 0).length;
    for (const { exitCode, stderr } of ended) if (exitCode !== 0) expect(stderr).toContain('image/changed');
    expect((await ok(['mip', 'list', '--target', '/both'], { port })).trim().split('\n')).toHaveLength(done);
  });

  it('with one cache, that is empty: both get whole files', async () => {
    const cache = 'cache-of-two';
    const install = (port: string) => ok(['mip', 'install', 'tree', '--target', '/t'], { port, cache });
    await Promise.all(['sim:luck?unpaced', 'image:empty.bin'].map(install));
    const before = server.requests.length;
    await ok(['mip', 'install', 'tree', '--target', '/again'], { cache });
    expect(server.requests.length).toBe(before);
    expect(await ok(['mip', 'list', '--target', '/again'])).toMatch(/^tree +2 +as installed/);
  });
});
