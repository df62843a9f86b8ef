import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { useSimFolder } from '../support/sim-folder.js';

/** The virtual board's REPL, byte for byte as shared/runtime/pyexec.c of MicroPython has it. */
useSimFolder();

let port: Port;
let repl: ReplClient;

beforeAll(async () => {
  port = await openPort('sim:?unpaced');
  repl = new ReplClient(port);
});

afterAll(() => port.close());

describe('the friendly REPL', () => {
  beforeEach(async () => {
    await repl.send('\r\x03\x02');
    await repl.until('Type "help()" for more information.\r\n>>> ');
  });

  it('says who it is', async () => {
    const banner = await repl.ask('\x02', '>>> ');
    expect(banner).toMatch(/^\r\nMicroPython v1\.27\.0 on [\d-]+; upyw virtual board with ESP32\r\n/);
  });

  it('echoes, evaluates and takes an empty line', async () => {
    expect(await repl.ask('6*7\r', '\r\n>>> ')).toBe('6*7\r\n42\r\n>>> ');
    expect(await repl.ask('\r', '>>> ')).toBe('\r\n>>> ');
  });

  it('has blocks, and shows tracebacks', async () => {
    expect(await repl.ask('for i in (1, 2): print(i)\r\r', '\r\n>>> ')).toContain('\r\n1\r\n2\r\n>>> ');
    expect(await repl.ask('1/0\r', '\r\n>>> ')).toBe(
      '1/0\r\nTraceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\n' +
        'ZeroDivisionError: divide by zero\r\n>>> ',
    );
  });

  it('has paste mode', async () => {
    await repl.ask('\x05', '=== ');
    expect(await repl.ask('if True:\r    print("pasted")\r\x04', '\r\n>>> ')).toContain('pasted\r\n');
  });

  it('takes a paste that is longer than the board’s buffer', async () => {
    const lines = Array.from({ length: 60 }, (_, nth) => `a${nth} = ${nth}\r`).join('');
    await repl.send(`${lines}a59 + 1\r`);
    await repl.until('\r\n60\r\n>>> ');
  });

  it('reads lines for input()', async () => {
    await repl.ask('print("hello", input("who? "))\r', 'who? ');
    await repl.send('Bobx\x7f\r');
    await repl.until('\r\nhello Bob\r\n>>> ');
  });
});

describe('the raw REPL', () => {
  beforeEach(() => repl.enterRaw());

  it('answers OK, output, exception, prompt', async () => {
    expect(await repl.ask('print("a\\nb")\x04', '>')).toBe('OKa\r\nb\r\n\x04\x04>');
    expect(await repl.run('print(1)\n1/0')).toEqual({
      output: '1\r\n',
      error:
        'Traceback (most recent call last):\r\n  File "<stdin>", line 2, in <module>\r\n' +
        'ZeroDivisionError: divide by zero\r\n',
    });
  });

  it('turns \\n into \\r\\n in text, and leaves bytes alone', async () => {
    const code =
      'import sys\nsys.stdout.write("x\\ny\\r\\n")\nsys.stdout.buffer.write(bytes(range(5, 14)) + b"\\xff")';
    expect(await repl.output(code)).toBe('x\r\ny\r\r\n\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\xff');
  });

  it('looks like an ESP32', async () => {
    expect(
      await repl.output('import sys; print(sys.platform, sys.implementation[0], sys.implementation[2])'),
    ).toBe('esp32 micropython upyw virtual board with ESP32\r\n');
    expect(await repl.output('import os; print(os.uname())')).toContain("sysname='esp32'");
    expect(await repl.output('import time; print(time.gmtime(0)[:3], time.localtime()[0])')).toBe(
      '(2000, 1, 1) 2000\r\n',
    );
  });

  it('leaves the board’s own modules out of tracebacks', async () => {
    const { error } = await repl.run('import os\nfor entry in os.ilistdir("/nope"): pass');
    expect(error).toBe(
      'Traceback (most recent call last):\r\n  File "<stdin>", line 2, in <module>\r\nOSError: [Errno 2] ENOENT\r\n',
    );
  });
});

describe('raw-paste mode', () => {
  beforeEach(() => repl.enterRaw());

  it('gives windows of 128 bytes, two at first, and runs what it got', async () => {
    expect(await repl.ask('\x05A\x01', '\x80\x00\x01')).toBe('R\x01\x80\x00\x01');
    await repl.ask(`print(1)#${'x'.repeat(119)}`, '\x01');
    await repl.ask('y'.repeat(128), '\x01');
    expect(await repl.ask('\x04', '\x04>')).toBe('\x041\r\n\x04\x04>');
  });

  it('loses what is sent without waiting for windows', async () => {
    await repl.ask('\x05A\x01', '\x80\x00\x01');
    await repl.send(`print(2)#${'x'.repeat(5000)}`);
    await repl.until('\x01\x01');
    await repl.send('\x04');
    expect(await repl.until('\x04>')).toBe('\x042\r\n\x04\x04>');
  });

  it('takes control bytes in code as they are', async () => {
    await repl.ask('\x05A\x01', '\x80\x00\x01');
    expect(await repl.ask('s = "\x01\x02\x05"\nprint(len(s), ord(s[1]))\x04', '\x04>')).toBe(
      '\x043 2\r\n\x04\x04>',
    );
  });

  it('ends with Ctrl-C', async () => {
    await repl.ask('\x05A\x01', '\x80\x00\x01');
    expect(await repl.ask('print(3)\x03', '\x04>')).toBe(
      '\x04\x04Traceback (most recent call last):\r\nKeyboardInterrupt: \r\n\x04>',
    );
    expect(await repl.output('print(4)')).toBe('4\r\n');
  });

  it('knows other things that begin like the request for it', async () => {
    expect(await repl.ask('\x05B\x04', '\x04>')).toContain('SyntaxError');
    expect(await repl.ask('\x05A\x04', '\x04>')).toContain('SyntaxError');
  });
});

