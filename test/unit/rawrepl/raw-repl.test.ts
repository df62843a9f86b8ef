import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RawRepl } from '../../../src/rawrepl/raw-repl.js';
import type { FakeReplOptions } from '../../support/fake-repl.js';
import { FakeRepl } from '../../support/fake-repl.js';
import { holdTime, pass } from '../../support/held-time.js';
import { failure, text } from '../../support/board-files.js';

const longCode = `# ${'x'.repeat(600)}\nprint(1)`;

afterEach(() => {
  vi.useRealTimers();
});

describe('a line that garbles', () => {
  it.each([
    ['short', 'x = 1'],
    ['long', longCode],
  ])('is noticed where only the prompt speaks: %s code', async (_, code) => {
    const board = new FakeRepl();
    const repl = await RawRepl.enter(board);
    await repl.exec(code);
    expect(repl.hasHeardOdd).toBe(false);
    board.say(Uint8Array.of(0xb5));
    await repl.exec(code);
    expect(repl.hasHeardOdd).toBe(true);
  });
});

const answers = {
  '1': { output: 'one\r\n' },
  [longCode]: { output: 'many\r\n' },
  boom: {
    output: 'before\r\n',
    error: 'Traceback (most recent call last):\r\n  File "<stdin>", line 1\r\nOSError: 28\r\n',
  },
};

async function converse(options: FakeReplOptions): Promise<FakeRepl> {
  const board = new FakeRepl({
    execute: (code) => answers[code as keyof typeof answers] ?? { error: 'NameError: what\r\n' },
    ...options,
  });
  const repl = await RawRepl.enter(board);
  expect(text(await repl.exec('1'))).toBe('one\r\n');
  expect(text(await repl.exec(longCode))).toBe('many\r\n');
  const error = await failure(repl.exec('boom'));
  expect(error).toMatchObject({
    code: 'board/exception',
    details: { exception: 'OSError: [Errno 28] ENOSPC' },
  });
  expect(text(await repl.exec(longCode))).toBe('many\r\n');
  expect(text(await repl.exec(longCode))).toBe('many\r\n');
  await repl.leave();
  expect(board.mode).toBe('friendly');
  expect(board.complaints).toEqual([]);
  return board;
}

