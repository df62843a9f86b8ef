import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedBoard } from '../support/served-board.js';
import { useSimFolder } from '../support/sim-folder.js';
import { type SwitchedOn, pressReset, switchOn } from '../support/switched-on.js';
import { Workplace } from '../support/virtual-board.js';
import { has } from '../support/systems.js';

describe('Wi-Fi on the virtual board', () => {
  useSimFolder();
  let count = 0;

  async function open(context: TestContext, options: string): Promise<SwitchedOn> {
    const board = await switchOn(`sim:wifi${(count += 1)}?unpaced&${options}`, context);
    await board.repl.output(
      'import network, ntptime, time, socket\nw = network.WLAN(network.STA_IF)\nw.active(True)\n' +
        'def join(*who):\n  w.connect(*who)\n  for _ in range(50):\n    time.sleep_ms(20)\n    if w.isconnected(): break\n' +
        '  print(w.isconnected(), w.status(), w.ifconfig()[0])\n',
    );
    return board;
  }

  it('knows the networks it was given, and only these', async (context) => {
    const { repl } = await open(context, 'wifi=home:correct%20horse&wifi=caf%C3%A9');
    expect(await repl.output('print([(n[0], n[1], n[3], n[4]) for n in w.scan()])')).toBe(
      "[(b'home', b'\\x02\\x00\\x00\\x00\\x00\\x01', -48, 3), (b'caf\\xc3\\xa9', b'\\x02\\x00\\x00\\x00\\x00\\x02', -57, 0)]\r\n",
    );
    expect(await repl.output('join("home", "correct horse")')).toBe('True 1010 192.168.1.100\r\n');
    expect(await repl.output('w.disconnect(); join(b"caf\\xc3\\xa9")')).toBe('True 1010 192.168.1.100\r\n');
    expect(await repl.output('w.disconnect(); join("office", "correct horse")')).toBe(
      'False 201 0.0.0.0\r\n',
    );
    expect(await repl.failure('w.connect("home", "correct horse")')).toBe('OSError: Wifi Internal Error');
    expect(await repl.failure('w.status("rssi")')).toBe('OSError: Wifi Not Connected');
    expect(await repl.failure('ntptime.settime()')).toBe('OSError: -202');
    expect(await repl.failure('w.disconnect(); w.active(False); w.scan()')).toBe(
      'OSError: STA must be active',
    );
  });

  it('stays connected over a soft reset, and the clock goes on over any but that of the EN pin', async (context) => {
    const { repl, port } = await open(context, 'wifi=home:correct%20horse');
    expect(await repl.output('print(time.localtime()[:3])')).toBe('(2000, 1, 1)\r\n');
    await repl.output('join("home", "correct horse"); ntptime.settime()');
    await repl.ask('\x04', 'CTRL-B to exit\r\n>');
    const look = `import network, time\nw = network.WLAN()\nprint(w.isconnected(), time.time() + 946684800 - ${Math.floor(Date.now() / 1000)} in range(60))`;
    expect(await repl.output(look)).toBe('True True\r\n');
    await repl.start('import machine; machine.reset()');
    await repl.until('>>> ');
    await repl.enterRaw();
    expect(await repl.output(look)).toBe('False True\r\n');
    await pressReset(port);
    await repl.until('>>> ');
    await repl.enterRaw();
    expect(await repl.output('import time; print(time.localtime()[:3])')).toBe('(2000, 1, 1)\r\n');
  });

  it('may give no address, or no time', async (context) => {
    const { repl: noDhcp } = await open(context, 'fault=no-dhcp');
    expect(await noDhcp.output('join("home")')).toBe('False 1001 0.0.0.0\r\n');
    const { repl: noNtp } = await open(context, 'fault=no-ntp,slow-wifi:300');
    expect(
      await noNtp.output(
        't = time.ticks_ms(); join("home"); print(time.ticks_diff(time.ticks_ms(), t) >= 300)',
      ),
    ).toBe('True 1010 192.168.1.100\r\nTrue\r\n');
    expect(await noNtp.failure('ntptime.settime()')).toBe('OSError: [Errno 116] ETIMEDOUT');
  });
});

describe('a Wi-Fi password in a board’s address', () => {
  const address = 'sim:secret?unpaced&wifi=home:correct-horse';
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open();
  });
  afterAll(() => here.close());

  it('is in nothing that upyw says', async () => {
    const runs = [
      await here.run('-p', address, 'config'),
      await here.run('-p', address, '--json', 'config'),
      await here.run('-p', address, '--verbose', 'ls', '--trace', 'wire.log'),
      await here.run('-p', address, '--verbose', 'exec', '1/0'),
      await here.run('-p', `${address}%zz`, '--verbose', '--json', 'ls'),
      await here.run('-p', `${address}&nothing`, '--verbose', 'ls'),
      await here.run('-p', `${address}&fault=silence`, '--timeout', '1', '--verbose', '--json', 'ls'),
      await here.run('-p', address.slice(3), 'ls'),
    ];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 4, 2, 2, 3, 2]);
    expect(runs[0]!.stdout).toContain('wifi=home:***');
    expect(runs.map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain('correct-horse');
    expect(readFileSync(here.path('wire.log'), 'utf8')).not.toContain('correct-horse');
  });

  it('is known to the server that was started with it, and in no file', async () => {
    const served = await ServedBoard.start(address);
    try {
      const env = { ...served.env, UPYW_PORT: 'sim:secret' };
      const use = (...args: string[]) => here.start(args, { env });
      const join = 'import network; w = network.WLAN(); w.active(1); w.connect("home", "correct-horse")';
      expect((await use('exec', join)).exitCode).toBe(0);
      expect((await use('-p', address, 'eval', 'network.WLAN().config("ssid")')).stdout).toBe('home\n');
      const other = await use('-p', `${address}2`, 'ls');
      expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('sim/bad-option')]);
      const lock = lockFile(served);
      expect(readFileSync(lock, 'utf8')).not.toContain('correct-horse');
      if (has('file modes')) expect(statSync(lock).mode & 0o777).toBe(0o600);
    } finally {
      await served.stop();
    }
    const { stdout, stderr } = await served.server;
    expect(stdout + stderr).not.toContain('correct-horse');
  });
});

function lockFile(served: ServedBoard): string {
  return join(served.env['UPYW_SIM_DIR'] ?? '', 'secret', 'lock.json');
}
