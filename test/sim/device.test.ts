import { readFile } from 'node:fs/promises';
import { type TestContext, describe, expect, it } from 'vitest';
import { useSimFolder } from '../support/sim-folder.js';
import { type SwitchedOn, pressReset, switchOn } from '../support/switched-on.js';

const password = 'correct horse';
const config = `wifi_ssid = 'lab'\nwifi_passwd = '${password}'\n`;
const lab = 'wifi=lab:correct%20horse';

// Each on a board of its own, several at once: most of the time they wait for Wi-Fi.
describe.concurrent('the workshop’s modules on the virtual board', () => {
  useSimFolder();
  let count = 0;

  /** A new board with the workshop's modules and these files. */
  async function open(
    context: TestContext,
    options: string,
    files: Record<string, string> = {},
  ): Promise<SwitchedOn> {
    const board = await switchOn(`sim:device${(count += 1)}?unpaced&${options}`, context);
    for (const name of ['wifi_and_ntp.py', 'io.py', 'aswitch.py', 'api_test.py']) {
      files[name] = await readFile(new URL(`../../device/${name}`, import.meta.url), 'utf8');
    }
    for (const [name, text] of Object.entries(files)) {
      await board.repl.output(`with open('${name}', 'w') as f: f.write(${JSON.stringify(text)})`);
    }
    return board;
  }

  const boot = 'import wifi_and_ntp\nwifi_and_ntp.startup()\n';

  it('boot.py joins the network and sets the clock', async (context) => {
    const { repl, port } = await open(context, lab, {
      'config.py': `${config}utc_offset_minutes = 60\nwifi_hostname = 'desk7'`,
      'boot.py': boot,
    });
    await pressReset(port);
    const said = await repl.until('>>> ');
    expect(said).toMatch(
      /wifi_and_ntp: connecting to lab\r\n\.+\r\nwifi_and_ntp: connected ip=192\.168\.1\.100 rssi=-48 after=\d\.\d s\r\n/,
    );
    expect(said).toMatch(/clock set 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC\+01:00\r\n.*done after=\d\.\d s\r\n/);
    expect(said).not.toContain(password);
    await repl.enterRaw();
    expect(await repl.output('import network; print(network.hostname())')).toBe('desk7\r\n');
    const seconds = Number(await repl.output('import time; print(time.time() + 946684800)'));
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(30);
  });

  it('the starter main.py runs after it', async (context) => {
    const main = await readFile(new URL('../../templates/main.py', import.meta.url), 'utf8');
    const { repl, port } = await open(context, lab, {
      'config.py': config,
      'boot.py': boot,
      'main.py': main,
    });
    await pressReset(port);
    const said = await repl.until('>>> ');
    expect(said).toMatch(
      /done after.*\r\nIt is \d\d:\d\d\. This is main\.py\.\r\n(?:LED on pin 2: o(?:n|ff)\r\n){6}/,
    );
    expect(said).not.toContain('Traceback');
  });

  it('after a soft reset the connection is used that is there', async (context) => {
    const { repl, port } = await open(context, lab, { 'config.py': config, 'boot.py': boot });
    await pressReset(port);
    await repl.until('>>> ');
    await repl.send('\x04');
    expect(await repl.until('done after')).toMatch(
      /connecting to lab\r\n[^.]*connected ip=192\.168\.1\.100 /,
    );
  });

  it('Ctrl-C ends boot.py, and main.py is not run', async (context) => {
    const { repl, port } = await open(context, `${lab}&fault=slow-wifi:60000`, {
      'config.py': config,
      'boot.py': boot,
      'main.py': 'print("main runs")',
    });
    await pressReset(port);
    await repl.until('...');
    await repl.send('\x03');
    const said = await repl.until('>>> ');
    expect(said).toMatch(/wifi_and_ntp: interrupted\r\nTraceback[^]*KeyboardInterrupt/);
    expect(said).not.toContain('main runs');
  });

  // Its own patience is tried with a clock that needs no time, in test/peers.
  const hurry = 'import wifi_and_ntp as w\nw._PATIENCE_MS = 600\n';

  it.for<[string, string, string]>([
    ['no such network', 'wifi=office:correct%20horse', config],
    ['wrong password', 'wifi=lab:another%20one', config],
    ['wrong password', lab, "wifi_ssid = 'lab'\nwifi_passwd = 'short'"],
    ['other security', lab, "wifi_ssid = 'lab'"],
    ['no address', `${lab}&fault=no-dhcp`, config],
    ['not connected (status 1001)', `${lab}&fault=slow-wifi:9000`, config],
    ['no ssid', lab, ''],
  ])('tells what is wrong and goes on: %s', async ([reason, options, text], context) => {
    const { repl } = await open(context, options, { 'config.py': text });
    const said = await repl.output(`${hurry}print(w.wifi_connect(timeout_s=2))`);
    const lines = said.split('\r\n').filter((line) => line !== "wifi_and_ntp: in range: ['office']");
    expect(lines.at(-3)?.startsWith(`wifi_and_ntp: ${reason}: `), said).toBe(true);
    expect(said).toMatch(/\r\nNone\r\n$/);
    expect(said).not.toContain(password);
  });

  it('goes on without the time', async (context) => {
    const { repl } = await open(context, `${lab}&fault=no-ntp`, { 'config.py': config });
    const said = await repl.output('import wifi_and_ntp as w\nw._NTP_PAUSE_MS = 10\nprint(w.startup())');
    expect(said).toMatch(
      /no time from pool\.ntp\.org: OSError \[Errno 116\] ETIMEDOUT[^]*done after=\d\.\d s\r\nFalse\r\n$/,
    );
  });

  it('without config.py it says what to do', async (context) => {
    const { repl } = await open(context, lab);
    expect(await repl.output('import wifi_and_ntp; wifi_and_ntp.startup()')).toMatch(
      /no ssid: set wifi_ssid/,
    );
  });

  it('io is found before the built-in one and does all that it does', async (context) => {
    const { repl } = await open(context, '');
    expect(
      await repl.output(
        'import io\nprint(hasattr(io, "blink"), io.StringIO("text").read(), io.BytesIO(b"b").read())\n' +
          'io.blink(1, 10)\nprint(io.read_adc())',
      ),
    ).toMatch(/^True text b'b'\r\nLED on pin 2: on\r\nLED on pin 2: off\r\n\(\d+, \d\.\d+\)\r\n$/);
  });

  it('the demos of buttons run, and end by Ctrl-C', async (context) => {
    const { repl } = await open(context, '');
    expect(await repl.output('import io\nio.test_blocking_input(0.3)')).toBe(
      'button on pin 18: released\r\nbutton on pin 19: released\r\n',
    );
    expect(await repl.output('io.test_non_blocking_irq(1)')).toBe('tick\r\n');
    for (const name of ['test_blocking_input', 'test_non_blocking_irq', 'test_non_blocking_asyncio']) {
      await repl.start(`io.${name}()`);
      await repl.until('\r\n');
      await repl.send('\x03');
      expect((await repl.end()).error, name).toContain('KeyboardInterrupt');
    }
    expect(await repl.output('io.test_non_blocking_asyncio(1)')).toBe('tick\r\n');
  });
});
