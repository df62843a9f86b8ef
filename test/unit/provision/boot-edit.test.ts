import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addBootLines, bootLines, removeBootLines } from '../../../src/provision/boot-edit.js';
import { anyCodePoints } from '../../support/any-code-points.js';

const [first, second] = bootLines;
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const text = (content: Uint8Array | undefined) => content && Buffer.from(content).toString('latin1');
const added = (boot: string | undefined) =>
  text(addBootLines(boot === undefined ? undefined : bytes(boot)).content);
const removed = (boot: string) => {
  const rest = removeBootLines(bytes(boot));
  return rest instanceof Uint8Array ? text(rest) : rest;
};

describe('our lines are added, all else stays byte for byte', () => {
  test.each([
    ['an empty file', '', `${first}\n${second}\n`],
    ['a line end', 'import esp\n', `import esp\n${first}\n${second}\n`],
    ['no final line end', 'import esp', `import esp\n${first}\n${second}`],
    ['CRLF', 'import esp\r\n', `import esp\r\n${first}\r\n${second}\r\n`],
    ['CRLF and no final line end', 'a=1\r\nb=2', `a=1\r\nb=2\r\n${first}\r\n${second}`],
    ['CR alone', 'a=1\rb=2\r', `a=1\rb=2\r${first}\r${second}\r`],
    ['mixed line ends: as the last one', 'a=1\r\nb=2\n', `a=1\r\nb=2\n${first}\n${second}\n`],
    ['bytes that are not UTF-8', '# \xe9\xff\x00\n', `# \xe9\xff\x00\n${first}\n${second}\n`],
    ['tabs, and a block at its end', 'if 1:\n\tx()\n', `if 1:\n\tx()\n${first}\n${second}\n`],
  ])('%s', (_, boot, expected) => {
    expect(added(boot)).toBe(expected);
    expect(removed(expected)).toBe(boot);
  });

  test('a missing file is made, and goes away again', () => {
    const made = added(undefined)!;
    expect(made).toMatch(/^# boot\.py: .*\nimport wifi_and_ntp .*\nwifi_and_ntp\.startup\(\) .*\n$/);
    expect(removed(made)).toBe('missing');
    expect(removed(`${made}x = 1\n`)).toMatch(/^# boot\.py: .*\nx = 1\n$/);
  });

  test.each([
    '# import wifi_and_ntp\n# wifi_and_ntp.startup()\n',
    "'''\nimport wifi_and_ntp\nwifi_and_ntp.startup()\n'''\n",
    'x = "import wifi_and_ntp; wifi_and_ntp.startup()"\n',
    "x = 'it\\'s'; y = r'\\'; wifi_and_ntp.startup() '\n",
    'import wifi_and_ntp\n',
    'wifi_and_ntp.startup()\n',
    'import wifi_and_ntp\nx = wifi_and_ntp.startup\n',
    'import wifi_and_ntp\nother.wifi_and_ntp.startup()\n',
    'from wifi_and_ntp import wifi_connect\nwifi_connect("a", "b")\n',
    'from other import startup\nstartup()\n',
    'import my_wifi_and_ntp\nmy_wifi_and_ntp.startup()\n',
    `'''\n${first}\n${second}\n'''\n`,
    `# ${first}\n# ${second}\n`,
  ])('%j only looks like it', (boot) => {
    const once = added(boot)!;
    expect(once.startsWith(boot)).toBe(true);
    expect(once.endsWith(`${first}\n${second}\n`)).toBe(true);
    expect(added(once)).toBeUndefined();
    expect(removed(once)).toBe(boot);
  });
});

describe('a call that is there already', () => {
  test.each([
    ['import wifi_and_ntp\nwifi_and_ntp.startup()\n', false],
    ['import wifi_and_ntp\nwifi_and_ntp.startup("ssid", "x")\n', true],
    ['import wifi_and_ntp\r\nwifi_and_ntp.startup(\r\n  ssid="a",\r\n)', true],
    ['import wifi_and_ntp; wifi_and_ntp.startup()', false],
    ['import esp, wifi_and_ntp\ntry:\n\twifi_and_ntp . startup ( )\nexcept OSError:\n\tpass', false],
    ['try: import wifi_and_ntp\nfinally: wifi_and_ntp.startup()', false],
    ['import wifi_and_ntp as w\nif True:\n    w.startup()', false],
    ['from wifi_and_ntp import startup\nstartup()', false],
    ['from wifi_and_ntp import (\n  wifi_connect,\n  startup as go,\n)\ngo()', false],
    ['from wifi_and_ntp import *\nstartup()', false],
    ['import wifi_and_ntp\nwifi_and_ntp.\\\nstartup()', false],
    [`${first}\n${second}\n`, false],
  ])('%j', (boot, hasArguments) => {
    expect(addBootLines(bytes(boot))).toEqual({ present: { hasArguments } });
  });
});

describe('undoing', () => {
  test('what was written around our lines since then stays', () => {
    expect(removed(`a=1\n${first}\n${second}\nb=2\n`)).toBe('a=1\nb=2\n');
    expect(removed(`a=1\n${first}\n${second}\nb=2`)).toBe('a=1\nb=2');
    expect(removed(`a=1\n${first}\r\n${second}\n`)).toBe('a=1\n');
  });

  test.each(['', 'import wifi_and_ntp\nwifi_and_ntp.startup()\n', `${first}\n`, `${second}\n${first}\n`])(
    'nothing of ours in %j',
    (boot) => {
      expect(removed(boot)).toBeUndefined();
    },
  );

  const piece = fc.oneof(
    fc.constantFrom('\n', '\r\n', '\r', '\t', '    ', '#', "'", '"', "'''", '"""', '\\', '(', ')', ':', ';'),
    fc.constantFrom(
      'import wifi_and_ntp',
      'wifi_and_ntp.startup()',
      'if x:',
      first,
      second,
      `${first}\n${second}`,
    ),
    anyCodePoints(5),
  );
  const anyBoot = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(piece, { maxLength: 12 }).map((pieces) => new Uint8Array(Buffer.from(pieces.join('')))),
  );

  test('takes out exactly what was put in, whatever the file is; what is there once is not added again', () => {
    fc.assert(
      fc.property(anyBoot, (boot) => {
        const { content } = addBootLines(boot);
        if (content === undefined) return;
        expect(text(removeBootLines(content) as Uint8Array)).toBe(text(boot));
        expect(Buffer.from(content).indexOf(Buffer.from(boot))).toBe(0);
      }),
      { numRuns: 5_000 },
    );
  });
});