describe('running code', () => {
  it.each(['yes', 'declined', 'unknown'] as const)('raw paste: %s', async (rawPaste) => {
    const board = await converse({ rawPaste });
    expect(board.programs).toEqual(['1', longCode, 'boom', longCode, longCode]);
    const requests = board.log.filter((line) => line === 'write 054101').length;
    // Once more after the first refusal, which the line may have garbled.
    expect(requests).toBe(rawPaste === 'yes' ? 3 : 2);
  });

  it('byte by byte', async () => {
    await converse({ cut: 'bytes' });
    await converse({ cut: 'bytes', rawPaste: 'unknown' });
  });

  it('split at every point', async () => {
    const { saidBytes } = await converse({});
    for (let at = 1; at < saidBytes; at += 1) await converse({ cut: at });
  });

  it.each([1, 2, 7, 128, 4096])('windows of %i bytes are never overrun', async (windowBytes) => {
    await converse({ windowBytes });
  });

  it('streams output as it comes and keeps none of it', async () => {
    const board = new FakeRepl({ execute: () => ({ output: 'early', forever: true }) });
    const repl = await RawRepl.enter(board);
    const heard: string[] = [];
    const stop = new AbortController();
    const error = await failure(
      repl.exec('x', {
        signal: stop.signal,
        timeoutMs: Infinity,
        onOutput: (bytes) => {
          heard.push(text(bytes));
          setImmediate(() => {
            stop.abort();
          });
        },
      }),
    );
    expect(heard.join('')).toBe('early');
    expect(error['code']).toBe('run/interrupted');
    expect(board.mode).toBe('raw');
  });

  it('a syntax error that the board reports before it has all the code', async () => {
    const board = new FakeRepl();
    const repl = await RawRepl.enter(board);
    const error = await failure(repl.exec(`!!syntax!!${'x'.repeat(2000)}`));
    expect(error).toMatchObject({ details: { exception: 'SyntaxError: invalid syntax' } });
    expect(text(await repl.exec('1'))).toBe('ran 1\r\n');
  });

  it('a program that falls silent is interrupted, and the next one runs', async () => {
    const board = new FakeRepl({
      execute: (code) => (code === 'sleep' ? { forever: true } : { output: 'ok' }),
    });
    const repl = await RawRepl.enter(board);
    expect((await failure(repl.exec('sleep', { timeoutMs: 50 })))['code']).toBe('port/silent');
    expect(text(await repl.exec('next'))).toBe('ok');
  });

  it('an answer that goes on for ever, bit by bit, is given up', async () => {
    const board = new FakeRepl({ execute: () => ({ forever: true }) });
    const repl = await RawRepl.enter(board);
    const dripping = setInterval(() => {
      if (board.mode === 'running') board.answer('.');
    }, 20);
    const error = await failure(repl.exec('x', { longestMs: 300 }));
    clearInterval(dripping);
    expect(error['code']).toBe('rawrepl/endless');
    expect(error['message']).toContain('after 0 s');
  });

  it('silence is counted from the last output', async () => {
    const board = new FakeRepl({ execute: () => ({ forever: true }) });
    const repl = await RawRepl.enter(board);
    const running = repl.exec('x', { timeoutMs: 150 });
    for (let i = 0; i < 5; i += 1) {
      await delay(60);
      board.answer('.');
    }
    board.answer('\x04\x04>');
    expect(text(await running)).toBe('.....');
  });

  describe.concurrent('the end of a program that may take for ever', () => {
    const running = async () => {
      const board = new FakeRepl({ execute: () => ({ forever: true }) });
      const repl = await RawRepl.enter(board);
      const said: string[] = [];
      const onOutput = (bytes: Uint8Array) => void said.push(text(bytes));
      return { board, said, ending: repl.exec('x', { timeoutMs: Infinity, isUsers: true, onOutput }) };
    };

    it.each(['\x05\x04>', '\x04\x05>', '\x04\x04?', '\x04>'])(
      'is found where a bad line made %j of it',
      async (end) => {
        const { board, ending } = await running();
        await delay(20);
        board.answer(`out${end}`);
        board.mode = 'raw';
        expect(await failure(ending)).toMatchObject({ code: 'rawrepl/protocol' });
      },
    );

    it('is not what only looks like one', async () => {
      const { board, said, ending } = await running();
      await delay(20);
      board.answer('out\x04>');
      await delay(9_000);
      board.answer('more\x04\x04>');
      await ending;
      expect(said.join('')).toBe('out\x04>more');
    });
  });

  it('sys.exit() restarts the board within the raw REPL', async () => {
    const board = new FakeRepl({
      execute: (code) => (code === 'exit' ? { forever: true } : { output: 'ok' }),
    });
    const repl = await RawRepl.enter(board);
    const said: string[] = [];
    const onOutput = (bytes: Uint8Array) => void said.push(text(bytes));
    const running = failure(repl.exec('exit', { isUsers: true, onOutput }));
    await delay(20);
    board.answer('bye\x04\x04MPY: soft reboot\r\n');
    await delay(20);
    board.mode = 'raw';
    board.answer('connecting > ...\r\nraw REPL; CTRL-B to exit\r\n>');
    expect(await running).toMatchObject({ code: 'run/exit', details: { value: null } });
    expect(said.join('')).toBe('bye');
    expect(text(await repl.exec('next'))).toBe('ok');
  });

  it('a reset while code runs is noticed at the prompt that follows it', async () => {
    const board = new FakeRepl({
      execute: (code) => (code === 'reset' ? { forever: true } : { output: 'ok' }),
    });
    const repl = await RawRepl.enter(board);
    const running = failure(repl.exec('reset', { timeoutMs: Infinity }));
    await delay(20);
    board.mode = 'friendly';
    board.answer('ets Jul 29 2019 12:21:46\r\n\r\nrst:0xc (SW_CPU_RESET)\r\nMicroPython v1.26.1\r\n');
    board.answer('Type "help()" for more information.\r\n>>> ');
    expect((await running)['code']).toBe('run/restarted');
    expect(text(await repl.exec('next'))).toBe('ok');
  });

  it('a restart so quick that not even OK got out is told as one', async () => {
    const board = new FakeRepl();
    const repl = await RawRepl.enter(board);
    holdTime();
    board.mode = 'deaf';
    const running = failure(repl.exec('reset()'));
    await pass(20);
    board.say('ets Jul 29 2019\r\nMicroPython v1.26.1\r\nType "help()" for more information.\r\n>>> ');
    await pass(5_100);
    board.mode = 'friendly';
    await pass(5_000);
    expect((await running)['code']).toBe('run/restarted');
  });

  it('an old banner is not taken for the answer to the request for raw paste', async () => {
    const board = new FakeRepl();
    const repl = await RawRepl.enter(board);
    board.say('raw REPL; CTRL-B to exit\r\n>');
    expect(text(await repl.exec(longCode))).toBe(`ran ${longCode.length}\r\n`);
  });

  it('an exception that a bad line held back is not taken for it either', async () => {
    const board = new FakeRepl();
    const repl = await RawRepl.enter(board);
    board.say('OK\x04Traceback (most recent call last):\r\nNameError: x\r\n\x04>OK\x04\x04>');
    const startMs = performance.now();
    expect(text(await repl.exec(longCode))).toBe(`ran ${longCode.length}\r\n`);
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });

  it('what a board answers too late is not taken for the answer to the next call', async () => {
    const board = new FakeRepl();
    const repl = await RawRepl.enter(board);
    holdTime();
    board.mode = 'deaf';
    const running = failure(repl.exec('1', { timeoutMs: 50 }));
    await pass(20_000);
    expect([(await running)['code'], repl.isAtPrompt]).toEqual(['port/silent', false]);
    board.mode = 'raw';
    const next = repl.exec(longCode);
    board.say('\r\nraw REPL; CTRL-B to exit\r\n>');
    await pass(20_000);
    expect(text(await next)).toBe(`ran ${longCode.length}\r\n`);
  });

  it('a port that goes away is reported as such', async () => {
    const board = new FakeRepl({ execute: () => ({ forever: true }) });
    const repl = await RawRepl.enter(board);
    setTimeout(() => {
      board.hangUp(new Error('unplugged'));
    }, 20);
    expect((await failure(repl.exec('x')))['code']).toBe('port/lost');
    await repl.leave();
  });
});

