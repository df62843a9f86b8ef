import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPeers } from '../support/peers.js';
import { ServedBoard } from '../support/served-board.js';

/** MicroPython's own client, over RFC 2217, on a board that stays switched on. */
describeWithPeers('mpremote, and the virtual board behind upyw sim serve', ['mpremote'], () => {
  let board: ServedBoard;
  const random = randomBytes(50_000);

  beforeAll(async () => {
    board = await ServedBoard.start('sim:peer?unpaced');
    writeFileSync(board.path('random.bin'), random);
    mkdirSync(board.path('tree/sub'), { recursive: true });
    writeFileSync(board.path('tree/a.txt'), 'first');
    writeFileSync(board.path('tree/sub/b.txt'), 'second\n');
    mkdirSync(board.path('mounted'));
    writeFileSync(board.path('mounted/helper.py'), 'answer = 42');
    writeFileSync(board.path('script.py'), 'import helper\nprint("from the laptop:", helper.answer)\n');
    writeFileSync(board.path('bad.py'), 'def f():\n  return {}["missing"]\nf()\n');
  });
  afterAll(() => board.stop());

  /** Commands are separated by `+`: one start of Python and one connection for all of them. */
  async function mpremote(...commands: string[]) {
    const args = ['connect', board.url, ...commands];
    return execa('mpremote', args, { cwd: board.folder, reject: false, timeout: 60_000 });
  }

  it('copies 50 kB there and back, and finds its digest', { timeout: 60_000 }, async () => {
    const { stdout, stderr, exitCode } = await mpremote(
      ...['cp', 'random.bin', ':random.bin', '+', 'cp', ':random.bin', 'back.bin'],
      ...['+', 'sha256sum', 'random.bin', '+', 'ls', '+', 'rm', ':random.bin', '+', 'df'],
    );
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(readFileSync(board.path('back.bin')).equals(random)).toBe(true);
    const { createHash } = await import('node:crypto');
    expect(stdout).toContain(createHash('sha256').update(random).digest('hex'));
    expect(stdout).toMatch(/50000 random\.bin/);
    expect(stdout).toContain('2097152');
  });

  it('copies folders, makes and removes them', { timeout: 60_000 }, async () => {
    const { stdout, stderr, exitCode } = await mpremote(
      ...['cp', '-r', 'tree', ':', '+', 'mkdir', 'made', '+', 'cat', ':tree/sub/b.txt', '+', 'ls'],
      ...['+', 'rm', '-r', ':tree', '+', 'rmdir', ':made', '+', 'ls'],
    );
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toContain('second\r\n');
    const [before = '', after = 'none'] = stdout.split(/^ls :$/m).slice(1);
    expect(before).toMatch(/made\/[^]*tree\//);
    expect(after).not.toMatch(/tree|made/);
  });

  it('runs code, keeps state between commands, and resets', { timeout: 60_000 }, async () => {
    const { stdout, exitCode } = await mpremote(
      ...['exec', 'x = 20', '+', 'eval', 'x + 1', '+', 'rtc', '--set', '+', 'rtc'],
      ...['+', 'soft-reset', '+', 'exec', 'print("x" in globals())'],
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^21$/m);
    expect(stdout).toContain(`(${new Date().getFullYear()}, `);
    expect(stdout).toMatch(/^False$/m);
  });

  it('ends with 1 when a program raises', { timeout: 60_000 }, async () => {
    const { exitCode, stderr, stdout } = await mpremote('run', 'bad.py');
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toContain('File "<stdin>", line 2, in f');
    expect(stdout + stderr).toContain('KeyError: missing');
  });

  it('mounts a folder of the laptop', { timeout: 60_000 }, async () => {
    const { stdout, exitCode } = await mpremote('mount', 'mounted', 'run', 'script.py');
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(stdout).toContain('from the laptop: 42');
  });
});
