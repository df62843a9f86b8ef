import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnWindows } from '../support/peers.js';
import { WindowsComputer } from '../support/windows-computer.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describeOnWindows('the npm pack tarball, on Windows', () => {
  let here: WindowsComputer;
  beforeAll(async () => {
    here = await WindowsComputer.open();
    const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', here.folder];
    const { stdout } = await execa('npm', pack, { cwd: root });
    const [tarball] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
    await writeFile(here.path('package.json'), '{ "private": true }');
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball!.filename}`];
    await execa('npm', install, { cwd: here.folder });
  });
  afterAll(() => here.close());

  it('runs as the upyw.cmd of npm starts it', async () => {
    // `"%_prog%"  "%dp0%\..\upyw\bin\upyw.js" %*`, where dp0 ends with a backslash.
    const script = String.raw`${here.windowsPath('node_modules', '.bin')}\\..\upyw\bin\upyw.js`;
    const version = await here.runNode([script, '--version']);
    expect(version).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
    const ran = await here.runNode([script, '-p', 'sim:new?unpaced', 'exec', 'print("a  b", \'"\')']);
    expect(ran).toMatchObject({ exitCode: 0, stdout: 'a  b "\n', stderr: '' });
    const missing = await here.runNode([script, '-p', 'COM7', 'ls']);
    expect(missing).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('port/not-found') as string,
    });
  });
});
