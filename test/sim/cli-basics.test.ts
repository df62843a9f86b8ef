import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanEnv, executable, startUpyw } from '../support/upyw.js';
import { describeWith } from '../support/systems.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'upyw-cli-'));
});
afterAll(async () => {
  await rm(home, { recursive: true });
});

test('--version is the version of the package', async () => {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  expect(await startUpyw(home, ['--version'])).toMatchObject({
    exitCode: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
});

test('what the command line asks for in vain ends in its exit code', async () => {
  const { exitCode, stderr } = await startUpyw(home, ['lss']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^✘ .+\n→ .+\n {2}usage\/arguments\n$/);
});

test.skipIf(process.platform === 'win32')('a folder that was removed under the shell is told', async () => {
  const inNoFolder = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
  const command = ['-c', inNoFolder, 'sh', process.execPath, executable, 'config'];
  const ended = await execa('sh', command, {
    cwd: home,
    env: cleanEnv(home),
    extendEnv: false,
    reject: false,
  });
  expect(ended).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^✘ the current folder: it is there no more\n→ .+\n {2}file\/failed$/,
    ) as string,
  });
});

describeWith('/dev/full', 'an output that cannot be written is a failure', () => {
  test.each([['--version'], ['--help'], ['-p', 'sim:?unpaced', 'eval', '1']])('%s %s %s', async (...args) => {
    const command = ['-c', 'exec "$@" > /dev/full', 'sh', process.execPath, executable, ...args];
    const ended = await execa('sh', command, { env: cleanEnv(home), extendEnv: false, reject: false });
    expect(ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^✘ the output: ENOSPC.+\n→ .+\n {2}file\/failed$/) as string,
    });
  });
});
