import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Board, openPort } from 'upyw';
import { renderConfig } from '../../src/provision/render-config.js';
import { pythonLiteral } from '../../src/rawrepl/python-literal.js';
import { anySettings, dumper, expectedDump, readDump } from '../support/random-settings.js';
import { secretInFiles as password } from '../support/secrets.js';
import { openTerminal } from '../support/terminal.js';
import { Workplace } from '../support/virtual-board.js';
import { testWith } from '../support/systems.js';

let here: Workplace;
beforeAll(async () => {
  here = await Workplace.open();
  await writeFile(here.path('package.json'), '{}');
});
afterAll(() => here.close());

testWith(
  'pseudo-terminals',
  'a person types network and password; the screen does not show the password, the board has it',
  async () => {
    const port = 'sim:person?unpaced';
    const session = openTerminal(here.folder, ['-p', port, 'provision', '--no-check'], { env: here.env });
    await session.see("Wi-Fi network (SSID; none: the workshop's code alone):");
    session.write('workshop\r');
    await session.see('Password of "workshop"');
    session.write(`${password}\r`);
    await session.see('not checked');
    expect(await session.ended).toBe(0);
    expect(session.shown).not.toContain(password);
    const check = `import config; print(config.wifi_ssid, config.wifi_passwd == "${password}")`;
    expect(await here.ok('exec', '-p', port, check)).toBe('workshop True\n');
  },
);

testWith(
  'pseudo-terminals',
  'Ctrl-D at a question is an interruption, and the password cannot be made visible',
  async () => {
    const args = ['-p', 'sim:person?unpaced', 'provision', '--no-check'];
    const first = openTerminal(here.folder, args, { env: here.env });
    await first.see("Wi-Fi network (SSID; none: the workshop's code alone):");
    first.write('\u0004');
    expect(await first.ended).toBe(130);
    const second = openTerminal(here.folder, [...args, '--ssid', 'workshop'], { env: here.env });
    await second.see('Password of "workshop"');
    second.write(`${password}\u0014`);
    second.write('\u0004');
    expect(await second.ended).toBe(130);
    expect(second.shown).not.toContain(password);
  },
);

testWith('/proc', 'the list of processes does not show --password for long', async () => {
  const args = [
    'provision',
    '-p',
    'sim:title?unpaced&wifi=elsewhere',
    '--ssid',
    'here',
    '--password',
    password,
  ];
  const running = here.start(args);
  const commandLine = () => readFile(`/proc/${running.pid ?? 0}/cmdline`, 'utf8');
  await expect.poll(commandLine, { timeout: 10_000, interval: 20 }).toMatch(/^upyw\0/);
  expect(await commandLine()).not.toContain(password);
  running.kill('SIGTERM');
  await running;
});

test('config.py on the virtual board sets exactly the values it was made from', async () => {
  process.env['UPYW_SIM_DIR'] = here.env['UPYW_SIM_DIR'];
  const port = await openPort('sim:values?unpaced', { baudRate: 115200 });
  try {
    const board = await Board.connect(port);
    for (const settings of fc.sample(anySettings, 20)) {
      const source = new TextDecoder().decode(await renderConfig(settings));
      const printed = await board.run(`${dumper}\ndump(${pythonLiteral(source)})\n`);
      expect(readDump(new TextDecoder().decode(printed))).toEqual(expectedDump(settings));
    }
    await board.disconnect();
  } finally {
    await port.close();
    delete process.env['UPYW_SIM_DIR'];
  }
});
