import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Board } from '../../src/board/board.js';
import type { MeddledPort } from '../support/meddled-port.js';
import { useSimFolder } from '../support/sim-folder.js';
import { pressReset } from '../support/switched-on.js';
import { connect, content } from '../support/fast-console.js';

/** The console's rate is raised for a transfer, and is what it was before whatever happens meanwhile. */
useSimFolder();

const nothing = new Uint8Array(0);

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

// Whether it is worth it is measured, and a busy machine can make any line look slow: hence the second try.
const measured = { retry: 2 };

describe('a transfer that is worth it', measured, () => {
  it('goes at 921600, to the board and from it, and the board is at 115200 again', async (context) => {
    const { port, board, isAsBefore, read } = await connect(context);
    await board.write('/a', content);
    expect(board.transferBaudRate).toBe(921_600);
    await isAsBefore();
    expect(await read('/a')).toEqual(content);
    expect(board.transferBaudRate).toBe(921_600);
    await isAsBefore();
    expect(port.rates).toEqual([921_600, 115_200, 921_600, 115_200]);
    expect(port.lines).toEqual([]);
  });

  it('goes so on a line that takes its time, too, again and again', async (context) => {
    const { port, board, notes, isAsBefore } = await connect(context, 'latency=1');
    for (let round = 0; round < 4; round += 1) {
      await board.write(`/${round}`, content);
      expect([board.transferBaudRate, port.lines]).toEqual([921_600, []]);
      await isAsBefore();
    }
    expect(notes.join()).not.toContain('warning');
  });

  it('is the same without', async (context) => {
    const { port } = await connect(context);
    const plain = await Board.connect(port);
    await plain.write('/a', content);
    expect(await plain.read('/a', { totalBytes: content.length })).toEqual(content);
    expect([plain.transferBaudRate, port.rates]).toEqual([115_200, []]);
  });

  it('steps down where the line garbles, and remembers', async (context) => {
    const { port, board, notes, isAsBefore, read } = await connect(context, 'unpaced&fault=max-baud:500000');
    await board.write('/a', content);
    expect([board.transferBaudRate, port.rates]).toEqual([460_800, [921_600, 115_200, 460_800, 115_200]]);
    expect(await read('/a')).toEqual(content);
    expect(port.rates.slice(4)).toEqual([460_800, 115_200]);
    expect(notes).toContain('this line does not carry 921600 baud');
    await isAsBefore();
  });

  it('stays where nothing else works', async (context) => {
    const { port, board, isAsBefore, read } = await connect(context, 'unpaced&fault=max-baud:200000');
    await board.write('/a', content);
    expect(board.transferBaudRate).toBe(115_200);
    await isAsBefore();
    expect(await read('/a')).toEqual(content);
    expect(port.rates).toHaveLength(4);
  });

  it('stays where the round trip eats the gain, on the way to the board', async (context) => {
    const { port, board, notes, read } = await connect(context, 'unpaced&latency=40');
    await board.write('/a', content);
    expect(port.rates).toEqual([]);
    expect(notes.join()).toMatch(/round trip of \d+ ms eats the gain/);
    expect(await read('/a')).toEqual(content);
    expect(port.rates).toEqual([921_600, 115_200]);
  });
});

describe.concurrent('nothing is tried', () => {
  it.for<[string, ConstructorParameters<typeof MeddledPort>[1]]>([
    ['on a raw socket', { kind: 'socket' }],
    ['on a port without a rate', { capabilities: { lines: true, baudRate: false } }],
    ['on native USB', { usb: { vendorId: '303a', productId: '1001' } }],
  ])('%s', async ([, changes], context) => {
    const { port, board } = await connect(context, 'unpaced', changes);
    await board.write('/a', content);
    expect([port.rates, board.transferBaudRate]).toEqual([[], 115_200]);
  });

  it('for little', async (context) => {
    const { port, board } = await connect(context);
    await board.write('/a', content.subarray(0, 2000));
    expect(port.rates).toEqual([]);
  });

  it.for<[string, string]>([
    ['another chip', 'import esp32\ndel esp32.raw_temperature'],
    [
      'another rate than the registers say',
      'import machine\nmachine.mem32 = {0x3ff40014: 434, 0x3ff40020: 0}',
    ],
    ['a slow CPU', 'import machine\nmachine.freq(20000000)'],
  ])('for %s, nor asked twice', async ([, code], context) => {
    const { port, board, notes } = await connect(context);
    await board.run(code);
    await board.write('/a', content);
    await board.write('/b', content);
    expect([port.rates, board.transferBaudRate]).toEqual([[], 115_200]);
    expect(notes.filter((note) => note.startsWith('the console stays'))).toHaveLength(1);
  });
});

