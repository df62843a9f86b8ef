import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { useSimFolder } from '../support/sim-folder.js';
import { Workplace } from '../support/virtual-board.js';

/** The flash as programs on the virtual board see it, and what they have on it. */
useSimFolder();

let port: Port;
let repl: ReplClient;

beforeAll(async () => {
  port = await openPort('sim:flash?unpaced');
  repl = new ReplClient(port);
  await repl.enterRaw();
});

afterAll(() => port.close());

describe('esp32.Partition', () => {
  it('shows the table, and the place of the files behind it', async () => {
    const code = [
      'from esp32 import Partition',
      'for kind in (Partition.TYPE_APP, Partition.TYPE_DATA):',
      '  print([p.info() for p in Partition.find(kind)])',
      'print(Partition(Partition.RUNNING).info()[4], Partition.find(1, label="none"))',
    ].join('\n');
    expect(await repl.output(code)).toBe(
      [
        "[(0, 0, 65536, 2031616, 'factory', False)]",
        "[(1, 2, 36864, 24576, 'nvs', False), (1, 1, 61440, 4096, 'phy_init', False), (1, 129, 2097152, 2097152, 'vfs', False)]",
        'factory []',
        '',
      ].join('\r\n'),
    );
  });

  it('reads, erases and writes as flash does', async () => {
    const code = [
      'p = Partition("nvs")',
      'content = bytes(range(256)) * 16',
      'buffer = bytearray(5000)',
      'p.writeblocks(1, content)',
      'p.readblocks(1, buffer)',
      'print(buffer[:4096] == content, set(buffer[4096:]), p.ioctl(4, 0), p.ioctl(5, 0))',
      // Without an erase, bits are only cleared.
      'p.writeblocks(1, b"\\xf0" * 4, 0x1e)',
      'p.readblocks(1, buffer, 0x1d)',
      'print(buffer[:6])',
      'p.ioctl(6, 1)',
      'p.readblocks(1, buffer)',
      'print(set(buffer))',
    ].join('\n');
    expect(await repl.output(code)).toBe(
      "True {255} 6 4096\r\nbytearray(b'\\x1d\\x10\\x10  \"')\r\n{255}\r\n",
    );
    expect(await repl.failure('Partition("none")')).toBe('OSError: [Errno 2] ENOENT');
    for (const code of ['p.readblocks(6, buffer)', 'p.writeblocks(0, b"12")'])
      expect(await repl.failure(code)).toBe("OSError: (-260, 'ESP_ERR_INVALID_SIZE')");
    expect(await repl.failure('Partition(0).set_boot()')).toBe("OSError: (-261, 'ESP_ERR_NOT_FOUND')");
  });

  it('is what MicroPython has its files on', async () => {
    const code =
      'from flashbdev import bdev; head = bytearray(8); bdev.readblocks(0, head, 8); print(bdev.info()[4], head)';
    expect(await repl.output(code)).toBe("vfs bytearray(b'littlefs')\r\n");
  });
});

describe('a file', () => {
  it('has the time of its last change by the board’s clock, and a folder none', async () => {
    const code = [
      'import os, machine, time',
      'machine.RTC().datetime((2026, 3, 4, 0, 10, 0, 0, 0))',
      'with open("dated", "w") as f: f.write("1")',
      'os.mkdir("folder")',
      'made = os.stat("dated")[7:]',
      'print(time.gmtime(made[0])[:5], len(set(made)), os.stat("folder")[7:])',
      'machine.RTC().datetime((2027, 3, 4, 0, 10, 0, 0, 0))',
      'with open("dated") as f: f.read()',
      'print(os.stat("dated")[7:] == made)',
      'with open("dated", "a") as f: f.write("2")',
      'print(time.gmtime(os.stat("dated")[8])[0])',
    ].join('\n');
    expect(await repl.output(code)).toBe('(2026, 3, 4, 10, 0) 1 (0, 0, 0)\r\nTrue\r\n2027\r\n');
  });

  it('that finds no space as it is closed says so, and is as it was before', async () => {
    const code = [
      'import os',
      'with open("three", "wb") as f: f.write(bytes(12000))',
      'try:',
      '  for n in range(1000):',
      '    with open("full%d" % n, "wb") as f: f.write(bytes(4000))',
      'except OSError as error: print(error.errno)',
      'os.remove("full0")',
      'free = os.statvfs("/")[3]',
      // A block for the first byte; the two behind it are copied when the file is closed.
      'f = open("three", "r+b")',
      'f.write(b"1")',
      'try:',
      '  f.close()',
      'except OSError as error: print("closing:", error.errno, free)',
      'print(open("three", "rb").read() == bytes(12000))',
    ].join('\n');
    expect(await repl.output(code)).toMatch(/^28\r\nclosing: 28 [12]\r\nTrue\r\n$/);
  });
});

describe('a place for files that holds something else', () => {
  it('is told at every start until somebody interrupts, and nothing is mounted', async () => {
    const here = await Workplace.open();
    try {
      const board = ['-p', 'sim:damaged?unpaced'];
      const damage = [
        'from flashbdev import bdev',
        'for block in (0, 1): bdev.writeblocks(block, b"something" * 300, 0)',
      ].join('\n');
      await here.ok('exec', ...board, damage);
      expect(await here.failure('ls', ...board)).toMatchObject({ code: 'board/no-file-system' });
      expect(await here.ok('eval', '6 * 7', ...board)).toBe('42\n');
      // What a person does then.
      await here.ok('exec', ...board, 'from flashbdev import bdev; bdev.ioctl(6, 0); bdev.ioctl(6, 1)');
      expect(await here.ok('ls', ...board)).toBe('boot.py\n');
    } finally {
      await here.close();
    }
  });
});
