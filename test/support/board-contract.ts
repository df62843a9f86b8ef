import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type Board, type Connect, everyByte, failure, names, text } from './board-files.js';
import { filesOf, foldersOf } from './contract-of-files.js';
import { refusalsOf } from './contract-of-refusals.js';

export interface BoardUnderTest {
  /** Connects to the board, which has no files, but for the boot.py of a first start, and is idle. May be called once per test. */
  connect(): Promise<Board>;
  /** Lets it go. */
  release(): Promise<void>;
  /**
   * FAT takes fewer names; only the real littlefs can be fuller than it says. One in memory does not know what is free, and nothing
   * interrupts the board that has it.
   */
  readonly fileSystem: 'littlefs' | 'fat' | 'virtual' | 'memory';
}

/** Text goes there and comes back. Returns how many bytes were sent for each of its own, counted where `port` lets them pass. */
export async function wireShareOfText(
  board: Board,
  port: { toBoard: (bytes: Uint8Array) => Uint8Array },
): Promise<number> {
  const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, index) => `line ${index}`).join('\n'));
  let sentBytes = 0;
  port.toBoard = (chunk) => {
    sentBytes += chunk.length;
    return chunk;
  };
  await board.write('text', bytes);
  const share = sentBytes / bytes.length;
  expect(Buffer.compare(await board.read('text'), bytes)).toBe(0);
  return share;
}

const hardNames = ["it's", '"quoted"', 'new\nline', 'back\\slash', 'ž🐎', ' ', '{}%s', 'a'.repeat(200)];

/** What holds for every MicroPython board, virtual or not: one suite, so that where two differ, one of them is wrong. */
export function boardContract(what: string, underTest: () => BoardUnderTest): void {
  describe(what, { timeout: 60_000 }, () => {
    let current: BoardUnderTest | undefined;
    const connect = () => {
      current = underTest();
      return current.connect();
    };
    afterEach(() => current?.release());

    const fileSystem = underTest().fileSystem;
    filesOf(connect, fileSystem === 'fat' ? ["it's", 'ž🐎', '{}%s'] : hardNames);
    foldersOf(connect);
    if (fileSystem === 'memory') return;
    refusalsOf(connect);
    abortsOf(connect);
    if (fileSystem === 'littlefs') fullDiskOf(connect);
    codeOf(connect);
  });
}

function abortsOf(connect: Connect): void {
  const old = Buffer.from('the old one');

  it('an abort at any time leaves the old file', async () => {
    const board = await connect();
    const bytes = randomBytes(40_000);
    for (const doneBytes of [0, 1, 500, 20_000, 39_990]) {
      await board.write('data', old);
      const stop = new AbortController();
      const onProgress = (count: number) => {
        if (count >= doneBytes) stop.abort();
      };
      if (doneBytes === 0) stop.abort();
      const error = await failure(board.write('data', bytes, { signal: stop.signal, onProgress }));
      expect(error['code']).toBe('run/interrupted');
      expect(await names(board)).toEqual(['data']);
      // When the board has all the bytes, the new file may be in its place before the abort gets there.
      const whole = [old, ...(doneBytes === 39_990 ? [bytes] : [])].map(text);
      expect(whole).toContain(text(await board.read('data')));
    }
  });

  it('an abort while reading leaves a board that works', async () => {
    const board = await connect();
    await board.write('data', randomBytes(40_000));
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort();
    };
    const error = await failure(board.read('data', { signal: stop.signal, onProgress }));
    expect(error['code']).toBe('run/interrupted');
    expect((await board.read('data')).length).toBe(40_000);
  });
}

function fullDiskOf(connect: Connect): void {
  it('a disk that turns out to be full leaves the old file', async () => {
    const board = await connect();
    await board.write('data', Buffer.from('the old one'));
    // Leaves just so much that a file of it passes the check and misses room for what holds it together.
    const fill = `import os
s = os.statvfs('/')
with open('filler', 'wb') as f:
    for _ in range(s[3] - 30): f.write(b'x' * s[1])`;
    await board.run(fill);
    const [disk] = await board.disks();
    const error = await failure(board.write('data', randomBytes(disk!.freeBytes)));
    expect(error['code']).toBe('board/no-space');
    expect(await names(board)).toEqual(['data', 'filler']);
    expect(text(await board.read('data'))).toBe('the old one');
  });
}

function codeOf(connect: Connect): void {
  it('code runs, is evaluated, and fails as its own kind of error', async () => {
    const board = await connect();
    expect(text(await board.run('for i in range(3): print(i)')).replaceAll('\r', '')).toBe('0\n1\n2\n');
    expect(await board.evaluate('1 + 1 # two')).toBe('2');
    expect(await failure(board.run('1/0'))).toMatchObject({
      code: 'run/exception',
      exitCode: 4,
      details: { exception: 'ZeroDivisionError: divide by zero' },
    });
    expect(await failure(board.evaluate('x ='))).toMatchObject({ code: 'run/exception' });
    const { version, freeMemoryBytes } = await board.info();
    expect(version).toMatch(/^1\.\d+/);
    expect(freeMemoryBytes).toBeGreaterThan(10_000);
  });

  it('code of any length, with output of any length', async () => {
    const board = await connect();
    const long = `x = '''${'žluťoučký '.repeat(2000)}'''\nprint(len(x))`;
    expect(text(await board.run(long)).trim()).toBe('20000');
    let heard = 0;
    await board.run("for i in range(2000): print('0123456789' * 5)", {
      onOutput: (bytes) => {
        heard += bytes.filter((byte) => byte !== 0x0d).length;
      },
    });
    expect(heard).toBe(2000 * 51);
  });

  it.each(['while True: pass', 'while True: print(1)', 'import time\nwhile True: time.sleep(1)'])(
    'is interrupted: %j',
    async (code) => {
      const board = await connect();
      await board.run('before = 1');
      const error = await failure(
        board.run(code, { signal: AbortSignal.timeout(300), onOutput: () => undefined }),
      );
      expect(error['code']).toBe('run/interrupted');
      expect(await board.evaluate('1 + 1')).toBe('2');
    },
  );

  it('nothing of ours stays in the board', async () => {
    const board = await connect();
    await board.run('path = 1');
    await board.write('a', everyByte);
    await board.list();
    await failure(board.read('nope'));
    expect(await board.evaluate("[n for n in globals() if 'upyw' in n], path")).toBe('([], 1)');
  });
}
