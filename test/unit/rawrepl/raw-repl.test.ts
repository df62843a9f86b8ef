import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import { RawRepl } from '../../../src/rawrepl/raw-repl.js';
import type { FakeReplOptions } from '../../support/fake-repl.js';
import { FakeRepl } from '../../support/fake-repl.js';

const longCode = `# ${'x'.repeat(600)}\nprint(1)`;

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** From here on time passes as the test has it, by `pass`. */
function holdTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
}

async function pass(timeMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < timeMs; passedMs += 10) {
    await vi.advanceTimersByTimeAsync(10);
    // The board's turn.
    await nextTurn();
  }
}
afterEach(() => {
  vi.useRealTimers();
});

async function failure(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return promise.then(
    () => ({ code: 'no error' }),
    (error: unknown) => error as Record<string, unknown>,
  );
}

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

describe('entering', () => {
  it('needs one knock at an idle prompt', async () => {
    const board = new FakeRepl();
    await RawRepl.enter(board);
    expect(board.log).toEqual(['write 030301']);
  });

  it.each(['friendly', 'paste', 'raw', 'raw-paste', 'giving-up'] as const)(
    'from the mode %s',
    async (mode) => {
      const board = new FakeRepl();
      board.mode = mode;
      const repl = await RawRepl.enter(board);
      expect(text(await repl.exec('1'))).toBe('ran 1\r\n');
    },
  );

  it('breaks into a program, and into the one that runs after it', async () => {
    const board = new FakeRepl();
    board.occupy(() => {
      board.mode = 'deaf';
      setTimeout(() => {
        board.occupy();
      }, 100);
    });
    const repl = await RawRepl.enter(board);
    expect(text(await repl.exec('1'))).toBe('ran 1\r\n');
  });

  it('finds the prompt behind garbage and pieces of a banner', async () => {
    const board = new FakeRepl();
    board.occupy(() => {
      board.answer('\xff\x00raw REPL; CTRL-B to exit\r\nraw REPL; CTRL');
      board.mode = 'friendly';
    });
    const repl = await RawRepl.enter(board);
    expect(text(await repl.exec('1'))).toBe('ran 1\r\n');
  });

  it('is not misled by the late answers to knocks that came too early', async () => {
    const board = new FakeRepl();
    board.mode = 'deaf';
    // Three knocks wait in the board's input ring, and it gets to all of them at once.
    setTimeout(() => {
      board.mode = 'raw';
      board.answer('raw REPL; CTRL-B to exit\r\n>'.repeat(3));
    }, 700);
    const repl = await RawRepl.enter(board);
    expect(text(await repl.exec(longCode))).toBe(`ran ${longCode.length}\r\n`);
  });

  it('never loses the prompt in a flood, and keeps little of it', async () => {
    const board = new FakeRepl();
    const flood = new Uint8Array(1 << 20).fill(0x61);
    let stopped = false;
    board.occupy(() => {
      stopped = true;
      board.mode = 'friendly';
      board.answer(
        `${'a'.repeat(4000)}\r\nTraceback (most recent call last):\r\nKeyboardInterrupt: \r\n>>> `,
      );
    });
    const print = () => {
      if (stopped) return;
      board.say(flood);
      setImmediate(print);
    };
    const before = process.memoryUsage().arrayBuffers;
    print();
    const repl = await RawRepl.enter(board);
    expect(text(await repl.exec('1'))).toBe('ran 1\r\n');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6);
  });

  it('says that nothing came', async () => {
    const board = new FakeRepl();
    board.mode = 'deaf';
    const error = await failure(RawRepl.enter(board, { timeoutMs: 300 }));
    expect(error['code']).toBe('rawrepl/no-prompt');
    expect(error['message']).toContain('within 0.3 s; the board sent nothing');
    expect(error['hint']).toContain('Tap EN');
  });

  it.each([
    ['rst:0x1 (POWERON_RESET),boot:0x3\r\nwaiting for download\r\n', 'tap EN (RST)'],
    ['invalid header: 0xffffffff\r\ninvalid header: 0xffffffff\r\n', 'upyw flash'],
    ['E (60) boot: No bootable app partitions in the partition table\r\n', 'upyw flash'],
    ['temperature 21.5\r\n', '--timeout 30'],
  ])('quotes %j and says what to try', async (said, advice) => {
    const board = new FakeRepl();
    board.mode = 'deaf';
    const repeat = setInterval(() => {
      board.say(said);
    }, 20);
    const error = await failure(RawRepl.enter(board, { timeoutMs: 300 }));
    clearInterval(repeat);
    expect(error['message']).toContain(said.slice(-20, -2));
    expect(error['hint']).toContain(advice);
  });

  it("knows that the chip's own USB may be dead where nothing came", async () => {
    const board = Object.assign(new FakeRepl(), { usb: { vendorId: '303a', productId: '1001' } });
    board.mode = 'deaf';
    const error = await failure(RawRepl.enter(board, { timeoutMs: 300 }));
    expect(error['hint']).toMatch(/USB of the chip itself may have died .* unplug the board/);
  });

  it('takes what cannot be read for a wrong baud rate', async () => {
    const board = new FakeRepl();
    board.mode = 'deaf';
    setTimeout(() => {
      board.say(Uint8Array.of(0xfe, 0x80, 0x0c, 0xe1, 0x9a, 0xff, 0x41, 0xf0));
    }, 20);
    const error = await failure(RawRepl.enter(board, { timeoutMs: 300 }));
    expect(error).toMatchObject({ code: 'rawrepl/no-prompt' });
    expect(error['hint']).toContain('-b 115200');
  });

  it.each([[''], ['\ufffd\ufffd\\xfe\\x80']])(
    'names the usual rate first where another is set and %j came',
    (said) => {
      const details = { port: 'u0', waitedMs: 5_000, lastBytes: said };
      const { hint } = new UpywError('rawrepl/no-prompt', { ...details, baudRate: 57_600 });
      expect(hint).toMatch(/^MicroPython's console uses 115200 baud, and this was 57600: leave -b away/);
      expect(new UpywError('rawrepl/no-prompt', { ...details, baudRate: 115_200 }).hint).not.toContain(
        '-b away',
      );
    },
  );

  it('knows the rate at which nothing came', async () => {
    const board = new FakeRepl();
    board.mode = 'deaf';
    await board.setBaudRate(57_600);
    const error = await failure(RawRepl.enter(board, { timeoutMs: 300 }));
    expect(error['details']).toMatchObject({ baudRate: 57_600 });
  });

  it('does not wait for the deadline where the chip says that it has nothing to start', async () => {
    const board = new FakeRepl();
    board.mode = 'deaf';
    const repeat = setInterval(() => {
      board.say('invalid header: 0xffffffff\r\n');
    }, 120);
    const startMs = performance.now();
    const error = await failure(RawRepl.enter(board, { timeoutMs: 10_000 }));
    clearInterval(repeat);
    expect(error).toMatchObject({
      code: 'rawrepl/no-micropython',
      details: { said: 'invalid header: 0xffffffff', inLoader: false },
    });
    expect(performance.now() - startMs).toBeLessThan(4_000);
  });

  it('waits on where the chip starts something after all', async () => {
    const board = new FakeRepl();
    board.mode = 'deaf';
    board.say('invalid header: 0xffffffff\r\n');
    setTimeout(() => {
      board.say('ets Jul 29 2019\r\nentry 0x400805e4\r\n');
    }, 300);
    const error = await failure(RawRepl.enter(board, { timeoutMs: 2_000 }));
    expect(error['code']).toBe('rawrepl/no-prompt');
  });

  it('gives up when asked to, and when the port goes away', async () => {
    const board = new FakeRepl();
    board.mode = 'deaf';
    const error = await failure(RawRepl.enter(board, { signal: AbortSignal.timeout(50) }));
    expect(error['code']).toBe('run/interrupted');
    setTimeout(() => {
      board.hangUp(new Error('unplugged'));
    }, 50);
    expect((await failure(RawRepl.enter(board)))['code']).toBe('port/lost');
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
