import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failureInWorld } from '../../support/memory-world.js';
import { Person, askPerson } from '../../support/person.js';
import { secretInFiles as password } from '../../support/secrets.js';
import { testWith } from '../../support/systems.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'upyw-wifi-'));
  await writeFile(join(cwd, 'package.json'), '{}');
});
afterEach(async () => {
  await rm(cwd, { recursive: true });
});

const failure = (argv: readonly string[], stdin: string | Uint8Array = '') =>
  failureInWorld(['provision', ...argv], { cwd, stdin: Readable.from([Buffer.from(stdin)]) });

describe('upyw provision, before it looks for a board', () => {
  test('asks for the network and, hidden, for its password; again for what can be none', async () => {
    const person = new Person({ texts: ['x'.repeat(33), 'workshop', 'short', password] });
    const { exitCode, stderr } = await askPerson(['provision'], person, { cwd });
    expect(person.questions).toEqual([
      "Wi-Fi network (SSID; none: the workshop's code alone):",
      "Wi-Fi network (SSID; none: the workshop's code alone):",
      'Password of "workshop" (none: open network): (hidden)',
      'Password of "workshop" (none: open network): (hidden)',
    ]);
    expect(stderr).toContain('this one has 5 bytes');
    // There is no board here.
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('port/none')]);
  });

  test('asks nothing when all is known, or with --yes', async () => {
    const person = new Person({});
    await writeFile(join(cwd, 'upyw.config.yaml'), 'wifi: { ssid: workshop }');
    const yes = await askPerson(['provision', '--yes'], person, { cwd });
    expect(yes.stderr).toContain('no password: an open network');
    await writeFile(join(cwd, 'upyw.secrets.yaml'), `wifi: { password: ${password} }`, { mode: 0o600 });
    expect((await askPerson(['provision'], person, { cwd })).exitCode).toBe(3);
    expect(person.questions).toEqual([]);
  });

  test.each([
    [[], '', 'usage/no-ssid', /no Wi-Fi network named/],
    [['--ssid', 'x'.repeat(33)], '', 'config/invalid', /--ssid: wifi\.ssid: .* has 33/],
    [['--ssid', 'a', '--password', 'seven-7'], '', 'config/invalid', /--password: .*this one has 7 bytes/],
    [['--ssid', 'a', '--password-stdin'], 'seven-7\n', 'config/invalid', /^--password-stdin: .*has 7 bytes/],
    [
      ['--ssid', 'a', '--password-stdin'],
      `${password}\n${password}\n`,
      'config/invalid',
      /stdin: .* one line/,
    ],
    [
      ['--ssid', 'a', '--password-stdin'],
      `${password}\t`,
      'config/invalid',
      /stdin: .* no control characters/,
    ],
    [
      ['--ssid', 'a', '--password-stdin'],
      Buffer.from(`${password}\n`, 'utf16le'),
      'config/invalid',
      /control/,
    ],
    [['--ssid', 'a', '--password-stdin'], '', 'config/invalid', /^--password-stdin: .*is empty$/],
    [['--ssid', 'a', '--password-stdin'], '\r\n', 'config/invalid', /is empty/],
    [['--ssid', 'a', '--password-stdin'], Uint8Array.of(0xff, 0xfe, 0x61), 'config/invalid', /is not UTF-8/],
    [['--ssid', 'a', '--password-stdin', '--password', 'b'], '', 'usage/arguments', /cannot go together/],
    [['--ssid', 'a', '--pin-led', '7'], '', 'config/invalid', /GPIO7 carries the flash/],
    [[`--passwd=${password}`], '', 'usage/arguments', /^unknown option '--passwd'/],
    [[`--passwort=${password}'\n'`], '', 'usage/arguments', /^unknown option '--passwort'/],
  ])('%j is %s', async (argv, stdin, code, message) => {
    const error = await failure(argv, stdin);
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toMatch(message);
    const isFromStdin = error.message.startsWith('--password-stdin: ');
    expect(error.hint.endsWith("An open network: --password ''")).toBe(isFromStdin);
    expect(JSON.stringify(error)).not.toMatch(/seven-7|tell-nobody/);
  });

  test.each([`${password}\n`, `${password}\r\n`, password, `\ufeff${password}\n`])(
    'a password from stdin may have a line end',
    async (text) => {
      expect(await failure(['--ssid', 'a', '--password-stdin'], text)).toMatchObject({ code: 'port/none' });
    },
  );

  test('what is allowed and may not be meant is told: warnings', async () => {
    await writeFile(
      join(cwd, 'upyw.config.yaml'),
      'wifi: { ssid: a, password: žluťoučký kůň }\npins: { pin_adc: 26, pin_led: 18, pin_btn2: 3 }',
    );
    const person = new Person({});
    const { stderr } = await askPerson(['provision'], person, { cwd });
    expect(stderr).toMatch(/! the Wi-Fi password is in .*upyw\.config\.yaml/);
    expect(stderr).toContain('beyond printable ASCII');
    expect(stderr).toContain('GPIO26 cannot be read while Wi-Fi is on');
    expect(stderr).toContain('pins.pin_led and pins.pin_btn1 are both GPIO18');
    expect(stderr).toContain('GPIO3 is the serial line');
    expect(stderr).not.toContain('žluť');
  });

  testWith('file modes', 'a file for secrets that others may read is pointed out', async () => {
    await writeFile(join(cwd, 'upyw.secrets.yaml'), `wifi: { ssid: a, password: ${password} }`, {
      mode: 0o644,
    });
    const { stderr } = await askPerson(['provision'], new Person({}), { cwd });
    expect(stderr).toMatch(/! other accounts of this computer may read .*upyw\.secrets\.yaml: chmod 600/);
  });
});
