import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SettingsPlace, loadSettingsIn } from '../../support/load-settings-in.js';
import { UpywError } from '../../../src/errors.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upyw-config-'));
  await writeFile(join(folder, 'package.json'), '{}');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);

function load({ env, ...others }: Partial<SettingsPlace> = {}) {
  const home = { HOME: join(folder, 'home'), ...env };
  return loadSettingsIn({ env: home, cwd: folder, ...others });
}

async function failure(sources?: Partial<SettingsPlace>): Promise<UpywError> {
  const error: unknown = await load(sources).catch((reason: unknown) => reason);
  if (!(error instanceof UpywError)) throw new Error(`expected a UpywError, got ${String(error)}`);
  return error as UpywError;
}

const secret = 'tell-nobody-42';

describe('what a board is to know', () => {
  test('everything at once', async () => {
    await write(
      'upyw.config.yaml',
      `
wifi: { ssid: Café, hostname: desk-1, country: cz }
pins: { pin_btn1: 12, pin_btn2: 13, pin_led: '4', pin_adc: 36 }
ntp: { host: time.google.com, utc_offset: +02:00 }
api: { base_url: 'https://example.com/api' }
files: [lib, { from: src/app.py, to: ':app.py' }]
extra: { room: 12, sensors: [a, { b: null }], debug: true }
`,
    );
    await write('upyw.secrets.yaml', `wifi: { password: ${secret} }\nextra: { api_key: abc, room: 13 }\n`);
    const { values, origins } = await load();
    expect(values).toMatchObject({
      'wifi.ssid': 'Café',
      'wifi.password': secret,
      'wifi.hostname': 'desk-1',
      'wifi.country': 'CZ',
      'pins.pin_btn1': 12,
      'pins.pin_led': 4,
      'pins.pin_adc': 36,
      'ntp.utc_offset': 120,
      files: [{ from: 'lib' }, { from: 'src/app.py', to: ':app.py' }],
      extra: { room: 13, sensors: ['a', { b: null }], debug: true, api_key: 'abc' },
    });
    expect(origins['wifi.password']).toEqual({ kind: 'secrets', name: join(folder, 'upyw.secrets.yaml') });
    expect(origins['pins.pin_btn1'].kind).toBe('project');
  });

  test('flag over environment over secrets over project', async () => {
    await write('upyw.config.yaml', 'wifi: { ssid: project, password: project-password }');
    expect((await load()).values['wifi.password']).toBe('project-password');
    await write('upyw.secrets.yaml', 'wifi: { password: secrets-password }');
    expect((await load()).values['wifi.password']).toBe('secrets-password');
    const env = { UPYW_WIFI_PASSWORD: 'environment-password' };
    expect((await load({ env })).values['wifi.password']).toBe('environment-password');
    const words = {
      'wifi.password': '',
      'wifi.ssid': 'flag',
      'pins.pin_led': '5',
      'ntp.utc_offset': '-3:30',
    };
    const { values, origins } = await load({ env, words });
    expect(values).toMatchObject({
      'wifi.password': '',
      'wifi.ssid': 'flag',
      'pins.pin_led': 5,
      'ntp.utc_offset': -210,
    });
    expect(origins['wifi.ssid']).toEqual({ kind: 'flag', name: '--ssid' });
  });

  test.each([8, 63])('a password of %i bytes', async (length) => {
    await write('.upywrc.json', JSON.stringify({ wifi: { password: 'x'.repeat(length) } }));
    expect((await load()).values['wifi.password']).toHaveLength(length);
  });

  test.each(['ž'.repeat(4), 'a0'.repeat(32), ''])('the password %j', async (password) => {
    await write('.upywrc.json', JSON.stringify({ wifi: { password } }));
    expect((await load()).values['wifi.password']).toBe(password);
  });

  test.each([
    ['UTC', 0],
    ['+2', 120],
    ['5:45', 345],
    ['-0330', -210],
    [5.75, 345],
    [-12, -720],
    ['+14:00', 840],
  ])('the offset %j is %i minutes', async (utc_offset, minutes) => {
    await write('.upywrc.json', JSON.stringify({ ntp: { utc_offset } }));
    expect((await load()).values['ntp.utc_offset']).toBe(minutes);
  });
});

