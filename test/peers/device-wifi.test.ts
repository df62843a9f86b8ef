import { expect, it } from 'vitest';
import { runOnDevice } from '../support/device-code.js';
import { describeWithPeers } from '../support/peers.js';

const password = 'correct horse';
const config = `wifi_ssid = 'lab'\nwifi_passwd = '${password}'\n`;

/** What startup() says, without the dots; the last line is what it returned and when, by the clock of the stand-ins. */
async function startUp(
  scene: string,
  {
    files = { 'config.py': config },
    call = 'startup()',
  }: { files?: Record<string, string>; call?: string } = {},
): Promise<string[]> {
  const { lines, errors } = await runOnDevice(
    `import network, time, ntptime\n${scene}\nimport wifi_and_ntp\nprint(wifi_and_ntp.${call}, time.elapsed())`,
    files,
  );
  expect(errors).toBe('');
  expect(lines.join('\n')).not.toContain(password);
  return lines.filter((line) => !/^\.*$/.test(line)).map((line) => line.replace(/^wifi_and_ntp: /, ''));
}

const lab = (more = ''): string => `network.air = {'lab': {'password': '${password}'${more}}}`;
const joined = [
  'connected ip=192.168.1.7 rssi=-50 after=1.5 s',
  'ip configuration: 192.168.1.7 255.255.255.0 192.168.1.1 192.168.1.53',
];
const old = 'network.tells_at_once = False';