describe('back at the usual rate is a board', measured, () => {
  it.for([0, 9, 17, 25])('whose registers are garbled on their way: digit %i', async (nth, context) => {
    const { port, board, notes, isAsBefore, read } = await connect(context);
    let heard = '';
    port.fromBoard = (bytes) => {
      const from = heard.length;
      heard += text(bytes);
      // Behind the tag, in a program that is shorter than this talk.
      const at = /[0-9a-f]{6}00[0-9a-f]{22}/.exec(heard)?.index;
      return bytes.map((byte, index) =>
        at !== undefined && from + index === at + 6 + nth ? byte ^ 1 : byte,
      );
    };
    await board.write('/a', content);
    expect([port.rates, board.transferBaudRate]).toEqual([[], 115_200]);
    expect(notes).toContain('the console stays at 115200 baud: this board or this line allows no more');
    port.fromBoard = (bytes) => bytes;
    await isAsBefore();
    expect(await read('/a')).toEqual(content);
  });

  it('whose port refuses the rate', async (context) => {
    const { port, board, isAsBefore, read } = await connect(context);
    port.onBaudRate = (baudRate) => {
      if (baudRate > 115_200) throw new Error('Invalid argument');
    };
    await board.write('/a', content);
    expect(await read('/a')).toEqual(content);
    await isAsBefore();
  });

  it('that is not heard at the new rate', async (context) => {
    const { port, board, isAsBefore, read } = await connect(context);
    port.fromBoard = (bytes) => (port.baudRate > 115_200 ? nothing : bytes);
    await board.write('/a', content);
    expect(board.transferBaudRate).toBe(115_200);
    port.fromBoard = (bytes) => bytes;
    expect(await read('/a')).toEqual(content);
    await isAsBefore();
  });

  it('that does not hear us at the new rate', async (context) => {
    const { port, board, isAsBefore, read } = await connect(context);
    port.toBoard = (bytes) => (port.baudRate > 115_200 ? nothing : bytes);
    await board.write('/a', content);
    await isAsBefore();
    expect(await read('/a')).toEqual(content);
  });

  it('that agreed without our hearing it', async (context) => {
    const { port, board, isAsBefore, read } = await connect(context);
    let fast = '';
    port.fromBoard = (bytes) => {
      // After the pattern has come back, one answer is lost.
      if (port.baudRate === 115_200 || fast.length >= 38) return bytes;
      const from = Math.max(0, 32 - fast.length);
      fast += text(bytes);
      return bytes.subarray(0, from);
    };
    await board.write('/a', content);
    await isAsBefore();
    expect(await read('/a')).toEqual(content);
  }, 20_000);

  it('whose agreement comes late', async (context) => {
    const { port, board, isAsBefore } = await connect(context, 'unpaced&latency=140');
    await board.run("open('/a', 'wb').write(bytes(4200))");
    expect(await board.read('/a', { totalBytes: 4200 })).toEqual(new Uint8Array(4200));
    expect(port.rates.slice(0, 2)).toEqual([921_600, 115_200]);
    await isAsBefore();
  }, 30_000);

  it('whose transfer was interrupted', async (context) => {
    const { port, board, isAsBefore } = await connect(context);
    const abort = new AbortController();
    const onProgress = (doneBytes: number): void => {
      if (doneBytes > 4000) abort.abort();
    };
    const writing = board.write('/a', new Uint8Array(randomBytes(40_000)), {
      onProgress,
      signal: abort.signal,
    });
    await expect(writing).rejects.toMatchObject({ code: 'run/interrupted' });
    await isAsBefore();
    expect(port.rates).toEqual([921_600, 115_200]);
    expect(port.lines).toEqual([]);
    expect((await board.list('/')).map(({ name }) => name)).toEqual(['boot.py']);
  });

  it('that was reset meanwhile: the transfer goes on at its usual rate', async (context) => {
    const { port, board, isAsBefore } = await connect(context);
    let wasReset = false;
    const onProgress = (doneBytes: number): void => {
      if (doneBytes < 4000 || wasReset) return;
      wasReset = true;
      void pressReset(port);
    };
    await board.write('/a', content, { onProgress });
    await isAsBefore();
    expect(await board.read('/a')).toEqual(content);
  }, 20_000);

  it('whose line turns bad at the new rate: the transfer goes on at the usual one', async (context) => {
    const { port, board, isAsBefore } = await connect(context);
    let passed = 0;
    port.toBoard = (bytes) => {
      if (port.baudRate > 115_200) passed += bytes.length;
      const isBad = passed > 3000 && port.baudRate > 115_200 && bytes.length > 128;
      return isBad ? bytes.map((byte, at) => (at % 50 === 0 ? byte ^ 1 : byte)) : bytes;
    };
    await board.write('/a', content);
    await isAsBefore();
    expect(await board.read('/a')).toEqual(content);
  }, 30_000);

  it('that did not hear that it should go back, at the first time', async (context) => {
    const { port, board, isAsBefore } = await connect(context);
    let lost = 0;
    port.toBoard = (bytes) => {
      // The code that puts the registers back.
      const isLost = port.baudRate > 115_200 && /KeyboardInterrupt/.test(text(bytes)) && lost === 0;
      if (isLost) lost += 1;
      return isLost ? bytes.map((byte) => byte ^ 1) : bytes;
    };
    await board.write('/a', content);
    expect(lost).toBe(1);
    await isAsBefore();
    expect(port.lines).toEqual([]);
  }, 20_000);

  it('that answers no more at all: it is reset, and that is said', async (context) => {
    const { port, board, notes, isAsBefore } = await connect(context);
    let isDeaf = false;
    port.toBoard = (bytes) => {
      isDeaf ||= port.baudRate > 115_200 && /KeyboardInterrupt/.test(text(bytes));
      return isDeaf && port.lines.length === 0 ? nothing : bytes;
    };
    await board.write('/a', content);
    expect(port.lines.length).toBeGreaterThan(0);
    expect(notes.at(-1)).toBe(
      'warningthe board did not answer after its console had been sped up, and was reset',
    );
    await isAsBefore();
    expect(await board.read('/a')).toEqual(content);
  }, 60_000);
});