describe('each field wrong in turn: told with file, path, what was given and what is allowed', () => {
  const tooDeep = JSON.parse('['.repeat(12) + ']'.repeat(12)) as unknown;
  test.each<[unknown, string, RegExp]>([
    [{ wifi: 'net' }, 'wifi', /^should be an object with ssid, password, hostname, country$/],
    [{ wifi: { ssid: '' } }, 'wifi.ssid', /1 to 32 bytes in UTF-8; "" has 0/],
    [{ wifi: { ssid: 'ž'.repeat(17) } }, 'wifi.ssid', /1 to 32 bytes in UTF-8; "ž+" has 34/],
    [{ wifi: { ssid: 12345 } }, 'wifi.ssid', /text of 1 to 32 bytes.*quotes.*, not 12345$/],
    [{ wifi: { ssid: 123e30 } }, 'wifi.ssid', /, not a number: text of many digits needs quotes$/],
    [{ wifi: { password: 'short-1' } }, 'wifi.password', /8 to 63 bytes.*64 hex digits.*has 7 bytes$/],
    [{ wifi: { password: `${secret}!`.repeat(5) } }, 'wifi.password', /has 75 bytes$/],
    [{ wifi: { password: `${secret}xx`.repeat(4) } }, 'wifi.password', /has 64 bytes that are not all hex/],
    [{ wifi: { password: `${secret}\0` } }, 'wifi.password', /no control characters/],
    [{ wifi: { password: 12345678 } }, 'wifi.password', /in quotes when it is all digits.*, not a number$/],
    [{ wifi: { password: null } }, 'wifi.password', /, not nothing$/],
    [{ wifi: { password: [secret] } }, 'wifi.password', /, not a list$/],
    [{ wifi: { hostname: 'my_board' } }, 'wifi.hostname', /letters, digits and hyphens.*, not "my_board"$/],
    [{ wifi: { hostname: 'x'.repeat(33) } }, 'wifi.hostname', /1 to 32/],
    [{ wifi: { country: 'CZE' } }, 'wifi.country', /two letters.*, not "CZE"$/],
    [{ pins: [2] }, 'pins', /an object with pin_btn1, pin_btn2, pin_led, pin_adc$/],
    [{ pins: { pin_led: 6 } }, 'pins.pin_led', /GPIO6 carries the flash.*Choose one of 0–5, 12–19/],
    [{ pins: { pin_adc: 11 } }, 'pins.pin_adc', /GPIO11 carries the flash/],
    [{ pins: { pin_led: 34 } }, 'pins.pin_led', /GPIO34 is an input only.*cannot drive an LED/],
    [{ pins: { pin_btn1: 39 } }, 'pins.pin_btn1', /GPIO39 has no pull-up.*a button needs one/],
    [{ pins: { pin_btn2: 20 } }, 'pins.pin_btn2', /the ESP32 has no GPIO20/],
    [{ pins: { pin_btn2: 2.5 } }, 'pins.pin_btn2', /the ESP32 has no GPIO2\.5/],
    [{ pins: { pin_led: 'D4' } }, 'pins.pin_led', /the number of a GPIO: 0–5.*, not "D4"$/],
    [{ pins: { pin_adc: 18 } }, 'pins.pin_adc', /GPIO18 has no analog input.*Choose one of 32–39/],
    [{ ntp: { host: 'not a host' } }, 'ntp.host', /a time server, not "not a host"$/],
    [{ ntp: { utc_offset: '+25:00' } }, 'ntp.utc_offset', /such as \+02:00.*, not "\+25:00"$/],
    [{ ntp: { utc_offset: 120 } }, 'ntp.utc_offset', /such as \+02:00/],
    [
      { api: { base_url: 'ftp://x' } },
      'api.base_url',
      /begins with http:\/\/ or https:\/\/, not "ftp:\/\/x"$/,
    ],
    [{ files: 'lib' }, 'files', /a list of files.*, not "lib"$/],
    [{ files: ['lib', { to: 'x' }] }, 'files[1]', /should be the name of a file or folder, or \{ from/],
    [{ files: [''] }, 'files[0]', /should be the name/],
    [{ extra: [1] }, 'extra', /an object of names and values.*, not a list$/],
    [{ extra: { 'a-b': 1 } }, 'extra.a-b', /a Python name/],
    [{ extra: { class: 1 } }, 'extra.class', /a word of the Python language/],
    [{ extra: { wifi_passwd: secret } }, 'extra.wifi_passwd', /from wifi\.password: set that instead$/],
    [{ extra: { a: { b: [1, 2 ** 60] } } }, 'extra.a.b[1]', /beyond 2\^53/],
    [{ extra: { a: tooDeep } }, `extra.a${'[0]'.repeat(10)}`, /nested too deep/],
  ])('%j', async (content, key, problem) => {
    await write('.upywrc.json', JSON.stringify(content));
    const error = await failure();
    expect(error).toMatchObject({
      code: 'config/invalid',
      exitCode: 2,
      details: { source: join(folder, '.upywrc.json'), key },
    });
    expect((error.details as { problem: string }).problem).toMatch(problem);
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain(secret);
  });

  test.each([
    ['extra: { since: 2024-05-01 }', 'extra.since', /read as a date: put it in quotes/],
    ['extra: { much: .inf }', 'extra.much', /a finite number/],
    ['extra: { loop: &a [*a] }', 'extra.loop', /nested too deep/],
  ])('YAML knows more than JSON: %s', async (content, key, problem) => {
    await write('.upywrc', content);
    const error = await failure();
    expect((error.details as { key: string }).key.startsWith(key)).toBe(true);
    expect(error.message).toMatch(problem);
  });

  test('a key that is not known, near one that is', async () => {
    await write('.upywrc.json', JSON.stringify({ wifi: { passwd: secret } }));
    const error = await failure();
    expect(error).toMatchObject({ code: 'config/unknown-key', hint: 'Did you mean wifi.password?' });
  });

  test('a flag and a variable are named', async () => {
    const flag = await failure({ words: { 'pins.pin_led': '99' } });
    expect(flag.message).toBe(
      '--pin-led: pins.pin_led: the ESP32 has no GPIO99. Choose one of 0–5, 12–19, 21–23, 25–27, 32, 33',
    );
    const variable = await failure({ env: { UPYW_WIFI_PASSWORD: 'a-z' } });
    expect(variable.message).toMatch(/^UPYW_WIFI_PASSWORD: wifi\.password: .*; this one has 3 bytes$/);
  });
});

describe('a file that cannot be read is told about without its text', () => {
  test.each([
    ['upyw.secrets.json', `{"wifi": {"password": "${secret}" "x"}}`, /not valid JSON at line 1, column/],
    ['upyw.secrets.json', `{"wifi": {\n"password": "${secret}`, /not valid JSON/],
    ['upyw.secrets.yaml', `wifi:\n  password: *${secret}\n`, /unidentified alias … at line 2, column/],
    ['upyw.secrets.yaml', `wifi:\n  password: "${secret}\n`, /at line 3/],
    ['upyw.secrets.yaml', `wifi:\n password: ${secret}\n  ${secret}: x\n`, /at line 3/],
    [
      'upyw.config.yaml',
      new Uint8Array(Buffer.from(`# ok\nwifi:\n  ssid: Caf\xe9`, 'latin1')),
      /not UTF-8 text \(see line 3\)/,
    ],
    ['upyw.config.yaml', new Uint8Array(Buffer.from(`\ufeffwifi: {}`, 'utf16le')), /saved as UTF-16/],
  ])('%s %#', async (name, content, reason) => {
    await write(name, content);
    const error = await failure();
    expect(error).toMatchObject({ code: 'config/unreadable', details: { source: join(folder, name) } });
    expect(error.message).toMatch(reason);
    expect(error.message).not.toContain(secret);
    expect(error.cause).toBeUndefined();
  });

  test.each([
    ['port: sim:\n', true],
    [`wifi:\n  password: ${secret}: x\n`, true],
    [`wifi:\n  password: "${secret}\n`, false],
    [`port: a\n  baud: 3\n`, false],
  ])('%j: whether quotes are missing', async (content, quotes) => {
    await write('upyw.config.yaml', content);
    const { code, hint } = await failure();
    expect([code, hint.includes("needs quotes, such as port: 'sim:'")]).toEqual([
      'config/unreadable',
      quotes,
    ]);
    expect(hint).not.toContain(secret);
  });

  test('a byte order mark, and the sign for what is not known, are fine', async () => {
    await write('.upywrc.json', '\ufeff{"wifi": {"ssid": "\ufffd"}}');
    expect((await load()).values['wifi.ssid']).toBe('\ufffd');
  });

  test('the file for secrets is looked for upwards', async () => {
    await write('upyw.secrets.yaml', `wifi: { password: ${secret} }`);
    await mkdir(join(folder, 'deep'));
    expect((await load({ cwd: join(folder, 'deep') })).values['wifi.password']).toBe(secret);
  });
});
