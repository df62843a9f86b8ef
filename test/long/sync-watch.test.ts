import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { afterSignal, has } from '../support/systems.js';
import { startUpyw } from '../support/upyw.js';
import { Workplace } from '../support/virtual-board.js';

let here: Workplace;
const running: ReturnType<typeof startUpyw>[] = [];

beforeEach(async () => {
  here = await Workplace.open();
  await mkdir(here.path('src/lib'), { recursive: true });
  await writeFile(here.path('src/main.py'), 'print(1)');
  await writeFile(here.path('src/lib/a.py'), 'a');
});
afterEach(async () => {
  for (const process of running.splice(0)) {
    process.kill('SIGKILL');
    await process;
  }
  await here.close();
});

/** A folder that nobody watches yet. */
async function make(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(here.path(folder, name)), { recursive: true });
    await writeFile(here.path(folder, name), content);
  }
}

/** In one step: nobody sees a part of it. */
async function change(name: string, content: string): Promise<void> {
  await writeFile(here.path('aside'), content);
  await rename(here.path('aside'), here.path('src', name));
}

function start(...args: string[]) {
  const process = startUpyw(here.folder, args, { env: here.env });
  running.push(process);
  let said = '';
  let seen = 0;
  for (const stream of [process.stdout, process.stderr])
    stream.on('data', (bytes) => (said += String(bytes)));
  return {
    process,
    /** Resolves when it has said that, after what was waited for before. */
    says: async (text: string) => {
      await expect.poll(() => said.slice(seen), { timeout: 20_000, interval: 20 }).toContain(text);
      seen = said.indexOf(text, seen) + text.length;
    },
    said: () => said,
  };
}

