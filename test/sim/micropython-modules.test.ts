import { describe, expect, it } from 'vitest';
import { RawBoards } from '../support/raw-boards.js';

/** The modules that only a board's MicroPython has. */
const boards = RawBoards.use();
const open = boards.open.bind(boards);

describe('the modules of a board', () => {
  it('are there', async () => {
    const repl = await open();
    const names =
      'machine network esp esp32 ntptime socket neopixel dht onewire ds18x20 asyncio uasyncio hashlib os time select json';
    for (const name of names.split(' ')) await repl.output(`import ${name}`);
    expect(await repl.output('print(hashlib.md5(b"abc").digest().hex(), len(machine.unique_id()))')).toBe(
      '900150983cd24fb0d6963f7d28e17f72 6\r\n',
    );
  });

  it('connect to Wi-Fi, and set the clock', async () => {
    const repl = await open();
    const code =
      'import network, ntptime, time\nw = network.WLAN(network.STA_IF)\nw.active(True)\nw.connect("workshop", "secret")\n' +
      'while not w.isconnected(): time.sleep_ms(50)\nprint(w.ifconfig()[0])\nntptime.settime()\nprint(time.localtime()[0])';
    const year = new Date().getUTCFullYear();
    expect(await repl.output(code)).toBe(`192.168.1.100\r\n${year}\r\n`);
  });

  it('run timers while the program computes without a pause, and until it lets go of them', async () => {
    const repl = await open();
    const code = (wait: string) =>
      'from machine import Timer\nimport time\nn = 0\ndef tick(t):\n  global n\n  n += 1\n  if n == 2: 1/0\n' +
      `t = Timer(0, period=20, callback=tick)\nwhile n < 5: ${wait}\nt.deinit()\nseen = n\nfor x in range(300000): pass\nprint(n == seen)`;
    for (const wait of ['pass', 'time.sleep_ms(1)']) {
      expect(await repl.output(code(wait)), wait).toBe(
        'Traceback (most recent call last):\r\n  File "<stdin>", line 7, in tick\r\nZeroDivisionError: divide by zero\r\nTrue\r\n',
      );
    }
  });

  it('run timers while the program waits, and tasks of asyncio', async () => {
    const repl = await open();
    const timer =
      'from machine import Timer\nimport time\nn = 0\ndef tick(t):\n  global n\n  n += 1\n' +
      'Timer(0).init(period=10, callback=tick)\ntime.sleep_ms(150)\nprint(n > 5)';
    expect(await repl.output(timer)).toBe('True\r\n');
    const tasks =
      'import asyncio\nasync def count(name):\n  for i in range(2):\n    print(name, i)\n    await asyncio.sleep_ms(10)\n  return name\n' +
      'async def main():\n  print(await asyncio.gather(count("a"), count("b")))\nasyncio.run(main())';
    expect(await repl.output(tasks)).toBe("a 0\r\nb 0\r\na 1\r\nb 1\r\n['a', 'b']\r\n");
  });
});
