import { afterEach, describe, expect, it, vi } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import { RawRepl } from '../../../src/rawrepl/raw-repl.js';
import { FakeRepl } from '../../support/fake-repl.js';
import { failure, text } from '../../support/board-files.js';

const longCode = `# ${'x'.repeat(600)}\nprint(1)`;

afterEach(() => {
  vi.useRealTimers();
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
