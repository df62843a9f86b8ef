import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RawBoards } from '../support/raw-boards.js';
import type { ReplClient } from '../support/repl-client.js';

/** What a board is beside its REPL: resets, start files, files that stay, time that passes, peripherals. */
const boards = RawBoards.use();
const open = boards.open.bind(boards);

async function writeFile(repl: ReplClient, name: string, text: string): Promise<void> {
  await repl.output(`with open(${JSON.stringify(name)}, "w") as f: f.write(${JSON.stringify(text)})`);
}

describe('a reset', () => {
  it('from the friendly REPL runs boot.py and main.py', async () => {
    const repl = await open();
    await writeFile(repl, 'boot.py', 'print("boot")');
    await writeFile(repl, 'main.py', 'x = 5\nprint("main")\n1/0');
    await repl.ask('\x02', '>>> ');
    const said = await repl.ask('\x04', '>>> ');
    expect(said).toBe(
      '\r\nMPY: soft reboot\r\nboot\r\nmain\r\nTraceback (most recent call last):\r\n  File "main.py", line 3, in <module>\r\n' +
        'ZeroDivisionError: divide by zero\r\n' +
        said.slice(said.indexOf('MicroPython v')),
    );
    expect(await repl.ask('x\r', '\r\n>>> ')).toBe('x\r\n5\r\n>>> ');
  });

  it('from the raw REPL runs boot.py only, and stays raw', async () => {
    const repl = await open();
    await writeFile(repl, 'boot.py', 'print("boot")');
    await writeFile(repl, 'main.py', 'print("main")');
    await repl.output('lost = 1');
    expect(await repl.ask('\x04', 'CTRL-B to exit\r\n>')).toBe(
      'OK\r\nMPY: soft reboot\r\nboot\r\nraw REPL; CTRL-B to exit\r\n>',
    );
    expect(await repl.failure('lost')).toBe("NameError: name 'lost' isn't defined");
  });

  it('leaves main.py out when boot.py fails or was interrupted', async () => {
    const repl = await open();
    await writeFile(repl, 'boot.py', 'print("boot")\nwhile True: pass');
    await writeFile(repl, 'main.py', 'print("main")');
    await repl.ask('\x02', '>>> ');
    await repl.ask('\x04', '\nboot\r\n');
    expect(await repl.ask('\x03', '>>> ')).toMatch(/^Traceback[^]*KeyboardInterrupt: \r\nMicroPython/);
  });

  it('by machine.reset() starts the chip anew', async () => {
    const repl = await open();
    await repl.start('import machine\nmachine.reset()');
    expect(await repl.until('>>> ')).toContain('rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)');
    await repl.enterRaw();
    expect(await repl.output('import machine; print(machine.reset_cause())')).toBe('2\r\n');
    await repl.ask('\x04', 'CTRL-B to exit\r\n>');
    expect(await repl.output('import machine; print(machine.reset_cause())')).toBe('5\r\n');
  });

  it('keeps files that were still open', async () => {
    const repl = await open({ name: 'open-file' });
    await repl.output('f = open("kept", "w"); f.write("abc")');
    await repl.ask('\x04', 'CTRL-B to exit\r\n>');
    await boards.port?.close();
    expect(await (await open({ name: 'open-file' })).output('print(open("kept").read())')).toBe('abc\r\n');
  });
});

