import { randomBytes } from 'node:crypto';
import { describe, expect, it, type TestContext } from 'vitest';
import { openPort } from 'upyw';
import { Board } from '../../src/board/board.js';
import { useSimFolder } from '../support/sim-folder.js';

/** Helpers work whatever a user's programs and files are called, and leave nothing of theirs behind. */
useSimFolder();

const encode = (text: string) => new TextEncoder().encode(text);
const content = new Uint8Array(randomBytes(3000));
let count = 0;

async function connect({ onTestFinished }: TestContext) {
  count += 1;
  const port = await openPort(`sim:names${count}?unpaced`);
  onTestFinished(() => port.close());
  return { port, board: await Board.connect(port) };
}

/** Every kind of operation, once. */
async function worksAsUsual(board: Board): Promise<void> {
  await board.makeFolder('lib');
  await board.write('lib/a.bin', content);
  expect(Buffer.compare(await board.read('lib/a.bin'), content)).toBe(0);
  expect((await board.list('lib')).map(({ name }) => name)).toEqual(['a.bin']);
  expect(await board.stat('lib/a.bin')).toMatchObject({ type: 'file', sizeBytes: content.length });
  expect((await board.inspect(['lib/a.bin'], { below: 'lib' })).found).toHaveLength(1);
  expect((await board.hashFiles(['lib/a.bin']))[0]?.sha256).toHaveLength(64);
  expect((await board.disks())[0]?.path).toBe('/');
  expect((await board.info()).platform).toBe('esp32');
  await board.remove('lib/a.bin');
  await board.removeFolder('lib');
}

const rebound =
  'list len open print repr range int exec bytes bytearray memoryview min OSError ImportError globals sys os'.split(
    ' ',
  );

describe('a program on the board', () => {
  it('may give its own values to any of these names', async (context) => {
    const { board } = await connect(context);
    await board.run(rebound.map((name) => `${name} = 5\n`).join(''));
    await worksAsUsual(board);
    // They are still the program's.
    await board.run('assert len == print == os == 5');
  });

  it.each(['print', 'open', 'list', 'int', 'exec', 'repr'])('may replace builtins.%s', async (name) => {
    const cleanUps: (() => Promise<void>)[] = [];
    const { board } = await connect({
      onTestFinished: (fn: () => Promise<void>) => void cleanUps.push(fn),
    } as never);
    try {
      await board.run(`import builtins\nbuiltins.${name} = lambda *a, **k: None\n`);
      await worksAsUsual(board);
    } finally {
      for (const close of cleanUps) await close();
    }
  });

  it('finds its names as it left them', async (context) => {
    const { board } = await connect(context);
    const names = () => board.evaluate('sorted(globals())');
    const before = await names();
    await worksAsUsual(board);
    await expect(board.read('nothing')).rejects.toMatchObject({ code: 'board/not-found' });
    expect(await names()).toBe(before);
  });
});

describe('a file on the board', () => {
  it('may have the name of a module that helpers use, and can be removed', async (context) => {
    const { board, port } = await connect(context);
    const modules = ['os', 'hashlib', 'binascii', 'select', 'io', 'time', 'machine', 'deflate'];
    for (const name of modules) await board.write(`${name}.py`, encode('x = 1\n'));
    await board.softReset();
    const again = await Board.connect(port, { turbo: true });
    await worksAsUsual(again);
    for (const name of modules) await again.remove(`${name}.py`);
    expect((await again.list('/')).map(({ name }) => name)).toEqual(['boot.py']);
  });
});

describe('no file system', () => {
  it('is told as that', async (context) => {
    const { board } = await connect(context);
    await board.run('import os\nos.umount("/")\n');
    const missing = { code: 'board/no-file-system', exitCode: 1 };
    await expect(board.list()).rejects.toMatchObject(missing);
    await expect(board.list('/', { recursive: true })).rejects.toMatchObject(missing);
    await expect(board.disks()).rejects.toMatchObject(missing);
    await expect(board.write('main.py', content)).rejects.toMatchObject(missing);
    await expect(board.read('main.py')).rejects.toMatchObject(missing);
    await expect(board.stat('main.py')).rejects.toMatchObject(missing);
    await expect(board.remove('main.py')).rejects.toMatchObject(missing);
    await expect(board.makeFolder('lib')).rejects.toMatchObject(missing);
  });

  it('is not an empty one', async (context) => {
    const { board } = await connect(context);
    await board.remove('boot.py');
    expect(await board.list('/')).toEqual([]);
  });
});
