import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import type { PortInfo } from '../../../src/transport/port.js';
import { failureInWorld, runInWorld } from '../../support/memory-world.js';
import { useSimFolder } from '../../support/sim-folder.js';

// Boards that somebody serves on this computer are listed, too.
useSimFolder();

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'upyw-cli-'));
  await writeFile(join(cwd, 'package.json'), '{}');
});
afterAll(async () => {
  await rm(cwd, { recursive: true });
});

const failure = (line: string) => failureInWorld(line.split(' ').filter(Boolean), { cwd });

describe('help', () => {
  test('--help lists every command; every command has examples', async () => {
    const { stdout, exitCode } = await runInWorld(['--help']);
    expect(exitCode).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)(?:\|\w+)?(?: .*)?$/gm)].map(([, name]) => name ?? '');
    expect(commands).toEqual(
      expect.arrayContaining(['ls', 'put', 'get', 'run', 'repl', 'reset', 'list', 'config', 'demo']),
    );
    for (const name of commands.filter((command) => command !== 'help')) {
      const help = await runInWorld([name, '--help']);
      expect(help).toMatchObject({ exitCode: 0, stderr: '' });
      expect(help.stdout, name).toMatch(/Examples:\n {2}\$ upyw /);
    }
  });

  test('alone and without a terminal it prints the help and exits 2', async () => {
    const { stdout, exitCode } = await runInWorld([]);
    expect(stdout).toContain('Usage: upyw');
    expect(exitCode).toBe(2);
  });
});

describe('mistakes on the command line: exit code 2, nothing done', () => {
  test.each([
    [['rm', '-r', ''], 'path'],
    [['rm', 'main.py', ''], 'path'],
    [['put', '-r', ''], 'local'],
    [['put', 'a.py', ''], 'local'],
    [['get', '-r', ''], 'remote'],
    [['sync', ''], 'folder'],
    [['sync', '.', '', '--delete'], 'dest'],
    [['ls', ''], 'path'],
    [['restore', ''], 'file'],
  ])('an empty name in %j', async (words, name) => {
    expect(await failureInWorld(words, { cwd })).toMatchObject({
      code: 'usage/arguments',
      message: `${name} is empty: "" names nothing`,
      exitCode: 2,
    });
  });

  test.each([
    ['lss', 'usage/arguments', /^unknown command 'lss'$/],
    ['ls --recursiv', 'usage/arguments', /^unknown option '--recursiv'$/],
    ['-p sim: -p sim:two repl', 'usage/arguments', /^two ports are named, sim: and sim:two/],
    ['ls a b', 'usage/arguments', /too many arguments/],
    ['cat', 'usage/arguments', /missing required argument 'file'/],
    ['ls --port', 'usage/arguments', /argument missing/],
    ['', 'usage/arguments', /no command/],
    ['--baud fast ls', 'usage/bad-value', /--baud "fast" is not a rate/],
    ['ls --timeout soon', 'usage/bad-value', /--timeout "soon" is not a time/],
    ['ls -p sim', 'usage/bad-port', /colon/],
    ['ls -p ftp://x', 'usage/bad-port', /not a port name/],
    ['reset --soft --hard', 'usage/arguments', /cannot go together/],
    ['put :a.py', 'usage/arguments', /upyw get :a\.py/],
    ['run :main.py', 'usage/arguments', /is on the board.*upyw cat :main\.py \| upyw run -/],
    ['ls C:/Git/lib', 'usage/arguments', /as in :lib/],
    ['repl -p sim:', 'usage/no-terminal', /needs a terminal/],
  ])('%s is %s', async (line, code, message) => {
    const error = await failure(line);
    expect(error).toMatchObject({ code, exitCode: 2, processExitCode: 2 });
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBe('');
  });

  test.each([
    ['frobnicate', 'upyw --help'],
    ['constructor', 'upyw --help'],
    ['sim foo', 'upyw sim --help'],
    ['sim serve --foo', 'upyw sim serve --help'],
    ['ls --foo', 'upyw ls --help'],
  ])('%j: a help that is there', async (line, help) => {
    expect(await failure(line)).toMatchObject({ code: 'usage/arguments', hint: `See: ${help}` });
  });

  test('an expression without a text', async () => {
    expect(await failureInWorld(['eval', ''], { cwd })).toMatchObject({
      code: 'usage/arguments',
      message: 'expression is empty: "" has no value',
    });
  });

  test('a folder without a name', async () => {
    expect(await failureInWorld(['mkdir', ''], { cwd })).toMatchObject({
      code: 'usage/arguments',
      exitCode: 2,
    });
  });

  test('a problem is told on stderr: what, what to do, the code, and no stack trace', async () => {
    const { stdout, stderr, exitCode } = await runInWorld(['lss']);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^✘ unknown command 'lss'.*\n→ .+\n {2}usage\/arguments\n$/);
  });
});