describe('the file system', () => {
  it('raises what a board raises', async () => {
    const expected = new Map([
      ['open("nope")', 'OSError: [Errno 2] ENOENT'],
      ['open("nope/x", "w")', 'OSError: [Errno 2] ENOENT'],
      ['os.mkdir("d")', 'OSError: [Errno 17] EEXIST'],
      ['os.listdir("f")', 'OSError: 20'],
      ['open("f/x")', 'OSError: 20'],
      ['open("d")', 'OSError: [Errno 21] EISDIR'],
      ['open("d", "w")', 'OSError: [Errno 21] EISDIR'],
      ['os.rename("f", "d")', 'OSError: [Errno 21] EISDIR'],
      ['os.rename("d", "f")', 'OSError: 20'],
      ['os.listdir("/..")', 'OSError: [Errno 22] EINVAL'],
      ['os.remove("d")', 'OSError: 39'],
      ['os.rmdir("nope")', 'OSError: [Errno 2] ENOENT'],
      ['open("x" * 300, "w")', 'OSError: 36'],
      ['[f.write("x" * 10000) for f in [open("big", "w")] for _ in range(300)]', 'OSError: 28'],
    ]);
    const repl = await open();
    await repl.output('import os\nos.mkdir("d")\nopen("d/x", "w").close()\nopen("f", "w").close()');
    const raised = new Map<string, string>();
    for (const code of expected.keys()) raised.set(code, await repl.failure(code));
    expect(raised).toEqual(expected);
  });

  it('has the size of the vfs partition, and tells what is free', async () => {
    const repl = await open();
    const free = 'import os\ns = os.statvfs("/"); print(s[0], s[2], s[3])';
    const [block, total, before] = (await repl.output(free)).trim().split(' ').map(Number);
    expect([block, total]).toEqual([4096, 512]);
    await repl.output('with open("a", "wb") as f: f.write(bytes(100000))');
    expect((await repl.output(free)).trim().split(' ').map(Number)[2]).toBe(before! - 25);
    await repl.output('import os; os.remove("a")');
    expect((await repl.output(free)).trim().split(' ').map(Number)[2]).toBe(before);
  });

  it('fills up, and works on', async () => {
    const repl = await open();
    const fill =
      'f = open("big", "wb")\ntry:\n  while True: f.write(bytes(4096))\nexcept OSError as e: print(e)\nf.close()';
    expect(await repl.output(fill)).toBe('28\r\n');
    // As on a chip: what was written to a file that could not be is lost, and its space is free again.
    const sizes = 'import os\nprint(os.statvfs("/")[3], os.stat("big")[6])';
    expect(await repl.output(sizes)).toBe('509 0\r\n');
    // What is held back until the file is closed may find no space then.
    const pieces =
      'n = 0\ntry:\n  while True:\n    with open("big", "ab") as f: n += f.write(bytes(4000))\nexcept OSError as e: print(e)';
    expect(await repl.output(pieces)).toBe('28\r\n');
    expect(await repl.output('import os\nprint(os.statvfs("/")[3] < 3, os.stat("big")[6] == n)')).toBe(
      'True True\r\n',
    );
    await repl.output('import os; os.remove("big"); open("a", "w").close()');
  });

  it('lists names with types and sizes', async () => {
    const repl = await open();
    await repl.output('import os; os.mkdir("lib"); open("\\u0159 \\u0161.txt", "w").write("12345")');
    expect(await repl.output('print(sorted(os.ilistdir("/")))')).toBe(
      "[('boot.py', 32768, 0, 139), ('lib', 16384, 0, 0), ('\\u0159 \\u0161.txt', 32768, 0, 5)]\r\n",
    );
  });

  it('can be mounted read-only', async () => {
    const repl = await open({ options: 'unpaced&readonly' });
    expect(await repl.failure('open("a", "w")')).toBe('OSError: 30');
    expect(await repl.failure('import os; os.mkdir("a")')).toBe('OSError: 30');
  });

  it('stays when the board is switched off; what was not closed does not', async () => {
    const first = await open({ name: 'stays' });
    await first.output(
      'import os; os.mkdir("d")\nwith open("d/x", "wb") as f: f.write(bytes(range(256)) * 40)\nf = open("y", "w"); f.write("1")',
    );
    await boards.port?.close();
    const second = await open({ name: 'stays' });
    const check = 'import os; print(os.listdir("/"), open("d/x", "rb").read() == bytes(range(256)) * 40)';
    expect(await second.output(check)).toBe("['boot.py', 'd', 'y'] True\r\n");
    expect(await second.output('import os; print(os.stat("y")[6])')).toBe('0\r\n');
  });

  it('is whole after the process was killed in the middle of writing', async () => {
    const script = fileURLToPath(new URL('../support/busy-writer.js', import.meta.url));
    for (const waitMs of [0, 40, 90]) {
      const writer = fork(script, ['sim:killed?unpaced'], { stdio: 'ignore' });
      await once(writer, 'message');
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      const repl = await open({ name: 'killed' });
      // Every version of the file is 9000 bytes of one value.
      const check = 'b = open("file", "rb").read(); print(len(b), len(set(b)))';
      expect(await repl.output(check)).toBe('9000 1\r\n');
      await boards.port?.close();
    }
  }, 30_000);
});

