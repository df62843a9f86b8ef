import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BoardServer } from '../support/friendly-board.js';
import { describeWith } from '../support/systems.js';
import { type TerminalSession, openTerminal } from '../support/terminal.js';

const down = '\u001b[B';
const enter = '\r';
const ctrlC = '\u0003';
const ctrlX = '\u0018';

describeWith('pseudo-terminals', 'upyw alone, in a pseudo-terminal', () => {
  let home: string;
  let terminal: TerminalSession;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'upyw-menu-'));
  });

  afterEach(async () => {
    terminal.kill();
    await rm(home, { recursive: true });
  });

  /** Moves to a line of the question on the screen. */
  async function choose(line: string): Promise<void> {
    for (let step = 0; step < 15; step += 1) {
      const screen = await terminal.see(/❯ [^\r\n]+/);
      if (screen.includes(`❯ ${line}`)) break;
      terminal.write(down);
    }
    terminal.write(enter);
  }

  test('pick a job, and another, and leave', async () => {
    const server = new BoardServer();
    const port = await server.plugIn();
    terminal = openTerminal(home, [], { env: { UPYW_PORT: port } });
    await terminal.see('What would you like to do?');
    await choose('Type Python on the board');
    await terminal.see('MicroPython of the test');
    terminal.write('1\r');
    await terminal.see(/1\r+\n>>> /);
    terminal.write(ctrlX);
    await terminal.see('What would you like to do?');
    await choose('Leave');
    expect(await terminal.ended).toBe(0);
    expect(server.board.typed).toBe('1\r');
    await server.unplug();
  });

  test('the port is asked for, the virtual board is among them; a job that fails is told, and the menu goes on', async () => {
    terminal = openTerminal(home, []);
    await terminal.see('Which board?');
    await choose('a virtual board, no hardware needed');
    await terminal.see('What would you like to do?');
    await choose('Run a file of this computer on the board');
    await terminal.see('Which file?');
    terminal.write(`nothing.py${enter}`);
    await terminal.see('file/not-found');
    await terminal.see('What would you like to do?');
    await choose('Leave');
    expect(await terminal.ended).toBe(0);
  });

  test('Ctrl-C leads out of a job, and out of the menu, which is no failure', async () => {
    terminal = openTerminal(home, [], { env: { UPYW_PORT: 'sim:' } });
    await terminal.see('What would you like to do?');
    await choose('Put MicroPython on the chip (flash)');
    await terminal.see('Which firmware file');
    terminal.write(ctrlC);
    await terminal.see('What would you like to do?');
    await choose('Help: every command of upyw');
    await terminal.see('Help for one command');
    await terminal.see('What would you like to do?');
    terminal.write(ctrlC);
    expect(await terminal.ended).toBe(0);
  });

  test('Ctrl-C at the question for a board, too', async () => {
    terminal = openTerminal(home, []);
    await terminal.see('Which board?');
    terminal.write(ctrlC);
    expect(await terminal.ended).toBe(0);
  });

  test('a broken config is told before anything is asked', async () => {
    await writeFile(join(home, '.upywrc.json'), '{ "prot": 1 }');
    terminal = openTerminal(home, []);
    await terminal.see('config/unknown-key');
    expect(await terminal.ended).toBe(2);
  });
});