describe('a board that was left at a raised rate', () => {
  // By 80 MHz: 86 13/16, and 173 10/16.
  it.for([0xd0_0056, 0xa0_00ad])(
    'is found at the next connect, and brought back (divider %i)',
    async (divider, context) => {
      const { port, board, notes, onNote } = await connect(context);
      const raise = `import machine, time\ntime.sleep_ms(300)\nmachine.mem32[0x3ff40020] |= 1 << 27\nmachine.mem32[0x3ff40014] = ${divider}`;
      await board.run(raise, { follow: false });
      await board.disconnect();
      const again = await Board.connect(port, { timeoutMs: 500, onNote });
      expect(notes.join()).toMatch(/warningthe board's console was still at (?:921600|460800) baud/);
      expect(port.baudRate).toBe(115_200);
      expect(await again.evaluate('machine.mem32[0x3ff40014], machine.mem32[0x3ff40020]')).toBe(
        '(11534344, 67108892)',
      );
    },
  );

  it('is not looked for on a port without a rate', async (context) => {
    const { port } = await connect(context, 'unpaced', { capabilities: { lines: true, baudRate: false } });
    port.fromBoard = () => nothing;
    await expect(Board.connect(port, { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'rawrepl/no-prompt',
    });
    expect(port.rates).toEqual([]);
  });
});
