import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLoaders } from 'cosmiconfig';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSettingsIn } from '../../support/load-settings-in.js';
import { yamlString } from '../../../src/config/yaml-string.js';
import { runInWorld } from '../../support/memory-world.js';
import { Person, askPerson } from '../../support/person.js';
import { anyText } from '../../support/random-settings.js';
import { secretInFiles as password } from '../../support/secrets.js';
import { has } from '../../support/systems.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'upyw-init-'));
  await writeFile(join(cwd, 'package.json'), '{}');
});
afterEach(async () => {
  await rm(cwd, { recursive: true });
});

const read = (name: string) => readFile(join(cwd, name), 'utf8');
const settings = async () => (await loadSettingsIn({ env: { HOME: cwd }, cwd })).values;

const libraries = 'Libraries for the board, such as umqtt.simple (none: later):';

describe('upyw init', () => {
  test('without a terminal it asks nothing; what it writes is a configuration that holds', async () => {
    const { exitCode, stdout } = await runInWorld(['init'], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^wrote \.gitignore, upyw\.secrets\.yaml, upyw\.config\.yaml, main\.py\n/);
    expect(await settings()).toMatchObject({
      'wifi.ssid': undefined,
      'wifi.password': undefined,
      'pins.pin_adc': 34,
      files: [{ from: 'main.py' }],
    });
    expect(await read('.gitignore')).toBe('upyw.secrets.*\nesp32*-????-??-??*.bin\n');
    if (has('file modes')) {
      expect((await stat(join(cwd, 'upyw.secrets.yaml'))).mode & 0o777).toBe(0o600);
    }
  });

  test('what is answered gets into the two files, each into its own; a password that can be none is asked again', async () => {
    const person = new Person({ texts: ['Café "x"', 'short', password, ''] });
    const { exitCode, stderr } = await askPerson(['init'], person, { cwd });
    expect(exitCode).toBe(0);
    expect(person.questions).toEqual([
      'Wi-Fi network (SSID; none: later):',
      'Its password (none: later): (hidden)',
      'Its password (none: later): (hidden)',
      libraries,
    ]);
    expect(stderr).toContain('this one has 5 bytes');
    expect(stderr).not.toContain('short');
    expect(await settings()).toMatchObject({ 'wifi.ssid': 'Café "x"', 'wifi.password': password });
    expect(await read('upyw.config.yaml')).not.toContain(password);
  });

  test('no network: no question for its password', async () => {
    const person = new Person({ texts: ['', ''] });
    expect((await askPerson(['init'], person, { cwd })).exitCode).toBe(0);
    expect(person.questions).toEqual(['Wi-Fi network (SSID; none: later):', libraries]);
  });

  test('libraries are asked for, and one that can be none is asked again; or they are named', async () => {
    const person = new Person({ texts: ['', 'a@b@c', 'umqtt.simple, aioble@0.5.0 github:ORG/REPO'] });
    expect((await askPerson(['init'], person, { cwd })).stderr).toContain('it is no name of a package');
    expect((await settings()).packages).toEqual(['umqtt.simple', 'aioble@0.5.0', 'github:ORG/REPO']);
    await rm(join(cwd, 'upyw.config.yaml'));
    const named = ['--package', 'aioble', '--package', './lib'];
    expect((await runInWorld(['init', ...named], { cwd })).exitCode).toBe(0);
    expect((await settings()).packages).toEqual(['aioble', './lib']);
    const { stderr, exitCode } = await runInWorld(['init', '--package', 'a b'], { cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('mip/bad-spec')]);
  });

  test('--yes asks nothing; --dry-run writes nothing', async () => {
    const person = new Person({});
    const dry = await askPerson(['init', '--dry-run'], person, { cwd });
    expect(dry.stdout).toMatch(/^would write \.gitignore, /);
    expect(await readdir(cwd)).toEqual(['package.json']);
    expect((await askPerson(['init', '--yes'], person, { cwd })).exitCode).toBe(0);
    expect(person.questions).toEqual([]);
  });

  test('nothing is overwritten, and .gitignore only gets longer', async () => {
    const mine = {
      '.upywrc': 'port: COM7\n',
      'upyw.secrets.json': '{}',
      'main.py': 'x = 1',
      '.gitignore': 'dist\r\na',
    };
    for (const [name, text] of Object.entries(mine)) await writeFile(join(cwd, name), text);
    const person = new Person({});
    const { stdout } = await askPerson(['init'], person, { cwd });
    expect(stdout).toMatch(/^wrote \.gitignore\n/);
    expect(person.questions).toEqual([]);
    expect((await readdir(cwd)).sort()).toEqual([...Object.keys(mine), 'package.json'].sort());
    expect(await read('.gitignore')).toBe('dist\r\na\r\nupyw.secrets.*\r\nesp32*-????-??-??*.bin\r\n');
    for (const name of ['.upywrc', 'upyw.secrets.json', 'main.py'] as const) {
      expect(await read(name)).toBe(mine[name]);
    }
    expect((await runInWorld(['init', '--json'], { cwd })).stdout).toContain('"written": []');
    expect(await read('.gitignore')).toBe('dist\r\na\r\nupyw.secrets.*\r\nesp32*-????-??-??*.bin\r\n');
  });
});

test('any text means the same in YAML', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(defaultLoaders['.yaml']('x.yaml', `key: ${yamlString(text)} # comment\n`)).toEqual({
        key: text,
      });
    }),
    { numRuns: 2_000 },
  );
});
