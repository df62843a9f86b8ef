import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configHeader } from '../../src/provision/render-config.js';
import { secretInFiles as password } from '../support/secrets.js';
import { Workplace } from '../support/virtual-board.js';

/** Each on a board of its own, all at once: most of the time is the board's own patience. */
describe.concurrent('upyw provision and bad luck', { timeout: 90_000 }, () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open({ inTest: true });
    await writeFile(here.path('package.json'), '{}');
    await writeFile(here.path('upyw.config.yaml'), 'wifi: { ssid: workshop }\n');
    await writeFile(here.path('upyw.secrets.yaml'), `wifi: { password: ${password} }\n`, { mode: 0o600 });
  });
  afterAll(() => here.close());

  const inReach = `wifi=workshop:${password}`;

  test.each([
    [
      'absent',
      inReach,
      ['--ssid', 'elsewhere'],
      'provision/no-network',
      /finds no network "elsewhere"; it hears "workshop"/,
    ],
    [
      'wrong',
      inReach,
      ['--password', 'not-that-one'],
      'provision/wrong-password',
      /"workshop" does not accept/,
    ],
    ['nodhcp', 'fault=no-dhcp', [], 'provision/no-address', /joined "workshop", but got no address/],
  ])('%s', async (name, options, args, code, message) => {
    const error = await here.failure('provision', '-p', `sim:${name}?unpaced&${options}`, ...args);
    expect(error).toMatchObject({ code, exitCode: 1 });
    expect(error.message).toMatch(message);
    expect(error.hint).toContain('run upyw provision again');
    expect(JSON.stringify(error)).not.toMatch(/tell-nobody|not-that-one/);
  });

  test('no time: a warning, for Wi-Fi works', async () => {
    const ran = await here.run('provision', '-p', 'sim:nontp?unpaced&fault=no-ntp');
    expect([ran.exitCode, ran.stdout]).toEqual([0, expect.stringMatching(/^connected to "workshop" .*\n$/)]);
    expect(ran.stderr).toMatch(
      /! the clock is not set: no time from pool\.ntp\.org: .* open\? Wi-Fi works; .* --ntp-host/,
    );
  });

  test('Wi-Fi that takes longer than one waits: not connected in time', async () => {
    const port = 'sim:slow?unpaced&fault=slow-wifi:30000';
    const error = await here.failure('provision', '-p', port, '--timeout', '5');
    expect(error).toMatchObject({ code: 'provision/not-in-time', exitCode: 1 });
    expect(error.message).toBe('the board is not connected to "workshop" within 5 s');
    expect(error.hint).toContain('upyw provision --timeout 60');
  });

  test('a boot.py that blocks, then one that never ends: interrupted, provisioned, told about', async () => {
    const port = 'sim:loop?unpaced';
    const boot = async (code: string) => {
      await writeFile(here.path('boot.py'), code);
      await here.ok('put', '-p', port, 'boot.py');
    };
    await boot('import time\ntime.sleep(20)\n');
    await here.ok('provision', '-p', port, '--no-check');
    await boot('import time\nwhile True: time.sleep(1)\n');
    const error = await here.failure('provision', '-p', port, '--timeout', '5');
    expect(error).toMatchObject({ code: 'provision/not-started', exitCode: 1 });
    expect(error.message).toMatch(/has not started Wi-Fi within 5 s/);
    expect(await here.ok('cat', '-p', port, ':boot.py')).toMatch(
      /^import time\nwhile .*\nimport wifi_and_ntp /,
    );
  });

  test.each([300, 3_000, 11_000, 14_000, 20_500, 23_500])(
    'power lost after %i bytes: the board starts as before, a second run completes',
    async (bytes) => {
      const port = `sim:lost${bytes}?unpaced`;
      // A file for each: these tests run at the same time.
      await writeFile(here.path(`whole${bytes}.py`), 'print("boot is whole")\n');
      await here.ok('put', '-p', port, `whole${bytes}.py`, ':boot.py');
      const lost = await here.failure('provision', '-p', `${port}&fault=power-loss:${bytes}`, '--no-check');
      expect(lost).toMatchObject({ code: 'port/lost', exitCode: 3 });
      expect(await here.ok('cat', '-p', port, ':boot.py')).toBe('print("boot is whole")\n');
      expect(await here.ok('provision', '-p', port)).toContain('connected to "workshop"');
      expect(await here.ok('cat', '-p', port, ':config.py')).toContain(configHeader);
      expect(await here.ok('ls', '-p', port)).not.toContain('upyw');
    },
  );
});
