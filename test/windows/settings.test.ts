import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnWindows } from '../support/peers.js';
import { secretInFiles as password } from '../support/secrets.js';
import { WindowsComputer } from '../support/windows-computer.js';

/** What PowerShell 5 writes: `'…' > file`. */
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

describeOnWindows('where upyw keeps things on Windows', () => {
  let here: WindowsComputer;
  let user: string;
  beforeAll(async () => {
    here = await WindowsComputer.open();
    user = await here.userFolder();
    await writeFile(here.path('package.json'), '{}');
  });
  afterAll(() => here.close());

  it('the user’s own settings are in %APPDATA%, and the project’s are stronger', async () => {
    await mkdir(join(user, 'AppData/Roaming/upyw'));
    await writeFile(join(user, 'AppData/Roaming/upyw/config.yaml'), 'turbo: true\ntimeout: 70\n');
    await writeFile(here.path('upyw.config.yaml'), 'turbo: false\n');
    await mkdir(here.path('a/b'), { recursive: true });
    const { stdout } = await here.run(['config', '--json'], { cwd: here.path('a/b') });
    expect(JSON.parse(stdout)).toMatchObject({
      settings: {
        turbo: { value: false, from: { kind: 'project', name: here.windowsPath('upyw.config.yaml') } },
        timeout: {
          value: 70,
          from: {
            kind: 'user',
            name: expect.stringMatching(/^C:\\users\\.*\\AppData\\Roaming\\upyw\\config\.yaml$/) as string,
          },
        },
      },
    });
  });

  it('settings that are code are run, wherever the drive is', async () => {
    await mkdir(here.path('code'));
    await writeFile(here.path('code/upyw.config.mjs'), 'export default { timeout: 60 + 5 };\n');
    const { stdout } = await here.run(['config', '--json'], { cwd: here.path('code') });
    expect(JSON.parse(stdout)).toMatchObject({ settings: { timeout: { value: 65 } } });
  });

  it('virtual boards are in %LOCALAPPDATA%', async () => {
    const ran = await here.run(['-p', 'sim:desk?unpaced', 'ls'], { env: { UPYW_SIM_DIR: '' } });
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readdir(join(user, 'AppData/Local/upyw/sim'))).toEqual(['desk']);
  });

  it('secrets, traces and what the board says end where they are asked for; a password is in none', async () => {
    await mkdir(here.path('class'));
    const wifi = `sim:wifi?unpaced&wifi=workshop:${password}`;
    await writeFile(here.path('class/upyw.config.yaml'), `port: '${wifi}'\nwifi: { ssid: workshop }\n`);
    await writeFile(here.path('class/upyw.secrets.yaml'), `wifi: { password: ${password} }\n`);
    const cwd = here.path('class');
    const trace = String.raw`${here.windowsPath('wire.txt')}`;
    const ran = await here.run(['provision', '--no-check', '--trace', trace], { cwd });
    expect(ran).toMatchObject({ exitCode: 0 });
    const wire = await readFile(here.path('wire.txt'), 'utf8');
    expect(wire).toContain('bytes');
    expect(wire).not.toContain(Buffer.from(password).toString('hex').slice(0, 16));
    expect((await here.run(['config'], { cwd })).stdout).not.toContain(password);
  });

  it('what PowerShell 5 writes is told as UTF-16, be it settings or a program', async () => {
    await mkdir(here.path('shell'));
    const cwd = here.path('shell');
    await writeFile(here.path('shell/upyw.config.json'), utf16('{ "baud": 115200 }\r\n'));
    const settings = await here.run(['config', '--json'], { cwd });
    expect(JSON.parse(settings.stdout)).toMatchObject({
      error: { code: 'config/unreadable', message: expect.stringContaining('UTF-16') as string },
    });
    await writeFile(here.path('blink.py'), utf16('print(1)\r\n'));
    expect(await here.failure('-p', 'sim:desk?unpaced', 'run', 'blink.py')).toMatchObject({
      code: 'file/encoding',
      message: expect.stringContaining('UTF-16') as string,
    });
    const piped = await here.run(['-p', 'sim:desk?unpaced', '--json', 'run', '-'], {
      input: utf16('print(1)'),
    });
    expect(JSON.parse(piped.stdout)).toMatchObject({ error: { code: 'file/encoding' } });
  });
});
