import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoPassword } from '../../src/commands/setup/demo/steps.js';
import { afterSignal } from '../support/systems.js';
import { Workplace } from '../support/virtual-board.js';

describe('upyw sim', () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open();
  });
  afterAll(() => here.close());

  test('list and reset', async () => {
    expect((await here.run('sim', 'list')).stderr).toContain('no virtual board has been used yet');
    await here.ok('mkdir', 'lib', '-p', 'sim:desk1?unpaced');
    expect(await here.ok('sim', 'list')).toBe('sim:desk1  off\n');
    expect((await here.run('sim', 'reset', 'desk1', '-n')).stderr).toContain('would make sim:desk1 new');
    expect(await here.ok('ls', '-p', 'sim:desk1?unpaced')).toBe('boot.py\nlib/\n');
    await here.ok('sim', 'reset', 'sim:desk1');
    expect(await here.ok('ls', '-p', 'sim:desk1?unpaced')).toBe('boot.py\n');
    expect(await here.failure('sim', 'reset', 'desk2')).toMatchObject({ code: 'sim/not-found', exitCode: 1 });
    expect(await here.failure('sim', 'reset', 'a/b')).toMatchObject({ code: 'sim/bad-name', exitCode: 2 });
    expect(await here.failure('ls', '-p', 'sim:?nothing')).toMatchObject({
      code: 'sim/bad-option',
      exitCode: 2,
    });
    expect(await here.failure('sim')).toMatchObject({ code: 'usage/arguments', exitCode: 2 });
  });

  test('where the network is gone with the last command, says how to keep it', async () => {
    const code = 'import requests; requests.get("http://a.example/posts/1")';
    expect(await here.failure('exec', code)).toMatchObject({
      code: 'run/exception',
      hint: expect.stringMatching(/switched off after each command.*upyw sim serve$/) as string,
    });
  });

  test('serve keeps a board switched on for others, and Ctrl-C switches it off', async () => {
    const server = here.start([
      'sim',
      'serve',
      '-p',
      'sim:desk3?unpaced',
      '--listen',
      '127.0.0.1:0',
      '--json',
    ]);
    const first = await new Promise<string>((resolve) =>
      server.stdout.once('data', (bytes) => {
        resolve(String(bytes));
      }),
    );
    const { url, name } = JSON.parse(first) as { url: string; name: string };
    expect(name).toBe('desk3');
    await here.ok('exec', 'x = 41', '-p', 'sim:desk3');
    expect(await here.ok('eval', 'x + 1', '-p', url), 'its RAM lives on').toBe('42\n');
    expect(await here.ok('sim', 'list')).toMatch(/^sim:desk3 +on: upyw sim serve \(process \d+\)$/m);
    expect(await here.failure('sim', 'reset', 'desk3')).toMatchObject({ code: 'port/busy', exitCode: 3 });
    expect(await here.failure('sim', 'serve', '-p', 'COM3')).toMatchObject({
      code: 'usage/bad-value',
      exitCode: 2,
    });
    server.kill('SIGINT');
    expect((await server).exitCode).toBe(afterSignal(0));
    expect(await here.ok('sim', 'list')).toMatch(/^sim:desk3 +off$/m);
  });

  test('the demo does what it shows', { timeout: 60_000 }, async () => {
    const { exitCode, stdout, stderr } = await here.run('demo');
    expect(exitCode).toBe(0);
    expect(stdout + stderr).not.toContain(demoPassword);
    const commands = [...stdout.matchAll(/^\$ upyw -p \S+ (\w+)/gm)].map(([, command]) => command);
    expect(commands).toEqual(['flash', 'provision', 'ls', 'exec', 'run', 'exec']);
    expect(stdout).toMatch(/verified: 2\d\d kB written/);
    for (const said of ['connected to "workshop"', 'boot.py', 'LED on pin 2: off', 'IndexError', '1.800 V'])
      expect(stdout).toContain(said);
  });
});
