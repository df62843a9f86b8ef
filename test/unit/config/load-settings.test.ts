import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { foreignHand } from '../../../src/config/foreign-code.js';
import { UpywError } from '../../../src/errors.js';
import { type SettingsPlace, loadSettingsIn } from '../../support/load-settings-in.js';
import { describeWith } from '../../support/systems.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upyw-config-'));
  // The root of the project: without it the search would go on above the temporary folder.
  await write('project/package.json', '{}');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(path: string, content: string): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

function load(sources: Partial<SettingsPlace> = {}) {
  const { env = {}, ...others } = sources;
  return loadSettingsIn({
    flags: {},
    env: { HOME: join(folder, 'home'), ...env },
    cwd: join(folder, 'project'),
    platform: 'linux',
    ...others,
  });
}

async function failure(sources?: Partial<SettingsPlace>): Promise<UpywError> {
  const error: unknown = await load(sources).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UpywError)) throw new Error(`expected a UpywError, got ${String(error)}`);
  return error as UpywError;
}

describe('where a value comes from', () => {
  test('nothing anywhere: the defaults', async () => {
    const { values, origins } = await load();
    expect(values).toMatchObject({ port: 'auto', baud: 115200, timeout: undefined });
    expect(origins.port).toEqual({ kind: 'default', name: '' });
  });

  test('flag over environment over project over user over default, key by key', async () => {
    const user = await write('home/.config/upyw/config.json', '{"port":"user","baud":9600,"timeout":9}');
    const project = await write('project/upyw.config.json', '{"port":"project","baud":19200}');
    const env = { UPYW_PORT: 'environment' };
    const everything = await load({ env, flags: { port: 'flag' } });
    expect(everything.values).toMatchObject({ port: 'flag', baud: 19200, timeout: 9 });
    expect(everything.origins).toMatchObject({
      port: { kind: 'flag', name: '--port' },
      baud: { kind: 'project', name: project },
      timeout: { kind: 'user', name: user },
      firmware: { kind: 'default', name: '' },
    });
    expect((await load({ env })).values.port).toBe('environment');
    expect((await load()).values.port).toBe('project');
  });

  test('UPYW_ goes before AMPY_, an empty variable is none', async () => {
    const both = await load({ env: { UPYW_PORT: 'COM3', AMPY_PORT: 'COM4', AMPY_BAUD: '9600' } });
    expect([both.values.port, both.values.baud]).toEqual(['COM3', 9600]);
    const empty = await load({ env: { UPYW_PORT: '', AMPY_PORT: 'COM4', UPYW_TIMEOUT: '500ms' } });
    expect([empty.values.port, empty.values.timeout]).toEqual(['COM4', 0.5]);
    expect(empty.origins.port).toEqual({ kind: 'environment', name: 'AMPY_PORT' });
  });

  test.each([
    [{ UPYW_TURBO: '0' }, false, 'UPYW_TURBO'],
    [{ UPYW_TURBO: 'Yes' }, true, 'UPYW_TURBO'],
    [{ UPYW_NO_TURBO: '1' }, false, 'UPYW_NO_TURBO'],
    [{ UPYW_NO_TURBO: 'off', UPYW_TURBO: '0' }, true, 'UPYW_NO_TURBO'],
  ])('%o: turbo is %s', async (env, turbo, name) => {
    const { values, origins } = await load({ env });
    expect([values.turbo, origins.turbo]).toEqual([turbo, { kind: 'environment', name }]);
  });

  test('turbo may stand in a file', async () => {
    await write('project/.upywrc.json', '{"turbo": false}');
    expect((await load()).values.turbo).toBe(false);
    expect((await load({ env: { UPYW_TURBO: '1' } })).values.turbo).toBe(true);
  });

  test.each([
    ['upyw.config.js', 'export default { port: "COM7" };'],
    ['upyw.config.mjs', 'export default { port: "COM7" };'],
    ['upyw.config.json', '{ "port": "COM7" }'],
    ['upyw.config.yaml', 'port: COM7'],
    ['upyw.config.yml', 'port: COM7'],
    ['.upywrc', 'port: COM7'],
    ['.upywrc.json', '{ "port": "COM7" }'],
    ['.upywrc.yaml', 'port: COM7'],
    ['package.json', '{ "upyw": { "port": "COM7" } }'],
  ])('%s is read', async (name, content) => {
    await write(`project/${name}`, content);
    expect((await load()).values.port).toBe('COM7');
  });

  test('a config above the current folder counts, up to the root of the project', async () => {
    await write('project/upyw.config.yaml', 'port: COM7');
    await write('upyw.config.yaml', 'port: COM9');
    await mkdir(join(folder, 'project/src/deep'), { recursive: true });
    expect((await load({ cwd: join(folder, 'project/src/deep') })).values.port).toBe('COM7');
    await rm(join(folder, 'project/upyw.config.yaml'));
    expect((await load({ cwd: join(folder, 'project/src/deep') })).values.port).toBe('auto');
  });

  test('the user’s own folder depends on the system', async () => {
    await write('roaming/upyw/config.yaml', 'port: COM5');
    const windows = { platform: 'win32', env: { APPDATA: join(folder, 'roaming') } } as const;
    expect((await load(windows)).values.port).toBe('COM5');
    await write('xdg/upyw/config.yaml', 'port: /dev/ttyUSB5');
    expect((await load({ env: { XDG_CONFIG_HOME: join(folder, 'xdg') } })).values.port).toBe('/dev/ttyUSB5');
  });

  test('an empty file, and a key that is undefined, are as if not there', async () => {
    await write('project/.upywrc', '');
    expect((await load()).values.port).toBe('auto');
    await write('project/upyw.config.mjs', 'export default { port: undefined };');
    expect((await load()).values.port).toBe('auto');
  });
});

