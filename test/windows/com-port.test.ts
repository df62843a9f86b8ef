import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeOnWindows } from '../support/peers.js';
import { ServedBoard } from '../support/served-board.js';
import { WindowsComputer } from '../support/windows-computer.js';

const bytes = Uint8Array.from({ length: 40_000 }, (_, index) => (index * index) >> 3);

describeOnWindows('a board on a COM port', () => {
  let here: WindowsComputer;
  let board: ServedBoard;
  beforeAll(async () => {
    [here, board] = await Promise.all([WindowsComputer.open(), ServedBoard.start('sim:', '--pty')]);
    for (const name of ['COM3', 'COM12']) await here.comPort(name, board.ptyPath);
  });
  afterAll(async () => {
    await here.close();
    await board.stop();
  });

  afterEach(() => here.closeConsoles());

  it.each(['com3', String.raw`\\.\COM12`])('is opened as %s', async (port) => {
    expect(await here.ok('-p', port, 'eval', '6 * 7')).toBe('42\n');
  });

  it('takes files and gives them back, at a raised rate too', async () => {
    await writeFile(here.path('data.bin'), bytes);
    await here.ok('-p', 'COM3', 'put', 'data.bin');
    await here.ok('-p', 'COM3', '--trace', 'wire.txt', 'get', ':data.bin', 'back.bin');
    expect(Buffer.compare(await readFile(here.path('back.bin')), bytes)).toBe(0);
    expect(await readFile(here.path('wire.txt'), 'utf8')).toContain('COM3');
  });

  it('that is not there is told, also above nine', async () => {
    expect(await here.failure('-p', 'COM44', 'ls')).toMatchObject({ code: 'port/not-found', exitCode: 3 });
  });

  it('is talked to: keys, letters of any language, and away with Ctrl-]', async () => {
    const repl = here.console(['-p', 'COM3', 'repl']);
    await repl.see('>>>');
    // MicroPython's prompt takes ASCII only.
    repl.write(String.raw`print("\u017elu\u0165ou\u010dk\xfd", 6 * 7)` + '\r');
    await repl.see(/\nžluťoučký 42\s/);
    // Up brings the last line back, the board's own editing.
    repl.write('\u001b[A\r');
    await repl.see(/\nžluťoučký 42\s/);
    repl.write('\u001d');
    expect(await repl.ended).toBe(0);
    expect(await here.ok('-p', 'COM3', 'eval', '1')).toBe('1\n');
  });

  it('without modem lines, as a pseudo-terminal is, says how to get into the loader', async () => {
    expect(await here.failure('-p', 'COM3', 'chip')).toMatchObject({
      code: 'loader/no-sync',
      hint: expect.stringContaining('Hold BOOT') as string,
    });
  });

  it('that is unplugged in the middle is told as that', async () => {
    const running = here.console(['-p', 'COM3', 'exec', 'import time; print("going"); time.sleep(30)']);
    await running.see('going');
    board.server.kill('SIGTERM');
    await running.see('port/lost');
    expect(await running.ended).toBe(3);
  });
});