describe('time', () => {
  it('passes on the wire: ten bits a byte', async () => {
    const repl = await open({ options: '' });
    const before = performance.now();
    expect((await repl.output('print("x" * 1152)')).length).toBe(1154);
    const tookMs = performance.now() - before;
    expect(tookMs).toBeGreaterThan(100);
    expect(tookMs).toBeLessThan(1000);
  });

  it('passes when the board writes to flash: 55 ms for 4 KiB', async () => {
    const repl = await open({ options: '' });
    const code =
      'import time\nt = time.ticks_ms()\nwith open("a", "wb") as f: f.write(bytes(12288))\nprint(time.ticks_diff(time.ticks_ms(), t))';
    const tookMs = Number(await repl.output(code));
    expect(tookMs).toBeGreaterThanOrEqual(165);
    expect(tookMs).toBeLessThan(600);
  });

  it('passes while the file is being written, not only when it is closed', async () => {
    const repl = await open({ options: '' });
    const code =
      'import time\nf = open("a", "wb")\nt = time.ticks_ms()\nf.write(bytes(8192))\n' +
      'print(time.ticks_diff(time.ticks_ms(), t))\nt = time.ticks_ms()\nf.close()\nprint(time.ticks_diff(time.ticks_ms(), t))';
    const [writing, closing] = (await repl.output(code)).split('\r\n').map(Number);
    // Two blocks are erased and programmed, 108 ms; what a timer before it was late by is taken off.
    expect(writing).toBeGreaterThanOrEqual(90);
    expect(closing).toBeLessThan(50);
  });

  it('passes when the board reads: a quarter of a second for a megabyte, more for many names', async () => {
    const repl = await open({ options: '' });
    await repl.output('with open("a", "wb") as f: f.write(bytes(16384))');
    const read = 'for _ in range(32):\n  with open("a", "rb") as f: f.read()\n';
    const stat = 'for _ in range(128): os.stat("a")\n';
    for (const work of [read, stat]) {
      const code = `import os, time\nt = time.ticks_ms()\n${work}\nprint(time.ticks_diff(time.ticks_ms(), t))`;
      // 128 ms; what a timer before it was late by is taken off.
      expect(Number(await repl.output(code))).toBeGreaterThanOrEqual(100);
    }
  });

  it('passes in the USB adapter, on the way to the computer', async () => {
    const repl = await open({ options: 'unpaced&latency=20' });
    const before = performance.now();
    await repl.output('1');
    expect(performance.now() - before).toBeGreaterThan(20);
  });
});

describe('the baud rate', () => {
  it('garbles what is sent at another one', async () => {
    const repl = await open({ options: '' });
    await boards.port?.setBaudRate(9600);
    await repl.send('print(1)\x04');
    await boards.port?.setBaudRate(115_200);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(repl.listener.said).not.toContain('1\r\n');
  });

  it('changes with the UART’s registers, and back', async () => {
    const repl = await open({ options: '' });
    await repl.start(
      'import machine, time\nd, c = machine.mem32[0x3ff40014], machine.mem32[0x3ff40020]\ntime.sleep_ms(50)\n' +
        'machine.mem32[0x3ff40020] = c | 1 << 27\nmachine.mem32[0x3ff40014] = 86 | 13 << 20\ntime.sleep_ms(50)\nprint("fast")',
    );
    await boards.port?.setBaudRate(921_600);
    expect((await repl.end()).output).toContain('fast');
    await repl.start(
      'time.sleep_ms(50)\nmachine.mem32[0x3ff40014] = d\nmachine.mem32[0x3ff40020] = c\ntime.sleep_ms(50)\nprint("slow")',
    );
    await boards.port?.setBaudRate(115_200);
    expect((await repl.end()).output).toContain('slow');
  });
});
