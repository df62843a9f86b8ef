import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnWindows } from '../support/peers.js';
import { secretInFiles as password } from '../support/secrets.js';
import { WindowsComputer } from '../support/windows-computer.js';

describeOnWindows('the whole chip and its setting up, on Windows and virtual boards', () => {
  let here: WindowsComputer;
  beforeAll(async () => {
    here = await WindowsComputer.open();
    await writeFile(here.path('package.json'), '{}');
    await writeFile(here.path('main.py'), 'print("hello")\r\n');
  });
  afterAll(() => here.close());

  it('chip, backup, erase, restore, verify, flash', async () => {
    const chip = ['-p', 'sim:chip'];
    const server = here.console(['sim', 'serve', '-p', 'sim:chip?unpaced', '--listen', '127.0.0.1:0']);
    await server.see('rfc2217://');
    await here.ok(...chip, 'put', 'main.py');
    expect(await here.ok(...chip, 'chip')).toContain('ESP32');
    await here.ok(...chip, 'backup', 'chip.bin');
    await here.ok(...chip, 'erase', '--yes');
    expect(await here.failure(...chip, '--timeout', '2', 'ls')).toMatchObject({ exitCode: 3 });
    await here.ok(...chip, 'restore', 'chip.bin', '--yes');
    expect(await here.ok(...chip, 'verify', 'chip.bin')).toContain('chip.bin');
    expect(await here.ok(...chip, 'ls')).toBe('boot.py\nmain.py\n');
    await here.ok(...chip, 'flash', '--yes');
    expect(await here.ok(...chip, 'ls')).toBe('boot.py\n');
  });

  it('provision, and back', async () => {
    const wifi = `sim:wifi?unpaced&wifi=workshop:${password}`;
    await mkdir(here.path('class'));
    await writeFile(here.path('class/upyw.config.yaml'), `port: '${wifi}'\nwifi: { ssid: workshop }\n`);
    await writeFile(here.path('class/upyw.secrets.yaml'), `wifi: { password: ${password} }\n`);
    const cwd = here.path('class');
    expect((await here.run(['provision'], { cwd })).stdout).toMatch(/^connected to "workshop"/);
    expect((await here.run(['ls'], { cwd })).stdout).toContain('wifi_and_ntp.py');
    expect(await here.run(['provision', '--undo'], { cwd })).toMatchObject({ exitCode: 0 });
    expect((await here.run(['ls'], { cwd })).stdout).not.toContain('wifi_and_ntp.py');
  });

  it('the demo, in processes of its own', async () => {
    expect(await here.ok('demo')).toContain('LED on pin 2: off');
  });
});
