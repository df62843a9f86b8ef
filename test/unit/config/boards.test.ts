import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadBoards } from '../../../src/config/boards/load-boards.js';
import { nameMistake } from '../../../src/config/boards/board-name.js';
import { macFrom } from '../../../src/config/boards/mac.js';
import { type SettingsPlace, loadSettingsIn } from '../../support/load-settings-in.js';
import { requireCommon } from '../../../src/config/require-common.js';
import { UpywError } from '../../../src/errors.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upyw-names-'));
  await write('package.json', '{}');
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const first = '24:0a:12:00:00:04';
const second = '24:0a:12:00:00:08';

async function failure(promise: Promise<unknown>): Promise<UpywError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UpywError)) throw new Error(`expected a UpywError, got ${String(error)}`);
  return error as UpywError;
}

describe('upyw.boards.yaml', () => {
  test('has the boards in their order, numbered from 1 unless an entry says otherwise', async () => {
    await write(
      'upyw.boards.yaml',
      `b:\n  mac: ${second}\na:\n  mac: '${first}'\n  index: 7\n  baud: 9600\n`,
    );
    expect((await loadBoards(folder)).boards).toEqual([
      { name: 'b', mac: second, index: 1, settings: {} },
      { name: 'a', mac: first, index: 7, settings: { baud: 9600 } },
    ]);
  });

  test.each([
    ['two names for one board', `a: { mac: '${first}' }\nb: { mac: '${first}' }\n`, 'is the board a already'],
    ['a name twice', `a: { mac: '${first}' }\na: { mac: '${second}' }\n`, 'duplicated mapping key at line 2'],
    [
      'a name twice but for capitals',
      `a: { mac: '${first}' }\nA: { mac: '${second}' }\n`,
      'in capitals alone',
    ],
    ['a MAC in another spelling', 'a: { mac: 24-0A-12-00-00-04 }\n', `should be written ${first}`],
    ['a MAC without its colons', 'a: { mac: "240a12000004" }\n', `should be written ${first}`],
    ['a MAC that is none', 'a: { mac: 24:0a }\n', 'is no MAC address'],
    ['a board without a MAC', 'a: {}\n', 'has no mac'],
    ['a MAC in the place of an entry', `a: '${first}'\n`, 'should be an object'],
    ['a name that cannot be a folder', `con: { mac: '${first}' }\n`, 'cannot name a board'],
    ['an index that is none', `a: { mac: '${first}', index: x }\n`, 'whole number'],
  ])('%s is told', async (_, text, words) => {
    await write('upyw.boards.yaml', text);
    const { code, message, exitCode } = await failure(loadBoards(folder));
    expect([code.startsWith('config/'), exitCode, message]).toEqual([
      true,
      2,
      expect.stringContaining(words),
    ]);
  });

  test('names may have letters of any language, and nothing that a shell or a system takes for something else', () => {
    for (const name of ['device03', 'učebna-3', '部屋1', 'a.b_c']) expect(nameMistake(name)).toBeUndefined();
    for (const name of ['', 'all', 'COM3', 'a b', 'a/b', '.a', 'a.', '-a', 'a*', 'x'.repeat(33)])
      expect([name, nameMistake(name)]).toEqual([name, expect.any(String)]);
  });

  test('a MAC is known in all its spellings', () => {
    for (const text of ['24-0A-12-00-00-04', '240a12000004', '240A.1200.0004', ' 24:0a:12:00:00:04 '])
      expect(macFrom(text)).toBe(first);
    for (const text of ['', '24:0a:12:00:00', '24:0a:12:00:00:0g', '0123456789abcdef'])
      expect(macFrom(text)).toBeUndefined();
  });
});