/** A port number that is free now: a board that comes back has to come back to the same. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function serve(port: number) {
  const server = start('sim', 'serve', '-p', 'sim:?unpaced', '--listen', `127.0.0.1:${port}`);
  await server.says('is on');
  return server;
}

async function onBoard(port: number, ...args: string[]): Promise<string> {
  const { stdout } = await startUpyw(here.folder, ['-p', `rfc2217://127.0.0.1:${port}`, ...args], {
    env: here.env,
  });
  return stdout;
}

test(
  '--watch sends every change, waits for a board that is gone, and ends at Ctrl-C',
  { timeout: 90_000 },
  async () => {
    const port = await freePort();
    const server = await serve(port);
    const watch = start('sync', 'src', '--watch', '--delete', '-p', `rfc2217://127.0.0.1:${port}`);
    await watch.says('2 new, 1 new folder');
    await watch.says('Watching');

    await writeFile(here.path('src/main.py'), 'print(2)');
    await watch.says('1 changed, 1 unchanged');
    // In between the port is free.
    expect(await onBoard(port, 'cat', ':main.py')).toBe('print(2)');

    // In one step, too.
    await rename(here.path('src/lib'), here.path('lib-aside'));
    await watch.says('1 unchanged, 2 removed');
    await mkdir(here.path('src/deep/er'), { recursive: true });
    await writeFile(here.path('src/deep/er/ž #.py'), 'x');
    await watch.says('1 new, ');
    expect(await onBoard(port, 'ls', '-R')).toContain('deep/er/ž #.py\n');

    // What is ignored is no reason to disturb the board, until it is ignored no more.
    await writeFile(here.path('src/.upywignore'), 'data/\n');
    await mkdir(here.path('src/data'));
    await writeFile(here.path('src/data/log'), 'x');
    await writeFile(here.path('src/.upywignore'), 'nothing\n');
    await watch.says('1 new, ');
    expect(await onBoard(port, 'ls', ':data')).toBe('log\n');
    await writeFile(here.path('src/data/log'), 'xy');
    await watch.says('1 changed');

    server.process.kill('SIGTERM');
    await server.process;
    await writeFile(here.path('src/main.py'), 'print(3)');
    await watch.says('waiting for the board');
    await writeFile(here.path('src/main.py'), 'print(4)');
    await serve(port);
    await watch.says('1 changed');
    expect(await onBoard(port, 'cat', ':main.py')).toBe('print(4)');

    // Another failure is told, and the next change mends it.
    await writeFile(here.path('src/big.bin'), new Uint8Array(3_000_000));
    await watch.says('no space on the board');
    await rm(here.path('src/big.bin'));
    await writeFile(here.path('src/main.py'), 'print(5)');
    await watch.says('1 changed');

    watch.process.kill('SIGINT');
    const { exitCode } = await watch.process;
    expect([exitCode, watch.said()]).toEqual([afterSignal(0), expect.not.stringContaining('✘')]);
  },
);

test('--watch ends at once where the board cannot be reached in the beginning', async () => {
  const watch = start('sync', 'src', '--watch', '-p', `socket://127.0.0.1:${await freePort()}`);
  expect((await watch.process).exitCode).toBe(3);
});

test('--watch is interrupted while it waits for the board', async () => {
  const port = await freePort();
  const server = await serve(port);
  const watch = start('sync', 'src', '--watch', '-p', `rfc2217://127.0.0.1:${port}`);
  await watch.says('Watching');
  server.process.kill('SIGTERM');
  await server.process;
  await writeFile(here.path('src/main.py'), 'print(3)');
  await watch.says('waiting for the board');
  watch.process.kill('SIGINT');
  const { exitCode } = await watch.process;
  expect(exitCode).toBe(afterSignal(130));
});

test('--watch goes on when its folder goes, and comes back', { timeout: 60_000 }, async () => {
  const port = await freePort();
  await serve(port);
  const watch = start('sync', 'src', '--watch', '--delete', '-p', `rfc2217://127.0.0.1:${port}`);
  await watch.says('Watching');

  // As a build does it: removed, made anew, filled.
  // Windows keeps the names in a folder until nobody has it open.
  await rm(here.path('src'), { recursive: true, maxRetries: 5 });
  await watch.says('is gone; waiting until it is back');
  expect(await onBoard(port, 'ls')).toContain('main.py\n');
  await make('next', { 'main.py': 'print(2)', '.upywignore': 'data' });
  await rename(here.path('next'), here.path('src'));
  await watch.says('is back');
  await watch.says('1 changed');
  expect(await onBoard(port, 'cat', ':main.py')).toBe('print(2)');

  // Another one takes its place at once, with other rules.
  await make('next', { 'main.py': 'print(3)', 'data/log': 'x' });
  await rename(here.path('src'), here.path('old'));
  await rename(here.path('next'), here.path('src'));
  await watch.says('1 new, 1 changed');
  // A link that leads back is followed by nobody.
  if (has('links for everybody')) await symlink('..', here.path('src/data/loop'));
  await change('data/log', 'xy');
  await watch.says('1 changed');
  expect(await onBoard(port, 'cat', ':data/log')).toBe('xy');

  watch.process.kill('SIGINT');
  expect((await watch.process).exitCode).toBe(afterSignal(0));
});

test('--watch --json tells every round in a line', { timeout: 60_000 }, async () => {
  const port = await freePort();
  await serve(port);
  const watch = start('sync', 'src', '--watch', '--json', '-p', `rfc2217://127.0.0.1:${port}`);
  await watch.says('}\n');
  await change('main.py', 'print(2)');
  await watch.says('}\n');
  await change('big.bin', 'x'.repeat(3_000_000));
  await watch.says('}\n');
  await rename(here.path('src'), here.path('old'));
  await watch.says('}\n');
  watch.process.kill('SIGINT');
  await watch.process;
  const lines = watch.said().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ ok: true, unchanged: [], dryRun: false }),
    expect.objectContaining({ ok: true, files: [expect.objectContaining({ remote: 'main.py' })] }),
    { ok: false, error: expect.objectContaining({ code: 'board/no-space' }) as object },
    { ok: false, error: expect.objectContaining({ code: 'file/not-found' }) as object },
  ]);
});
