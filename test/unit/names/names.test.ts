import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadBoards } from '../../../src/config/boards/load-boards.js';
import { editBoards } from '../../../src/names/edit-boards.js';
import { databaseText, nameHash, randomKey } from '../../../src/names/keys.js';
import { freeNames, parseNumbered } from '../../../src/names/number-names.js';
import { saveKeys } from '../../../src/names/save-keys.js';
import { testWith } from '../../support/systems.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upyw-names-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('names in upyw.boards.yaml', () => {
  test('what people have written stays: comments, order, settings', async () => {
    const path = join(folder, 'upyw.boards.yaml');
    const before =
      '# ours\n\n# by the door\na:\n  mac: 24:0a:12:00:00:04\n  pins: { pin_led: 5 } # red\n\nb:\n  mac: 24:0a:12:00:00:08\n';
    await writeFile(path, before);
    const add = { give: [{ name: 'c', mac: '12:34:56:78:90:12' }] };
    await editBoards(folder, await loadBoards(folder), add);
    expect(await readFile(path, 'utf8')).toBe(`${before}c:\n  mac: '12:34:56:78:90:12'\n`);
    const rename = { give: [{ name: 'door', mac: '24:0a:12:00:00:04' }], remove: ['B'] };
    await editBoards(folder, await loadBoards(folder), rename);
    expect(await readFile(path, 'utf8')).toBe(
      "# ours\n\n# by the door\ndoor:\n  mac: 24:0a:12:00:00:04\n  pins: { pin_led: 5 } # red\nc:\n  mac: '12:34:56:78:90:12'\n",
    );
  });

  test.each(['', '# nothing yet\n'])('an empty file is one to write into: %j', async (text) => {
    await writeFile(join(folder, 'upyw.boards.yaml'), text);
    await editBoards(folder, await loadBoards(folder), { give: [{ name: 'a', mac: '24:0a:12:00:00:04' }] });
    expect((await loadBoards(folder)).boards.map(({ name }) => name)).toEqual(['a']);
  });
});

describe('numbers in names', () => {
  test('as printf writes them; names that are taken are left out', () => {
    const numbered = parseNumbered('device%02d');
    expect(freeNames(numbered, { count: 3, first: 9, taken: ['DEVICE10'] })).toEqual([
      'device09',
      'device11',
      'device12',
    ]);
    expect(parseNumbered('%d')(3)).toBe('3');
  });

  test.each(['device', 'd%s', '%d%d', 'a b%d', '%2d'])('%s is no such pattern', (pattern) => {
    expect(() => parseNumbered(pattern)).toThrow('--number');
  });
});

describe('keys of devices', () => {
  test("are the workshop's: the MD5 of the name in UTF-8", () => {
    // From the workshop's own db.json.
    expect(nameHash('device01')).toBe('24b627ce88f147e2f62283f275cdec58');
    expect(nameHash('device09')).toBe('2d34e3460550716da2293e0020348ac1');
    // `printf učebna | md5sum`
    expect(nameHash('učebna')).toBe('96f864ce19e084b72824d591be35d139');
  });

  test('random ones have 128 bits and are each another', () => {
    const made = new Set(Array.from({ length: 100 }, randomKey));
    expect([made.size, [...made].every((key) => /^[0-9a-f]{32}$/.test(key))]).toEqual([100, true]);
  });

  test('what a db.json holds besides stays there', () => {
    const before = { posts: [{ id: 'a', key: 'old', value: 5 }, { id: 'z' }], profile: { name: 'me' } };
    const text = databaseText(
      [
        { name: 'a', key: '1' },
        { name: 'b', key: '2' },
      ],
      before,
    );
    expect(JSON.parse(text)).toEqual({
      posts: [{ id: 'a', key: '1', value: 5 }, { id: 'z' }, { id: 'b', key: '2' }],
      profile: { name: 'me' },
    });
  });

  test('are saved beside the secrets that are there, as text whatever their digits', async () => {
    const path = join(folder, 'upyw.secrets.yaml');
    await writeFile(path, "wifi:\n  password: 'x' # mine\nboards:\n  # none yet\n");
    const keys = [
      { name: 'a', key: '1'.repeat(32) },
      { name: 'b', key: '12e4'.padEnd(32, '0') },
    ];
    await saveKeys(path, keys);
    const text = await readFile(path, 'utf8');
    expect(text).toContain("password: 'x' # mine");
    expect(text).toMatch(/a:\n {4}extra:\n {6}api_key: "1{32}"/);
    expect(text).toContain('api_key: "12e4');
  });

  testWith('file modes', 'nobody else may read the file', async () => {
    const path = join(folder, 'upyw.secrets.yaml');
    await saveKeys(path, [{ name: 'a', key: 'k' }]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});
