import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeOnWindows } from '../support/peers.js';
import { WindowsComputer } from '../support/windows-computer.js';

const ctrlC = '\u0003';
const board = ['-p', 'sim:desk?unpaced'] as const;

describeOnWindows('a Windows console', () => {
  let here: WindowsComputer;
  beforeAll(async () => {
    here = await WindowsComputer.open();
    await writeFile(here.path('ask.py'), 'print("čau", input("kdo? "))\n');
  });
  afterAll(() => here.close());

  afterEach(() => here.closeConsoles());

  it('Ctrl-C ends a command with 130, and the board is free', async () => {
    const running = here.console([...board, 'exec', 'print("going")\nwhile True: pass']);
    await running.see('going');
    running.write(ctrlC);
    await running.see('run/interrupted');
    expect(await running.ended).toBe(130);
    expect(await here.ok(...board, 'eval', '1')).toBe('1\n');
  });

  it('shows letters of any language, and takes them', async () => {
    const running = here.console([...board, 'run', 'ask.py']);
    await running.see('kdo?');
    running.write('žluťoučký kůň\r');
    await running.see('čau žluťoučký kůň');
    expect(await running.ended).toBe(0);
  });

  it('has colours, unless NO_COLOR says otherwise', async () => {
    // eslint-disable-next-line no-control-regex -- what switches a colour on
    const red = /\u001b\[(?:\d+;)*(?:31|91)m✘/;
    const colourful = here.console([...board, 'cat', ':none'], { raw: true });
    expect(await colourful.ended).toBe(1);
    expect(colourful.shown).toMatch(red);
    const plain = here.console([...board, 'cat', ':none'], { raw: true, env: { NO_COLOR: '1' } });
    expect(await plain.ended).toBe(1);
    expect(plain.shown).toContain('✘');
    expect(plain.shown).not.toMatch(red);
  });

  it('the menu asks, with keys', async () => {
    await here.ok(...board, 'put', 'ask.py', ':main.py');
    const menu = here.console([], { env: { UPYW_PORT: board[1] } });
    await menu.see('What would you like to do?');
    await menu.see('> See what is on the board');
    menu.write('\u001b[B');
    await menu.see('> Copy a file to the board');
    menu.write('\u001b[A\r');
    await menu.see('└── main.py');
    await menu.see('> See what is on the board');
  });

  it('closing the window lets go of the board', async () => {
    const running = here.console([...board, 'exec', 'print("going")\nwhile True: pass']);
    await running.see('going');
    running.kill();
    await running.ended;
    expect(await here.ok(...board, 'eval', '1')).toBe('1\n');
  });
});