describe('a program with a protocol of its own', () => {
  it('has the wire until it ends', async () => {
    const board = new FakeRepl({ execute: () => ({ output: Uint8Array.of(4, 3, 2, 1) }) });
    const repl = await RawRepl.enter(board);
    const result = await repl.session(longCode, async ({ reader, inFlightBytes }) => {
      expect(inFlightBytes).toBe(32);
      return reader.read(4, { timeoutMs: 1000 });
    });
    expect(result).toEqual(Uint8Array.of(4, 3, 2, 1));
    expect(board.mode).toBe('raw');
  });

  it('that fails on our side is interrupted', async () => {
    const board = new FakeRepl({ execute: () => ({ forever: true }) });
    const repl = await RawRepl.enter(board);
    await expect(repl.session('x', () => Promise.reject(new Error('ours')))).rejects.toThrow('ours');
    expect(board.mode).toBe('raw');
  });

  it('that raises shows its exception', async () => {
    const board = new FakeRepl({ execute: () => answers.boom });
    const repl = await RawRepl.enter(board);
    const talk = repl.session('x', async ({ reader }) => {
      await reader.readUntil('before\r\n', { timeoutMs: 1000 });
    });
    expect(await failure(talk)).toMatchObject({ code: 'board/exception' });
  });
});
