import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedBoard } from '../support/served-board.js';
import { startUpyw } from '../support/upyw.js';

/** `put`, `get` and `sync` with the console sped up and without, over RFC 2217 and as `sim:`. */
let board: ServedBoard;
const content = randomBytes(12_000);

beforeAll(async () => {
  board = await ServedBoard.start('sim:live?unpaced');
  await writeFile(board.path('a.bin'), content);
});

afterAll(async () => {
  await board.stop();
});

async function run(port: string, args: string[], env: Record<string, string> = {}) {
  const options = { env: { ...board.env, ...env } };
  const { stdout, stderr } = await startUpyw(board.folder, ['-p', port, ...args], options);
  return { stdout, stderr };
}

async function baudOf(
  port: string,
  args: string[],
  env?: Record<string, string>,
): Promise<number | undefined> {
  const { stdout } = await run(port, [...args, '--json'], env);
  return (JSON.parse(stdout) as { baud?: number }).baud;
}

describe.each(['rfc2217://', 'sim:live'])('%s', (kind) => {
  const port = () => (kind === 'sim:live' ? kind : board.url);

  // As below: whether the line carries it is measured.
  it(
    'carries the same bytes at either rate, and is at 115200 afterwards',
    { retry: 2, timeout: 30_000 },
    async () => {
      expect(await baudOf(port(), ['put', 'a.bin'])).toBe(921_600);
      expect(await baudOf(port(), ['put', 'a.bin', ':b.bin', '--no-turbo'])).toBe(115_200);
      expect(await baudOf(port(), ['get', ':b.bin', 'fast.bin'])).toBe(921_600);
      expect(await baudOf(port(), ['get', ':a.bin', 'slow.bin'], { UPYW_NO_TURBO: '1' })).toBe(115_200);
      for (const name of ['fast.bin', 'slow.bin']) expect(await readFile(board.path(name))).toEqual(content);
      expect((await run(port(), ['eval', '6 * 7'])).stdout).toBe('42\n');
    },
  );
});

it('is told by sync, too, where anything was sent', async () => {
  await mkdir(board.path('folder'));
  await writeFile(board.path('folder/e.bin'), content);
  expect(await baudOf('sim:live', ['sync', 'folder'])).toBe(921_600);
  expect(await baudOf('sim:live', ['sync', 'folder'])).toBeUndefined();
});

// Whether the line carries it is measured, which may fail while the computer is busy.
it('says with --verbose what rate was used', { retry: 2 }, async () => {
  const { stderr } = await run('sim:live', ['put', 'a.bin', ':c.bin', '--verbose']);
  expect(stderr).toContain('the console runs at 921600 baud for this transfer');
});

it('is off where the settings say so', async () => {
  await writeFile(board.path('upyw.config.json'), '{"turbo": false}');
  expect(await baudOf('sim:live', ['put', 'a.bin', ':d.bin'])).toBe(115_200);
  expect(await baudOf('sim:live', ['put', 'a.bin', ':d.bin'], { UPYW_TURBO: '1' })).toBe(921_600);
});
