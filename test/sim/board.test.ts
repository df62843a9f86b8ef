import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Port } from 'upyw';
import { Board, openPort } from 'upyw';
import { boardContract } from '../support/board-contract.js';
import { everyByte, failure, text } from '../support/board-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upyw-board-'));
  process.env['UPYW_SIM_DIR'] = folder;
});
afterAll(async () => {
  delete process.env['UPYW_SIM_DIR'];
  await rm(folder, { recursive: true });
});

let nth = 0;
let port: Port | undefined;

async function openNew(options = 'unpaced'): Promise<Port> {
  nth += 1;
  port = await openPort(`sim:board${nth}?${options}`);
  return port;
}

async function release(): Promise<void> {
  await port?.close();
  port = undefined;
}

boardContract('the virtual board', () => ({
  connect: async () => Board.connect(await openNew()),
  release,
  fileSystem: 'virtual',
}));

describe('a virtual board that is busy', { timeout: 60_000 }, () => {
  afterEach(release);

  /** Puts the programs there, restarts the board so that they run, and gives them the time to begin. */
  async function running(programs: Record<string, string>): Promise<Port> {
    const opened = await openNew();
    const board = await Board.connect(opened);
    for (const [path, code] of Object.entries(programs)) await board.write(path, Buffer.from(code));
    await board.softReset();
    await delay(300);
    return opened;
  }

  it.each([
    ['a loop', { 'main.py': 'while True: pass' }],
    ['a loop that prints', { 'main.py': "while True: print('x' * 100)" }],
    ['sleep', { 'main.py': 'import time\nwhile True: time.sleep(60)' }],
    [
      'a boot.py that waits, then main.py',
      { 'boot.py': 'import time\ntime.sleep(20)', 'main.py': 'while True: pass' },
    ],
    ['input()', { 'main.py': 'while True: input()' }],
    [
      'clean-up that takes its time',
      { 'main.py': 'import time\ntry:\n  while True: pass\nfinally:\n  time.sleep(1)' },
    ],
  ])('is interrupted: %s', async (_, programs) => {
    const board = await Board.connect(await running(programs));
    expect(await board.evaluate('1 + 1')).toBe('2');
    expect((await board.list()).map(({ name }) => name)).toEqual([
      ...new Set(['boot.py', ...Object.keys(programs)]),
    ]);
    await board.disconnect();
  });

  it('in raw REPL, paste mode or the middle of a line is taken over', async () => {
    const opened = await openNew();
    for (const before of ['\x01', '\x05print(1', 'for x in', '\x01print(', '\x01\x05A\x01print(']) {
      await opened.write(new TextEncoder().encode(before));
      await delay(50);
      const board = await Board.connect(opened);
      expect(await board.evaluate('2')).toBe('2');
      await board.disconnect();
    }
  });

  it('keeps its variables from one connection to the next, and loses them in a soft reset', async () => {
    const opened = await openNew();
    const first = await Board.connect(opened);
    await first.run('kept = 7');
    await first.disconnect();
    const second = await Board.connect(opened);
    expect(await second.evaluate('kept')).toBe('7');
    await second.write('main.py', Buffer.from('made = 1'));
    await second.softReset();
    await delay(300);
    const third = await Board.connect(opened);
    expect(await third.evaluate("made, 'kept' in globals()")).toBe('(1, False)');
    await third.disconnect();
  });

  it('that was told to run on by itself does', async () => {
    const opened = await openNew();
    const board = await Board.connect(opened);
    const heard: string[] = [];
    await board.run("import time\ntime.sleep_ms(200)\nprint('done')", { follow: false });
    opened.subscribe({ data: (bytes) => heard.push(text(bytes)), close: () => undefined });
    await board.disconnect();
    await delay(600);
    expect(heard.join('')).toContain('done\r\n');
  });

  it('reports a restart in the middle of a program', async () => {
    const board = await Board.connect(await openNew());
    const error = await failure(board.run('import machine\nmachine.reset()'));
    expect(error['code']).toBe('run/restarted');
    expect(await board.evaluate('1')).toBe('1');
    await board.run("import sys\nprint('bye')\nsys.exit()");
    expect(await board.evaluate('2')).toBe('2');
  });

  it('whose connection is cut in the middle of a transfer ends it by itself', async () => {
    const opened = await openNew();
    const board = await Board.connect(opened);
    await board.write('data', everyByte);
    const cut = opened.write.bind(opened);
    let writes = 0;
    opened.write = (bytes) => {
      writes += 1;
      return writes === 400
        ? cut(bytes.subarray(0, 5))
        : writes > 400
          ? new Promise(() => undefined)
          : cut(bytes);
    };
    void board.write('data', randomBytes(100_000)).catch(() => undefined);
    while (writes < 401) await delay(10);
    opened.write = cut;
    const again = await Board.connect(opened);
    expect((await again.list()).map(({ name }) => name)).toEqual(['boot.py', 'data']);
    expect(Buffer.compare(await again.read('data'), everyByte)).toBe(0);
  });
});