describeWithPeers('wifi_and_ntp on real MicroPython', ['micropython'], () => {
  it('joins the network of config.py and sets the clock', async () => {
    expect(await startUp(lab())).toEqual([
      'connecting to lab',
      ...joined,
      'clock set 2026-11-23 03:49:45 UTC',
      'done after=1.5 s',
      'True 1540',
    ]);
  });

  it('shows dots while it waits', async () => {
    const { lines } = await runOnDevice(
      `import network\n${lab()}\nimport wifi_and_ntp\nwifi_and_ntp.startup()`,
      {
        'config.py': config,
      },
    );
    expect(lines[1]).toBe('......');
  });

  it.each([
    ['wrong password', 14_500, lab(", 'password': 'another one'")],
    ['wrong password', 14_500, `${old}\n${lab(", 'password': 'another one'")}`],
    ['wrong password', 10_000, lab(", 'password': 'another one', 'says': 202")],
    ['wrong password', 10_000, lab(", 'password': 'another one', 'says': 205")],
    ['no such network', 10_000, ''],
    ['no such network', 10_000, old],
    ['no such network', 20_000, `${old}\nnetwork.knows_reconnects = False`],
    ['other security', 10_000, lab(", 'refuses': 210")],
    ['not connected (status 203)', 10_000, lab(", 'refuses': 203")],
    ['no address', 20_000, lab(", 'dhcp': False")],
    ['no address', 20_000, `${old}\n${lab(", 'dhcp': False")}`],
    ['no address', 20_000, `network.WLAN()._reason = 201\n${lab(", 'dhcp': False")}`],
    ['not connected (status 1001)', 20_000, lab(", 'join_ms': 60000")],
  ])('gives up with a reason and in a bounded time: %s', async (reason, ms, scene) => {
    const lines = await startUp(scene);
    const heard = reason === 'no such network' ? lines.splice(-3, 1) : [];
    expect(heard).toEqual(reason === 'no such network' ? ['in range: []'] : []);
    expect(lines.at(-3)?.startsWith(`${reason}: `)).toBe(true);
    expect(lines.at(-2)).toBe(`done after=${(ms / 1000).toFixed(1)} s`);
    expect(lines.at(-1)).toBe(`False ${ms}`);
    expect(lines.filter((line) => line.startsWith('connected'))).toEqual([]);
    // An address that does not come is waited for to the end; what failed sooner is tried again, for the same reason.
    const tries = lines.filter((line) => line.startsWith('retrying'));
    expect(tries).toEqual(ms < 20_000 ? [`retrying: ${reason}`] : []);
  });

  it.each([
    ['a network that takes its time', lab(", 'join_ms': 12000"), 12_000],
    [
      'the failure of an earlier attempt, which the chip still reports',
      `${lab()}\nnetwork.WLAN()._reason = 202`,
      1_500,
    ],
    [
      'a network that appears later',
      `time.at(6000, network.air.update, dict(lab=dict(password='${password}')))`,
      9_000,
    ],
    ['an open network', "network.air = {'lab': {'password': None}}", 1_500],
  ])('has patience with %s', async (what, scene, ms) => {
    const files = { 'config.py': what.includes('open') ? "wifi_ssid = 'lab'" : config };
    const lines = await startUp(scene, { files });
    expect(lines.at(-1)).toMatch(/^True /);
    const [, seconds] = /after=(\S+) s/.exec(lines.find((line) => line.startsWith('connected')) ?? '') ?? [];
    expect(Math.abs(Number(seconds) * 1000 - ms)).toBeLessThan(1_000);
  });

  it('asks for the time again, and goes on without it', async () => {
    expect((await startUp(`${lab()}\nntptime.failures = 2`)).at(-3)).toBe(
      'clock set 2026-11-23 03:49:45 UTC',
    );
    const lines = await startUp(`${lab()}\nntptime.failures = 9`, {
      files: { 'config.py': `${config}ntp_host = 'ntp.lab'` },
    });
    expect(lines.at(-3)).toMatch(/^no time from ntp\.lab: OSError 116/);
    expect(lines.slice(-2)).toEqual(['done after=6.5 s', 'False 6500']);
  });

  it('prints the time with the offset, keeps the clock in UTC, asks the host of config.py', async () => {
    const files = { 'config.py': `${config}utc_offset_minutes = -210\nntp_host = 'ntp.lab'` };
    const { lines } = await runOnDevice(
      [
        'import network, time, ntptime',
        lab(),
        'import wifi_and_ntp as w',
        'w.startup()',
        'print(time.gmtime(time.time())[:6], w.local_time(), ntptime.host)',
      ].join('\n'),
      files,
    );
    expect(lines.slice(-3)).toEqual([
      'wifi_and_ntp: clock set 2026-11-23 00:19:45 UTC-03:30',
      'wifi_and_ntp: done after=1.5 s',
      '(2026, 11, 23, 3, 49, 45) (2026, 11, 23, 0, 19, 45, 0, 327) ntp.lab',
    ]);
  });

  it('works without config.py', async () => {
    expect(await startUp('', { files: {} })).toEqual([
      'no ssid: set wifi_ssid in config.py, or call wifi_and_ntp.startup("ssid", "password")',
      'done after=0.0 s',
      'False 0',
    ]);
    const lines = await startUp(lab(), { files: {}, call: `startup('lab', '${password}')` });
    expect(lines.at(-1)).toBe('True 1540');
  });

  it.each([
    ['a NameError', `wifi_passwd = ${password.replace(' ', '_')}\n`],
    ['a SyntaxError', `wifi_passwd = '${password}\n`],
    ['a ValueError', `raise ValueError('${password}')\n`],
  ])('a config.py with %s is told without what stands in it', async (what, text) => {
    const lines = await startUp('', { files: { 'config.py': text } });
    expect(lines[0]).toBe(`config.py: ${what.slice(2)}; see where with: import config`);
    expect(lines.join()).not.toContain('correct');
  });

  it('a name with line breaks is shown on one line, a password that no network can have is told at once', async () => {
    const lines = await startUp('', { call: `startup('a\\nb', 'short')` });
    expect(lines[0]).toBe(String.raw`connecting to 'a\nb'`);
    expect(lines.at(-3)).toMatch(/^wrong password: /);
    expect(lines.at(-1)).toBe('False 0');
  });

  it('hostname and country are set before the radio is switched on, or as old firmware wants it', async () => {
    const files = { 'config.py': `${config}wifi_hostname = 'desk7'\nwifi_country = 'CZ'` };
    const calls = async (scene: string): Promise<string | undefined> =>
      (
        await runOnDevice(
          `import network\n${scene}\nimport wifi_and_ntp as w\nw.startup()\nprint(network.calls)`,
          files,
        )
      ).lines.at(-1);
    expect(await calls(lab())).toBe("['country CZ', 'hostname desk7', 'active', 'connect']");
    expect(await calls(`${lab()}\ndel network.hostname, network.country`)).toBe(
      "['active', 'dhcp_hostname desk7', 'connect']",
    );
    const strict = 'def hostname(name): raise ValueError("too long")\nnetwork.hostname = hostname';
    expect((await startUp(`${lab()}\n${strict}`, { files })).slice(1, 3)).toEqual([
      'hostname not taken: ValueError too long',
      joined[0],
    ]);
  });

  it('a second startup, and a second import, use the connection that is there', async () => {
    const { lines } = await runOnDevice(
      [
        'import network, sys, time',
        lab(),
        'import wifi_and_ntp',
        'wifi_and_ntp.startup()',
        "del sys.modules['wifi_and_ntp']",
        'import wifi_and_ntp',
        'print(wifi_and_ntp.startup(), time.elapsed(), network.calls)',
      ].join('\n'),
      { 'config.py': config },
    );
    expect(lines.at(-1)).toBe("True 1580 ['active', 'connect', 'active']");
    expect(lines.filter((line) => line.includes('connected ip'))).toHaveLength(2);
  });

  it('knows the connection on old firmware too, and takes over from a program that is still connecting', async () => {
    const again = await startUp(`${old}\n${lab()}\nimport wifi_and_ntp\nwifi_and_ntp.startup()`);
    expect(again.filter((line) => line.startsWith('connected'))).toEqual([
      joined[0],
      'connected ip=192.168.1.7 rssi=-50 after=0.0 s',
    ]);
    const busy = "w = network.WLAN()\nw.active(True)\nw.connect('office', '12345678')";
    expect((await startUp(`${lab()}\n${busy}`)).slice(1, 3)).toEqual(joined);
  });

  it('leaves the chip joining again for ever after success, and idle after failure', async () => {
    const state = async (scene: string): Promise<string | undefined> =>
      (
        await runOnDevice(
          `import network, time\n${scene}\nimport wifi_and_ntp as w\nw.startup()\nprint(network.WLAN()._reconnects, network.WLAN()._wanted)`,
          { 'config.py': config },
        )
      ).lines.at(-1);
    expect(await state(lab())).toBe('0 True');
    expect(await state('')).toBe('2 False');
    expect(await state(lab(", 'dhcp': False"))).toBe('2 False');
  });

  it('joins the other network when it is connected to one', async () => {
    const lines = await startUp(
      `network.air = {'one': {}, 'two': {}}\nimport wifi_and_ntp\nwifi_and_ntp.startup('one')`,
      { call: "startup('two')" },
    );
    expect(lines.filter((line) => line.startsWith('connect'))).toEqual([
      'connecting to one',
      joined[0],
      'connecting to two',
      joined[0],
    ]);
  });

  it.each([100, 4_000, 8_000, 9_020])('Ctrl-C gets through after %i ms', async (ms) => {
    const { lines, errors } = await runOnDevice(
      [
        'import network, time, ntptime',
        lab(", 'join_ms': 9000"),
        'def stop(): raise KeyboardInterrupt',
        `time.at(${ms}, stop)`,
        'import wifi_and_ntp',
        'wifi_and_ntp.startup()',
        "print('went on')",
      ].join('\n'),
      { 'config.py': config },
    );
    expect(lines.at(-1)).toBe('wifi_and_ntp: interrupted');
    expect(errors).toMatch(/KeyboardInterrupt: ?$/);
  });

  it.each([
    ['no network module to speak of', "import sys\nsys.modules['network'] = None"],
    ['a password that is a number', ''],
    [
      'a radio that fails',
      'def active(self, on=None): raise RuntimeError("radio")\nnetwork.WLAN.active = active',
    ],
  ])('what nobody expected does not stop boot: %s', async (_, scene) => {
    const lines = await startUp(scene, { call: "startup('lab', 12345678)" });
    expect(lines.at(-3)).toMatch(/^failed: \w+Error /);
    expect(lines.at(-1)).toBe('False 0');
  });
});