describe('Ctrl-C', () => {
  beforeEach(() => repl.enterRaw());

  it.each([
    ['a loop that calls nothing', 'while True: pass'],
    ['a loop that prints', 'while True: print("x")'],
    ['a sleep', 'time.sleep(60)'],
    ['a wait for input', 'sys.stdin.read(1)'],
    ['a poll', 'p = select.poll()\np.register(sys.stdin, 1)\nwhile True: p.poll(1000)'],
    ['asyncio', 'async def main(): await asyncio.sleep(60)\nasyncio.run(main())'],
  ])('ends %s, and the program’s variables stay', async (_what, code) => {
    await repl.start(`import asyncio, select, sys, time\nkept = 5\nprint("begun")\n${code}`);
    await repl.until('begun\r\n');
    const before = performance.now();
    await repl.send('\x03');
    const { error } = await repl.end();
    expect(error).toMatch(/^Traceback[^]*KeyboardInterrupt: \r\n$/);
    expect(performance.now() - before).toBeLessThan(3000);
    expect(await repl.output('print(kept)')).toBe('5\r\n');
  });

  it('ends a loop that catches exceptions, at the line where it was', async () => {
    await repl.start('while True:\n  try:\n    1/0\n  except ZeroDivisionError:\n    pass');
    await repl.send('\x03\x03');
    expect((await repl.end()).error).toContain('KeyboardInterrupt');
  });

  it('is a byte like any other where the program wants that', async () => {
    await repl.ask(
      'import sys, micropython\nmicropython.kbd_intr(-1)\nsys.stdout.write("ready")\n' +
        'print(sys.stdin.buffer.read(4))\nmicropython.kbd_intr(3)\x04',
      'ready',
    );
    await repl.send('\x03\x04\r\n');
    expect((await repl.end()).output).toBe("b'\\x03\\x04\\r\\n'\r\n");
  });
});

describe('input for programs', () => {
  beforeEach(() => repl.enterRaw());

  it('comes in windows, each acknowledged, byte for byte', async () => {
    const sizeBytes = 20_000;
    const data = Buffer.from(Array.from({ length: sizeBytes }, (_, at) => (at * 7 + (at >> 8)) & 0xff));
    await repl.ask(
      [
        'import sys, micropython, hashlib',
        'micropython.kbd_intr(-1)',
        `h, buffer, left = hashlib.sha256(), bytearray(128), ${sizeBytes}`,
        'sys.stdout.write("ready")',
        'while left:',
        '  n = sys.stdin.buffer.readinto(memoryview(buffer)[:min(128, left)])',
        '  h.update(memoryview(buffer)[:n]); left -= n',
        '  sys.stdout.buffer.write(b"\\x01")',
        'micropython.kbd_intr(3)',
        'print(h.digest().hex())\x04',
      ].join('\n'),
      'ready',
    );
    // Two windows in flight, as a client that keeps the line busy has them.
    await repl.send(data.subarray(0, 128).toString('latin1'));
    for (let at = 128; at < sizeBytes; at += 128) {
      await repl.send(data.subarray(at, at + 128).toString('latin1'));
      await repl.until('\x01');
    }
    const { createHash } = await import('node:crypto');
    expect((await repl.end()).output).toContain(createHash('sha256').update(data).digest('hex'));
  });

  it('can be waited for, for a while', async () => {
    const code =
      'import select, sys\np = select.poll()\np.register(sys.stdin, select.POLLIN)\nprint(p.poll(20))\nsys.stdout.write("go")\n' +
      'print(len(p.poll(5000)), sys.stdin.buffer.read(2), [e[1] for e in p.ipoll(0)])';
    await repl.ask(`${code}\x04`, 'go');
    await repl.send('ab');
    expect((await repl.end()).output).toBe("1 b'ab' []\r\n");
  });

  it('is lost beyond the board’s 260 byte buffer', async () => {
    await repl.ask('import sys, time\nsys.stdout.write("now")\ntime.sleep_ms(100)\x04', 'now');
    const start = 'print(len("';
    await repl.send(start + 'x'.repeat(1000));
    await repl.end();
    expect(await repl.output('"))')).toBe(`${259 - start.length}\r\n`);
  });
});