describe('no board', () => {
  const board = (path: string, serialNumber: string): PortInfo => ({
    path,
    usb: { vendorId: '1a86', productId: '7523', serialNumber },
    bridge: 'CH340',
  });

  test('none here: exit code 3, and the way without hardware', async () => {
    const error = await failure('ls');
    expect(error).toMatchObject({ code: 'port/none', exitCode: 3 });
    expect(error.hint).toContain('-p sim:');
  });

  test('several, and nobody to ask', async () => {
    const listPorts = () => Promise.resolve([board('COM3', 'a'), board('COM4', 'b')]);
    const error = await failureInWorld(['ls'], { cwd, listPorts });
    expect(error).toMatchObject({ code: 'port/several', exitCode: 3 });
    expect(error.hint).toContain('-p COM3');
  });

  test('a port that is not there, and a server that is not', async () => {
    expect(await failure('ls -p /dev/ttyNOTHERE')).toMatchObject({ code: 'port/not-found', exitCode: 3 });
    const port = await freePort();
    expect(await failure(`ls -p socket://127.0.0.1:${port}`)).toMatchObject({
      code: 'port/refused',
      exitCode: 3,
    });
  });

  test('the far end closes at once, or says nothing', async () => {
    const closing = createServer((socket) => socket.destroy());
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    try {
      const lost = await failure(`ls -p socket://127.0.0.1:${await listen(closing)}`);
      expect(lost).toMatchObject({ code: 'port/lost', exitCode: 3 });
      const dumb = await failure(`ls -p socket://127.0.0.1:${await listen(silent)} --timeout 300ms`);
      expect(dumb).toMatchObject({ code: 'rawrepl/no-prompt', exitCode: 3 });
    } finally {
      closing.close();
      silent.close();
    }
  });

  test('busy, or not ours to open, as the opener says it', async () => {
    for (const error of [
      new UpywError('port/busy', { port: 'COM3', holder: 'Thonny' }),
      new UpywError('port/permission', { port: 'COM3', group: 'dialout' }),
    ]) {
      const serial = () => Promise.reject(error);
      const openers = { serial, socket: serial, rfc2217: serial, sim: serial };
      const told = await failureInWorld(['ls', '-p', 'COM3'], { cwd, openers });
      expect(told).toMatchObject({ code: error.code, message: error.message, exitCode: 3 });
    }
  });

  test('a local mistake is found before the board is', async () => {
    expect(await failure('put nothing.py')).toMatchObject({ code: 'file/not-found', exitCode: 1 });
    expect(await failure('put .')).toMatchObject({
      code: 'file/is-folder',
      hint: expect.stringContaining('add -r') as string,
    });
    expect(await failure('run nothing.py')).toMatchObject({ code: 'file/not-found', exitCode: 1 });
    expect(await failure('run .')).toMatchObject({ code: 'file/is-folder', hint: 'Name a file' });
    expect(await failure('backup .')).toMatchObject({ code: 'file/is-folder', hint: 'Name a file' });
    expect(await failure('backup no/folder/a.bin')).toMatchObject({ code: 'file/not-found' });
    expect(await failure('get a.py no/folder/a.py')).toMatchObject({
      code: 'file/not-found',
      exitCode: 1,
    });
    expect(await failure('get :a :b nofolder')).toMatchObject({ code: 'file/not-found', exitCode: 1 });
  });

  test('list shows what is here; without a port it says so and is no failure', async () => {
    const listPorts = () => Promise.resolve([board('/dev/ttyUSB0', 'abc')]);
    const some = await runInWorld(['list'], { listPorts });
    expect(some).toMatchObject({ exitCode: 0, stdout: '/dev/ttyUSB0  1a86:7523  CH340  abc\n' });
    const none = await runInWorld(['devs']);
    expect(none).toMatchObject({ exitCode: 0, stdout: '' });
    expect(none.stderr).toContain('-p sim:');
    expect(JSON.parse((await runInWorld(['list', '--json'])).stdout)).toEqual({ ok: true, ports: [] });
  });
});

describe('config', () => {
  test('shows every value and where it came from', async () => {
    const path = join(cwd, 'upyw.config.json');
    await writeFile(path, '{ "baud": 9600 }');
    try {
      const world = { cwd, env: { HOME: cwd, AMPY_PORT: 'COM4' } };
      const { stdout, exitCode } = await runInWorld(['config', '--timeout', '5'], world);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^port +COM4 +AMPY_PORT \(environment\)$/m);
      expect(stdout).toMatch(/^baud +9600 +.*upyw\.config\.json \(project\)$/m);
      expect(stdout).toMatch(/^timeout +5 +--timeout \(flag\)$/m);
    } finally {
      await rm(path);
    }
  });

  test('a broken file stops what needs it, with its name; help does not', async () => {
    const path = join(cwd, '.upywrc.json');
    await writeFile(path, '{ "prot": "COM3" }');
    try {
      const error = await failure('ls');
      expect(error).toMatchObject({ code: 'config/unknown-key', exitCode: 2, hint: 'Did you mean port?' });
      expect(error.message).toContain(path);
      expect((await runInWorld(['--help'], { cwd })).exitCode).toBe(0);
    } finally {
      await rm(path);
    }
  });
});

test('a bug of ours is reported as one: exit code 1, versions, no stack trace', async () => {
  const listPorts = () => Promise.reject(new TypeError('ports is not iterable'));
  const { exitCode, stderr } = await runInWorld(['list'], { listPorts });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/mistake in upyw itself: ports is not iterable\n→ .*upyw \d.*Node v\d/);
  expect(stderr).not.toMatch(/\n\s+at /);
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
