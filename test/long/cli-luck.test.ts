import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workplace } from '../support/virtual-board.js';
import { afterSignal, describeWith, has, testWith } from '../support/systems.js';

const forever = 'while True: print("y" * 50)';

describe('bad luck', () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open();
    await writeFile(here.path('old.bin'), new Uint8Array(300).fill(1));
    await writeFile(here.path('new.bin'), randomBytes(30_000));
  });
  afterAll(() => here.close());

  describeWith(
    'signals for other processes',
    'a program is interrupted, with exit code 130, and the port is free at once',
    () => {
      test.each(['SIGINT', 'SIGTERM'] as const)('%s', async (signal) => {
        const running = here.start(['exec', forever]);
        await new Promise((resolve) => running.stdout.once('data', resolve));
        running.kill(signal);
        const { exitCode, stderr } = await running;
        expect(exitCode).toBe(130);
        expect(stderr).toMatch(/✘ interrupted\n→ .*\n {2}run\/interrupted\n$/);
        expect(await here.ok('eval', '1')).toBe('1\n');
      });
    },
  );

  testWith(
    'signals for other processes',
    'Ctrl-C twice does not wait for a board that says nothing',
    async () => {
      const running = here.start(['ls', '-p', 'sim:?unpaced&fault=silence:0', '--timeout', '60']);
      await expect
        .poll(async () => (await here.run('sim', 'list')).stdout, { timeout: 10_000 })
        .toContain('on:');
      running.kill('SIGINT');
      running.kill('SIGINT');
      expect((await running).exitCode).toBe(130);
      expect(await here.ok('eval', '1')).toBe('1\n');
    },
  );

  test('a transfer that is interrupted, or whose board loses power, leaves the old file whole and nothing else', async () => {
    await here.ok('put', 'old.bin', ':data.bin');
    const running = here.start(['put', 'new.bin', ':data.bin', '-p', 'sim:', '--trace', 'wire.log']);
    // So much has gone over the wire that the transfer is under way.
    await expect
      .poll(
        () =>
          stat(here.path('wire.log')).then(
            ({ size }) => size,
            () => 0,
          ),
        { timeout: 10_000, interval: 20 },
      )
      .toBeGreaterThan(20_000);
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(afterSignal(130));
    const lost = await here.failure(
      'put',
      'new.bin',
      ':data.bin',
      '-p',
      'sim:?unpaced&fault=power-loss:9000',
    );
    expect(lost).toMatchObject({ code: 'port/lost', exitCode: 3 });
    expect(await here.ok('ls', '-l')).toBe('139  boot.py\n300  data.bin\n');
    await here.ok('get', 'data.bin');
    expect(await readFile(here.path('data.bin'))).toEqual(await readFile(here.path('old.bin')));
    expect(await readdir(here.folder)).toEqual(['.boards', 'data.bin', 'new.bin', 'old.bin', 'wire.log']);
  });

  test('a board that says nothing: what it last said, what to try, exit code 3', async () => {
    const mute = await here.failure('ls', '-p', 'sim:?unpaced&fault=silence:0', '--timeout', '500ms');
    expect(mute).toMatchObject({ code: 'rawrepl/no-prompt', exitCode: 3 });
    expect(mute.message).toContain('the board sent nothing');
    // Nothing is known of a program.
    expect(mute.hint).toContain('not even its start was heard');
    expect(mute.hint).not.toContain('upyw backup');
  });

  test('two upyw on one port: the second says who has it', async () => {
    const first = here.start(['exec', forever]);
    await new Promise((resolve) => first.stdout.once('data', resolve));
    const second = await here.failure('ls');
    expect(second).toMatchObject({ code: 'port/busy', exitCode: 3 });
    expect(second.message).toContain('another upyw');
    first.kill('SIGINT');
    await first;
  });

  test('a reader that has seen enough ends the command quietly: exit code 0', async () => {
    const running = here.start(['exec', forever]);
    await new Promise((resolve) => running.stdout.once('data', resolve));
    running.stdout.destroy();
    const { exitCode, stderr } = await running;
    expect([exitCode, stderr]).toEqual([0, '']);
    const help = here.start(['--help']);
    help.stdout.destroy();
    expect(await help).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test.each([
    ['put', ['put', 'settings.py']],
    ['sync', ['sync', 'project']],
  ])('a trace of %s has no byte of a file that holds a password', async (_name, args) => {
    const password = 'correct horse';
    for (const path of ['settings.py', 'project/settings.py']) {
      await mkdir(dirname(here.path(path)), { recursive: true });
      await writeFile(here.path(path), `# ${_name}\nwifi_passwd = "${password}"\n`);
    }
    await here.ok(...args, '--trace', 'secret.log');
    const log = await readFile(here.path('secret.log'), 'utf8');
    expect(log).toMatch(/bytes of it, SHA-256 [0-9a-f]{64}/);
    expect(log).not.toContain(Buffer.from(password).toString('hex').slice(0, 8));
    expect(log.replace(/[^0-9a-f]/g, '')).not.toContain(Buffer.from(password).toString('hex'));
    expect(await here.ok('cat', 'settings.py')).toContain(password);
  });

  test('--trace writes the wire to a file for its owner only; a bad place is told', async () => {
    await here.ok('eval', '1', '--trace', 'eval.log');
    expect(await readFile(here.path('eval.log'), 'utf8')).toMatch(/ > .*\n.* < /);
    if (has('file modes')) {
      expect((await stat(here.path('eval.log'))).mode & 0o777).toBe(0o600);
    }
    expect(await here.failure('ls', '--trace', 'no/such.log')).toMatchObject({
      code: 'file/not-found',
      exitCode: 1,
    });
  });
});