describe("a board's own settings", () => {
  const load = (more: Partial<SettingsPlace> = {}) =>
    loadSettingsIn({ env: { HOME: folder }, cwd: folder, ...more });

  beforeEach(async () => {
    await write(
      'upyw.boards.yaml',
      `desk1:\n  mac: ${first}\n  pins: { pin_led: 5 }\ndesk2:\n  mac: ${second}\n  port: COM7\n`,
    );
    await write(
      'upyw.config.yaml',
      "wifi: { ssid: lab, hostname: 'esp-{{name}}' }\npins: { pin_led: 4 }\nextra: { id: '{{ name }}/{{mac}}/{{index}}', n: 1 }\n",
    );
    await write(
      'upyw.secrets.yaml',
      'extra: { api_key: common }\nboards:\n  desk2: { extra: { api_key: own } }\n  later: {}\n',
    );
  });

  test('are filled in, and stronger than the project’s; its secrets are its own', async () => {
    const one = await load({ mac: first });
    expect(one.values).toMatchObject({
      'wifi.hostname': 'esp-desk1',
      'pins.pin_led': 5,
      extra: { id: `desk1/${first}/1`, n: 1, api_key: 'common' },
    });
    expect(one.origins['pins.pin_led']).toEqual({ kind: 'board', name: join(folder, 'upyw.boards.yaml') });
    const two = await load({ flags: { port: 'name:DESK2' } });
    expect(two.values).toMatchObject({ port: 'name:DESK2', 'pins.pin_led': 4, extra: { api_key: 'own' } });
    expect(two.board).toEqual({ name: 'desk2', mac: second, index: 2, port: 'COM7' });
    expect(two.own.map(({ name, value }) => [name, value])).toEqual([
      ['extra.api_key', '••••••'],
      ['wifi.hostname', 'esp-desk2'],
      ['extra.id', `desk2/${second}/2`],
    ]);
  });

  test('flags and the environment are stronger than what is the board’s own', async () => {
    const { values } = await load({
      mac: first,
      words: { 'pins.pin_led': '13', 'wifi.hostname': 'x-{{index}}' },
    });
    expect(values).toMatchObject({ 'pins.pin_led': 13, 'wifi.hostname': 'x-1' });
  });

  test('as long as the board is not known they stay as written, and are checked for any', async () => {
    const common = await load();
    expect([common.mayDiffer, common.values['wifi.hostname']]).toEqual([true, 'esp-{{name}}']);
    expect(() => requireCommon(common)).toThrow(/\{\{name\}\}, and no board is known/);
    await write('upyw.config.yaml', "wifi: { hostname: '{{name}} {{index}}' }\n");
    expect((await failure(load())).message).toContain('should be a host name');
  });

  test('what the board has not is told, and what stands for nothing', async () => {
    expect(await failure(load({ mac: '24:0a:12:00:00:0c' }))).toMatchObject({ code: 'config/no-own-value' });
    await write('upyw.config.yaml', "extra: { a: ['{{nmae}}'] }\n");
    expect((await failure(load())).message).toContain('{{nmae}} stands for nothing');
  });

  test('a password is taken as it is', async () => {
    await write('upyw.secrets.yaml', "wifi: { password: 'a{{name}}b{{zz}}' }\n");
    expect((await load({ mac: first })).values['wifi.password']).toBe('a{{name}}b{{zz}}');
  });

  test('a mistake under a name is heard of, whichever board is asked for, and says where it is', async () => {
    await write('upyw.boards.yaml', `desk1:\n  mac: ${first}\n  pins: { pin_led: 99 }\n`);
    expect((await failure(load())).message).toContain('upyw.boards.yaml: desk1: pins.pin_led');
    await write('upyw.boards.yaml', `desk1:\n  mac: ${first}\n  pin: 1\n`);
    expect(await failure(load())).toMatchObject({ code: 'config/unknown-key' });
  });

  test('a name that no board has is told with what may be meant', async () => {
    expect(await failure(load({ flags: { port: 'name:desk3' } }))).toMatchObject({
      code: 'name/unknown',
      hint: expect.stringMatching(/Did you mean desk[12]\?/) as string,
    });
  });
});
