import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BoardServer } from '../support/friendly-board.js';
import { type TerminalSession, openTerminal } from '../support/terminal.js';
import { Workplace } from '../support/virtual-board.js';
import { describeWith } from '../support/systems.js';

const ctrlC = '\u0003';
const ctrlRightBracket = '\u001d';
const ctrlX = '\u0018';

describeWith('pseudo-terminals', 'repl, in a pseudo-terminal', () => {
  let home: string;
  let server: BoardServer;
  let port: string;
  let terminal: TerminalSession;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'upyw-repl-'));
    server = new BoardServer();
    port = await server.plugIn();
  });

  afterEach(async () => {
    terminal.kill();
    await server.unplug();
    await rm(home, { recursive: true });
  });

  test.each([
    ['Ctrl-]', ctrlRightBracket],
    ['Ctrl-X', ctrlX],
  ])('keys go to the board, what it says to the screen, and %s leaves', async (_, leave) => {
    terminal = openTerminal(home, ['repl', '-p', port]);
    await terminal.see('Ctrl-] or Ctrl-X leaves');
    await terminal.see('>>> ');
    terminal.write('print(1)\r');
    await terminal.see(/print\(1\)\r+\n>>> /);
    terminal.write(ctrlC);
    terminal.write(leave);
    expect(await terminal.ended).toBe(0);
    expect(server.board.typed).toBe('print(1)\r\u0003');
    expect(terminal.shown.endsWith('\u001b[?2004l\r\n'), 'the terminal is given back').toBe(true);
  });

  test('--capture writes what the board says, for its owner only', async () => {
    terminal = openTerminal(home, ['repl', '-p', port, '--capture', 'session.txt']);
    await terminal.see('>>> ');
    terminal.write('x = 1\r');
    await terminal.see(/x = 1\r+\n>>> /);
    terminal.write(ctrlX);
    await terminal.ended;
    const path = join(home, 'session.txt');
    expect(await readFile(path, 'utf8')).toBe('\r\nMicroPython of the test\r\n>>> x = 1\r\n>>> ');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  const program = [
    'def f(n):',
    ...Array.from({ length: 60 }, (_, n) => `    total = n + ${n}`),
    '    return total',
    '',
  ];

  test.each([
    ['marked by the terminal', ['\u001b[200~', '\u001b[201~']],
    ['not marked', ['', '']],
  ])(
    'a paste of many lines, %s, arrives whole, though the board can hold 260 bytes',
    async (_, [start = '', end = '']) => {
      terminal = openTerminal(home, ['repl', '-p', port]);
      await terminal.see('>>> ');
      terminal.write(start + program.join('\r') + end);
      await expect.poll(() => server.board.programs, { timeout: 10_000 }).toEqual([program.join('\r')]);
      expect(server.board.dropped).toBe(0);
      terminal.write(ctrlX);
      expect(await terminal.ended).toBe(0);
    },
  );

  test('an unplugged board is waited for and taken up again', async () => {
    terminal = openTerminal(home, ['repl', '-p', port]);
    await terminal.see('>>> ');
    await server.unplug();
    await terminal.see('is gone. Plug it in again');
    await server.plugIn();
    await terminal.see('is back');
    await terminal.see('>>> ');
    terminal.write('print(2)\r');
    await terminal.see(/print\(2\)\r+\n>>> /);
    terminal.write(ctrlX);
    expect(await terminal.ended).toBe(0);
  });

  test.each([
    ['Ctrl-]', ctrlRightBracket],
    ['Ctrl-C', ctrlC],
  ])('%s ends the waiting', async (_, key) => {
    terminal = openTerminal(home, ['repl', '-p', port]);
    await terminal.see('>>> ');
    await server.unplug();
    await terminal.see('is gone. Plug it in again');
    terminal.write(key);
    expect(await terminal.ended).toBe(0);
    await server.plugIn();
  });
});

describeWith('pseudo-terminals', 'repl on the virtual board', () => {
  let here: Workplace;
  let terminal: TerminalSession;
  beforeEach(async () => {
    here = await Workplace.open();
  });
  afterEach(async () => {
    terminal.kill();
    await here.close();
  });

  test('MicroPython runs what is typed and pasted, Ctrl-C stops it, Ctrl-D starts it anew', async () => {
    terminal = openTerminal(here.folder, ['repl', '-p', 'sim:'], { env: here.env });
    await terminal.see('>>> ');
    terminal.write('6 * 7\r');
    await terminal.see(/\n42\r+\n>>> /);
    const functions = Array.from(
      { length: 20 },
      (_, n) => `def f${n}(x):\r    if x:\r        return x + ${n}\r\r`,
    );
    terminal.write(`\u001b[200~${functions.join('')}\u001b[201~`);
    await terminal.see('return x + 19');
    await terminal.see('>>> ');
    terminal.write('f19(1)\r');
    await terminal.see(/\n20\r+\n>>> /);
    terminal.write('raise OSError(23)\r');
    await terminal.see('→ Usually: a response was not closed');
    await terminal.see('>>> ');
    terminal.write('while True: pass\r\r');
    await terminal.see('... ');
    terminal.write(ctrlC);
    await terminal.see('KeyboardInterrupt');
    terminal.write('\u0004');
    await terminal.see('soft reboot');
    await terminal.see('>>> ');
    terminal.write(ctrlX);
    expect(await terminal.ended).toBe(0);
  });
});