describe('what is wrong', () => {
  test.each([
    ['port', '""'],
    ['port', '3'],
    ['port', 'null'],
    ['baud', '"fast"'],
    ['baud', '0'],
    ['baud', '1.5'],
    ['baud', 'true'],
    ['baud', '[115200]'],
    ['timeout', '-1'],
    ['timeout', '"soon"'],
    ['timeout', '{}'],
    ['turbo', '"fast"'],
  ])('%s may not be %s: told with file, key and what is allowed', async (key, value) => {
    const path = await write('project/.upywrc.json', `{"${key}": ${value}}`);
    const error = await failure();
    expect(error).toMatchObject({ code: 'config/invalid', exitCode: 2, details: { source: path, key } });
    expect(error.message).toMatch(/should be .*, not /);
  });

  test('a file is checked even where a flag overrules it', async () => {
    await write('project/.upywrc.json', '{"baud": "fast"}');
    expect(await failure({ flags: { baud: 9600 } })).toMatchObject({ code: 'config/invalid' });
  });

  async function refuses(make: (path: string) => Promise<unknown>, reason: string): Promise<void> {
    for (const name of ['upyw.config.yaml', 'upyw.secrets.yaml']) {
      const path = join(folder, 'project', name);
      await make(path);
      expect(await failure()).toMatchObject({ code: 'config/unreadable', details: { source: path, reason } });
      await rm(path, { recursive: true });
    }
  }

  test.each([
    ['a folder', (path: string) => mkdir(path), 'it is a folder'],
    ['too much', (path: string) => writeFile(path, ' '.repeat(1_000_001)), 'it is larger than 1 MB'],
  ])('%s in the place of a config file', (_, make, reason) => refuses(make, reason));

  describeWith('device files', 'no file in the place of a config file', () => {
    test.each([
      ['a link to itself', (path: string) => symlink(path, path), 'it is a link that leads nowhere'],
      ['a pipe', (path: string) => execa('mkfifo', [path]), 'it is a device or a pipe, and no file'],
      ['a device', (path: string) => symlink('/dev/zero', path), 'it is a device or a pipe, and no file'],
    ])('%s', (_, make, reason) => refuses(make, reason));
  });

  test('two documents in one file', async () => {
    await write('project/upyw.config.yaml', 'port: a\n---\nport: b\n');
    const { reason } = (await failure()).details as { reason: string };
    expect(reason).toMatch(/single document/);
  });

  test('a bad variable names the variable', async () => {
    expect(await failure({ env: { UPYW_BAUD: 'x' } })).toMatchObject({
      code: 'config/invalid',
      details: { source: 'UPYW_BAUD', key: 'baud' },
    });
  });

  test('an unknown key suggests the near one, else lists the known ones', async () => {
    await write('project/.upywrc.json', '{"prot": "COM3"}');
    const near = await failure();
    expect(near).toMatchObject({ code: 'config/unknown-key', exitCode: 2, hint: 'Did you mean port?' });
    await write('project/.upywrc.json', '{"colour": "red"}');
    expect((await failure()).hint).toMatch(
      /^Known keys: port, baud, timeout, turbo, lines\.loader, lines\.reset, firmware, firmware\.board, firmware\.variant, firmware\.version, firmware\.url, wifi\.ssid, /,
    );
    await write('project/.upywrc.json', '{"constructor": 1}');
    expect(await failure()).toMatchObject({ code: 'config/unknown-key' });
  });

  test.each([
    ['upyw.config.js', 'throw new Error("no luck today");', 'no luck today'],
    ['upyw.config.mjs', 'const error = new Error("gone"); error.code = "ENOENT"; throw error;', 'gone'],
    ['upyw.config.mjs', 'throw "a string";', 'a string'],
    ['upyw.config.mjs', 'export default {', 'Unexpected|invalid JS syntax'],
    ['upyw.config.mjs', 'import "./not-here.mjs";', 'not-here.mjs'],
    ['upyw.config.mjs', 'export default 5;', 'should hold an object'],
    ['.upywrc.json', '{"port": ', 'Expected double-quoted|JSON|Unexpected'],
    ['.upywrc.yaml', 'port: [', 'flow collection|unexpected'],
    ['.upywrc', '- a list', 'should hold an object'],
  ])('%s that says %s cannot be read', async (name, content, reason) => {
    const path = await write(`project/${name}`, content);
    const error = await failure();
    expect(error).toMatchObject({ code: 'config/unreadable', exitCode: 2, details: { source: path } });
    expect(error.message).toMatch(new RegExp(reason));
    expect(error.message).not.toContain('\n');
  });

  test.each([
    ['{"name":', 'valid JSON'],
    ['<<<<<<< HEAD', 'valid JSON'],
    ['null', 'should hold an object'],
  ])('a package.json that says %s is told, above the folder too', async (content, reason) => {
    const path = await write('project/package.json', content);
    await mkdir(join(folder, 'project/deep'));
    for (const cwd of ['project', 'project/deep']) {
      const error = await failure({ cwd: join(folder, cwd) });
      expect(error).toMatchObject({ code: 'config/unreadable', details: { source: path } });
      expect(error.message).toContain(reason);
    }
  });

  test('a few lines of YAML that stand for billions of values are refused at once', async () => {
    const levels = Array.from({ length: 15 }, (_, index) => `level${index}`);
    const lines = levels.map((name, index) => {
      const above = levels[index - 1] ?? 'a';
      return `  ${name}: &${name} [${Array.from({ length: 20 }, () => `*${above}`).join(', ')}]`;
    });
    await write('project/upyw.config.yaml', `extra:\n  a: &a [x, x]\n${lines.join('\n')}\n`);
    const startMs = performance.now();
    expect((await failure()).message).toContain('more than 10000 values');
    expect(performance.now() - startMs).toBeLessThan(2000);
  });

  test('an object that is nested deeper than any stack', async () => {
    const depth = 200_000;
    await write('project/.upywrc.json', `{"extra": ${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect((await failure()).code).toBe('config/unreadable');
  });
});

describeWith('file modes', 'config that is code', () => {
  test.each([
    [0o644, { uid: 1000, gid: 1000 }, undefined],
    [0o664, { uid: 1000, gid: 1000 }, undefined],
    [0o644, { uid: 0, gid: 0 }, undefined],
    [0o644, { uid: 1001, gid: 1000 }, 'another account owns it'],
    [0o666, { uid: 1000, gid: 1000 }, 'every account may write it'],
    [0o664, { uid: 1000, gid: 100 }, 'other accounts of its group may write it'],
  ])('mode %o of %o', (mode, owner, problem) => {
    const me = { uid: 1000, gid: 1000, sudoUid: undefined };
    expect(foreignHand({ mode, ...owner }, me)).toBe(problem);
  });

  test('root by sudo runs what the caller owns', () => {
    const file = { mode: 0o644, uid: 1000, gid: 1000 };
    expect(foreignHand(file, { uid: 0, gid: 0, sudoUid: 1000 })).toBeUndefined();
    expect(foreignHand(file, { uid: 0, gid: 0, sudoUid: undefined })).toBe('another account owns it');
  });

  test('is not run when others may write it', async () => {
    const path = await write('project/upyw.config.mjs', 'throw new Error("it ran");');
    await chmod(path, 0o666);
    expect(await failure()).toMatchObject({
      code: 'config/foreign-code',
      exitCode: 2,
      details: { source: path, problem: 'every account may write it' },
    });
  });
});
