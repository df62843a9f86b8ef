import { describe, expect, it } from 'vitest';
import { addPackages } from '../../../src/commands/board/mip/add-packages.js';
import { requireForm } from '../../../src/commands/board/mip/put-packages.js';
import { oldName } from '../../../src/packages/old-names.js';
import { parsePackage } from '../../../src/packages/package-json.js';
import { packageKey, parseSpec, specText, webAddress } from '../../../src/packages/spec.js';

describe('specs', () => {
  it.each([
    ['umqtt.simple', 'umqtt.simple'],
    ['aioble@0.5.0', 'aioble'],
    ['github:org/repo', 'github:org/repo'],
    ['github:org/repo/sub@v1.0', 'github:org/repo/sub'],
    ['gitlab:org/repo@feature/x', 'gitlab:org/repo'],
    ['https://me@host/a.py', 'https://me@host/a.py'],
    ['https://host/dir/@v2', 'https://host/dir/'],
    ['./lib', './lib'],
    ['x.py', 'x.py'],
  ])('%s', (text, key) => {
    const spec = parseSpec(text);
    expect(packageKey(spec)).toBe(key);
    expect(specText(spec)).toBe(text);
  });

  it('an address with a password is refused, and the password is not repeated', () => {
    expect(() => parseSpec('https://me:w0rd@host/a.py')).toThrow(
      expect.objectContaining({
        code: 'mip/bad-spec',
        message: expect.not.stringContaining('w0rd') as string,
      }) as Error,
    );
  });

  it.each(['', '@1', 'a@', 'a@b@c', 'a b', 'github:org', 'github:org/repo@../x', '-x'])(
    '%j is none',
    (text) => {
      expect(() => parseSpec(text)).toThrow(expect.objectContaining({ code: 'mip/bad-spec' }) as Error);
    },
  );

  it.each([
    ['github:o/r/a/b.py', undefined, 'https://raw.githubusercontent.com/o/r/HEAD/a/b.py'],
    ['github:o/r/a/b.py', 'v1', 'https://raw.githubusercontent.com/o/r/v1/a/b.py'],
    ['gitlab:o/r/b.py', 'main', 'https://gitlab.com/o/r/-/raw/main/b.py'],
    ['codeberg:o/r/b.py', 'main', 'https://codeberg.org/o/r/raw/branch/main/b.py'],
    ['https://h/b.py', 'main', 'https://h/b.py'],
  ])('%s at %s', (address, ref, url) => {
    expect(webAddress(address, ref)).toBe(url);
  });
});

it.each([
  ['upip', 'built in', 'mip'],
  ['micropython-uasyncio', 'built in', 'asyncio'],
  ['uasyncio.core', 'built in', 'asyncio'],
  ['ujson', 'built in', 'json'],
  ['urequests', 'renamed', 'requests'],
  ['micropython-umqtt.simple', 'renamed', 'umqtt.simple'],
  ['aioble', undefined, undefined],
])('%s is %s: %s', (name, kind, today) => {
  expect([oldName(name)?.kind, oldName(name)?.name]).toEqual([kind, today]);
});

describe('a config with more packages', () => {
  it.each([
    ['', 'packages:\n  - x\n'],
    ['port: u0\n', 'port: u0\n\npackages:\n  - x\n'],
    ['packages: []\nport: u0\n', 'packages:\n  - x\nport: u0\n'],
    ['packages:\n- a # why\n# more\nport: u0\n', 'packages:\n- a # why\n- x\n# more\nport: u0\n'],
    ['packages:\r\n  - a\r\n', 'packages:\r\n  - a\r\n  - x\r\n'],
  ])('%j', (before, after) => {
    expect(addPackages('upyw.config.yaml', before, ['x'])).toBe(after);
  });

  it('in JSON, and in package.json under upyw', () => {
    expect(addPackages('/a/upyw.config.json', '{\n  "port": "u0"\n}', ['x'])).toBe(
      '{\n  "port": "u0",\n  "packages": [\n    "x"\n  ]\n}\n',
    );
    const text = addPackages('/a/package.json', '{"upyw": {"packages": ["a"]}}', ['x']) ?? '';
    expect(JSON.parse(text)).toEqual({ upyw: { packages: ['a', 'x'] } });
  });

  it('that is written in another way, or is a program, is left alone', () => {
    expect(addPackages('upyw.config.yaml', 'packages: [a]\n', ['x'])).toBeUndefined();
    expect(addPackages('upyw.config.js', 'export default {}', ['x'])).toBeUndefined();
  });
});

describe('a package.json', () => {
  const version = (text: string) => parsePackage(JSON.stringify({ version: text, urls: [] }), 'x').version;
  it.each([
    ['1.0.0', '1.0.0'],
    ['v2_b+c-d', 'v2_b+c-d'],
    ['1.0 (beta)', undefined],
    ['1'.repeat(65), undefined],
  ])('its version %s is %s', (text, read) => {
    expect(version(text)).toBe(read);
  });
  it.each(['..', '.', 'a/b', 'a\\b', '1\n2', '1\u001b[31m', '1\u009b', '\ud800'])('version %j', (text) => {
    expect(() => version(text)).toThrow(expect.objectContaining({ code: 'mip/bad-package' }) as Error);
  });

  const pathed = (path: string) => () => parsePackage(JSON.stringify({ urls: [[path, 'x.py']] }), 'x');
  it('counts the bytes of a path', () => {
    expect(pathed('ä'.repeat(100))).not.toThrow();
    for (const path of ['ä'.repeat(101), '\ud800', '\u009b'])
      expect(pathed(path)).toThrow(expect.objectContaining({ code: 'mip/bad-path' }) as Error);
  });
});

it('a lock with bytecode is refused for a board that loads another version', () => {
  const state = (version: number) => ({
    target: '/lib',
    format: { version, architecture: undefined },
    installed: { packages: [] },
    found: new Map(),
    waiting: 'nothing' as const,
  });
  expect(() => {
    requireForm('6', state(5));
  }).toThrow(expect.objectContaining({ code: 'mip/lock-format' }) as Error);
  requireForm('6', state(6));
  requireForm('py', state(0));
});
