import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { secretInFiles as password } from '../support/secrets.js';
import { Workplace } from '../support/virtual-board.js';

const inReach = `sim:?unpaced&wifi=workshop:${password}&wifi=open%20house`;

describe('upyw provision', () => {
  let here: Workplace;
  beforeEach(async () => {
    here = await Workplace.open({ inTest: true });
    await writeFile(here.path('package.json'), '{}');
    await writeFile(here.path('upyw.config.yaml'), `port: '${inReach}'\nwifi: { ssid: workshop }\n`);
    await writeFile(here.path('upyw.secrets.yaml'), `wifi: { password: ${password} }\n`, { mode: 0o600 });
  });
  afterEach(() => here.close());

  const provision = (...args: string[]) => here.ok('provision', '-p', inReach, ...args);
  const provisionJson = async (...args: string[]) =>
    JSON.parse(await provision('--json', ...args)) as {
      files: { path: string; state: string }[];
      boot: { state: string; added: string[] };
      kept: { path: string; as: string }[];
      warnings?: string[];
    };
  const failure = (...args: string[]) => here.failure('provision', '-p', inReach, ...args);
  const put = async (name: string, content: string | Uint8Array) => {
    await writeFile(here.path('content'), content);
    await here.ok('put', '-p', inReach, 'content', `:${name}`);
  };
  const cat = (name: string) => here.ok('cat', '-p', inReach, `:${name}`);

  test('a new board is in the network, with the time, at every start; a second run changes nothing', async () => {
    await mkdir(here.path('lib'));
    await writeFile(here.path('lib', 'tool.py'), 'x = 1\n');
    await writeFile(here.path('app.py'), 'y = 2\n');
    await writeFile(here.path('main.py'), 'print("mine")\n');
    await writeFile(
      here.path('upyw.config.yaml'),
      `wifi: { ssid: workshop }
ntp: { utc_offset: '+01:00' }
files: [lib, main.py, { from: app.py, to: ':code/first.py' }]
extra: { room: 12 }
`,
    );
    const dry = await provision('--dry-run');
    expect(dry).toMatch(
      /^new +:\/config\.py .*\nchanged +:\/boot\.py *\n +\+ import wifi_and_ntp .*\n +\+ wifi_and_ntp\.startup/m,
    );
    expect(dry).not.toContain(password);
    expect(await here.ok('ls', '-p', inReach)).toBe('boot.py\n');

    expect(await provision()).toMatch(
      /^connected to "workshop" in [\d.]+ s: 192\.168\.\d+\.\d+, signal -\d+ dBm \(\w+\)\nclock set: 20\d\d-.* UTC\+01:00\n$/,
    );
    expect((await here.ok('tree', '-p', inReach)).match(/\S+\.py/g)).toEqual(
      expect.arrayContaining([
        'aswitch.py',
        'api_test.py',
        'boot.py',
        'config.py',
        'first.py',
        'io.py',
        'main.py',
        'tool.py',
      ]),
    );
    const config =
      'import config; print(config.wifi_ssid, config.utc_offset_minutes, config.room, config.pin_led)';
    expect(await here.ok('exec', '-p', inReach, config)).toBe('workshop 60 12 2\n');
    expect(
      await here.ok('exec', '-p', inReach, `import config; print(config.wifi_passwd == "${password}")`),
    ).toBe('True\n');

    const again = await provisionJson();
    expect(new Set(again.files.map(({ state }) => state))).toEqual(new Set(['same']));
    expect(again.boot).toEqual({ path: '/boot.py', state: 'same', added: [] });
  });

  test('what is in boot.py stays; --undo takes out exactly what was put in', async () => {
    const boot = '# ours\r\nimport esp\r\nesp.osdebug(None)';
    await put('boot.py', boot);
    await put('io.py', '# somebody else wrote this\n');
    await provision('--no-check');
    expect(await cat('boot.py')).toMatch(
      /^# ours\r\nimport esp\r\nesp\.osdebug\(None\)\r\nimport wifi_and_ntp .*\r\nwifi_and_ntp\.startup\(\) .*p?[^\n]$/,
    );
    await put('aswitch.py', '# changed by hand\n');
    await put('main.py', 'print("provisioned")\n');
    const told = ':/main.py stays as it is\n';
    expect(await here.ok('provision', '-p', inReach, '--undo', '-n')).toMatch(new RegExp(`\n${told}$`));
    const plan = JSON.parse(
      await here.ok('provision', '-p', inReach, '--undo', '--dry-run', '--json'),
    ) as object;
    const undone = JSON.parse(await here.ok('provision', '-p', inReach, '--undo', '--json')) as object;
    expect(undone).toEqual({ ...plan, dryRun: false });
    expect(undone).toMatchObject({
      boot: 'changed',
      removed: ['/wifi_and_ntp.py', '/io.py', '/api_test.py', '/config.py'],
      kept: ['/aswitch.py'],
      stays: ['/main.py'],
      restored: ['/io.py'],
    });
    expect(await cat('io.py')).toBe('# somebody else wrote this\n');
    expect(await cat('boot.py')).toBe(boot);
    expect(await here.ok('ls', '-p', inReach)).toBe('aswitch.py\nboot.py\nio.py\nmain.py\n');
    const again = await here.ok('provision', '-p', inReach, '--undo');
    expect(again).toContain('has no lines of upyw provision');
    expect(again).toContain(told);
  });

  test('--undo says of a main.py that it needs what goes', async () => {
    await put('main.py', 'import machine, io\nfrom config import wifi_ssid\nimport wifi_and_ntp as net\n');
    await provision('--no-check');
    expect(await here.ok('provision', '-p', inReach, '--undo')).toMatch(
      /\n:\/main\.py stays as it is, and will stop with an ImportError: it needs wifi_and_ntp, io, config\. To remove it: upyw rm :main\.py\n$/,
    );
  });

  test('--undo takes the copies of a provisioning that was ended before it replaced anything', async () => {
    for (const name of ['io.py', 'config.py']) {
      await put(name, '# mine\n');
      await put(`${name}.before-upyw`, '# mine\n');
    }
    await put('aswitch.py', '# mine\n');
    await put('aswitch.py.before-upyw', '# an older one\n');
    expect(await here.ok('provision', '-p', inReach, '--undo')).toContain(
      'removed: :/io.py.before-upyw :/config.py.before-upyw',
    );
    expect(await here.ok('ls', '-p', inReach)).toBe(
      'aswitch.py\naswitch.py.before-upyw\nboot.py\nconfig.py\nio.py\n',
    );
  });

  test('a config.py of somebody else is kept, and comes back', async () => {
    await put('config.py', 'MY_SENSOR = 42\n');
    const first = await here.run('provision', '-p', inReach, '--no-check');
    expect(first.stderr).toContain(
      "! :/config.py on the board is not of upyw provision's making: it is kept as :/config.py.before-upyw; upyw provision --undo",
    );
    expect(await cat('config.py.before-upyw')).toBe('MY_SENSOR = 42\n');
    await here.ok('provision', '-p', inReach, '--undo');
    expect(await cat('config.py')).toBe('MY_SENSOR = 42\n');
    expect(await here.ok('ls', '-p', inReach)).toBe('boot.py\nconfig.py\n');
  });

  test('a config.py of our making is kept only where somebody has worked on it', async () => {
    await put('config.py.before-upyw', 'MY_SENSOR = 42\n');
    await provision('--no-check');
    // Nothing is kept of what provisioning itself wrote.
    const second = await provisionJson('--no-check', '--hostname', 'desk1');
    expect(second.kept).toEqual([]);
    await put('config.py', `${await cat('config.py')}MORE = 1\n`);
    const third = await provisionJson('--no-check', '--hostname', 'desk2');
    expect(third.kept).toEqual([{ path: '/config.py', as: '/config.py.before-upyw-2' }]);
    expect(await cat('config.py.before-upyw-2')).toContain('MORE = 1');
    await here.ok('provision', '-p', inReach, '--undo');
    expect(await cat('config.py')).toContain('MORE = 1');
    expect(await here.ok('ls', '-p', inReach)).toBe('boot.py\nconfig.py\nconfig.py.before-upyw\n');
  });

  test('a config.py that somebody has worked on survives --undo', async () => {
    await provision('--no-check');
    await put('config.py', `${await cat('config.py')}MORE = 1\n`);
    expect(await here.ok('provision', '-p', inReach, '--undo')).toContain(
      'changed since then, and kept: :/config.py',
    );
    expect(await cat('config.py')).toContain('MORE = 1');
  });

  test('--no-wifi puts the code there, and nothing that starts Wi-Fi', async () => {
    await writeFile(here.path('upyw.config.yaml'), '');
    await put('boot.py', '# mine\n');
    expect(await provision('--no-wifi')).toContain('Wi-Fi is left out');
    expect(await here.ok('ls', '-p', inReach)).toBe(
      'api_test.py\naswitch.py\nboot.py\nio.py\nwifi_and_ntp.py\n',
    );
    expect(await cat('boot.py')).toBe('# mine\n');
    expect(await provision('--no-wifi', '-n')).toMatch(/^same +:\/wifi_and_ntp\.py/);
  });

  test('the boot.py of a first start is as it was after --undo', async () => {
    const before = await cat('boot.py');
    await provision('--no-check');
    await here.ok('provision', '-p', inReach, '--undo');
    expect(await here.ok('ls', '-p', inReach)).toBe('boot.py\n');
    expect(await cat('boot.py')).toBe(before);
  });

  test('a boot.py of our own making goes away with --undo', async () => {
    await here.ok('rm', '-p', inReach, 'boot.py');
    await provision('--no-check');
    await here.ok('provision', '-p', inReach, '--undo');
    expect(await here.ok('ls', '-p', inReach)).toBe('');
  });

  test('an older call of startup stays the only one; one with a network of its own is pointed out', async () => {
    await put('boot.py', 'import wifi_and_ntp\nwifi_and_ntp.startup("open house", "")\n');
    const { boot, warnings } = await provisionJson('--no-check');
    expect(boot.state).toBe('same');
    expect(warnings).toEqual([expect.stringContaining('a network of its own')]);
  });

  test('main.py is only replaced when asked', async () => {
    await put('main.py', 'print("theirs")\n');
    await writeFile(here.path('main.py'), 'print("ours")\n');
    await writeFile(here.path('upyw.config.yaml'), 'wifi: { ssid: workshop }\nfiles: [main.py]\n');
    const { files } = await provisionJson('--no-check');
    expect(files.find(({ path }) => path === '/main.py')).toMatchObject({ state: 'kept' });
    expect(await cat('main.py')).toBe('print("theirs")\n');
    await provision('--no-check', '--main');
    expect(await cat('main.py')).toBe('print("ours")\n');
    expect(await cat('main.py.before-upyw')).toBe('print("theirs")\n');
    await writeFile(here.path('main.py'), 'print("ours, later")\n');
    expect((await provisionJson('--no-check', '--main')).kept).toEqual([]);
    await here.ok('provision', '-p', inReach, '--undo');
    expect(await cat('main.py')).toBe('print("theirs")\n');
    expect(await cat('main.py.provisioned')).toBe('print("ours, later")\n');
  });

  test('config.py and boot.py are not for the list of files', async () => {
    for (const name of ['config.py', 'boot.py']) {
      await writeFile(here.path(name), '');
      await writeFile(here.path('upyw.config.yaml'), `wifi: { ssid: workshop }\nfiles: [${name}]\n`);
      expect(await failure()).toMatchObject({ code: 'config/invalid', exitCode: 2 });
    }
    await writeFile(here.path('a.py'), '');
    const entry = '{ from: a.py, to: boot.py }';
    await writeFile(here.path('upyw.config.yaml'), `wifi: { ssid: workshop }\nfiles: [${entry}]\n`);
    expect((await failure()).hint).toBe(
      'Take it out of files, then: upyw put a.py :boot.py, and upyw provision',
    );
    await writeFile(here.path('upyw.config.yaml'), 'wifi: { ssid: workshop }\nfiles: [not-here]\n');
    expect(await failure()).toMatchObject({ code: 'file/not-found', exitCode: 1 });
  });

  test('an open network needs no password', async () => {
    expect(await provision('--ssid', 'open house', '--password', '')).toContain('connected to "open house"');
  });

  test('a boot.py that ends before our lines is told about with what it said', async () => {
    await put('boot.py', 'print("so far")\nraise ValueError("no further")\n');
    const error = await failure();
    expect(error).toMatchObject({ code: 'provision/not-started', exitCode: 1 });
    expect(error.message).toMatch(/ended without starting Wi-Fi; .*ValueError: no further/);
  });

  describe('bad luck leaves a board that starts', () => {
    test('a boot.py that cannot run: nothing is changed', async () => {
      await put('boot.py', 'print("a"\n');
      const error = await failure();
      expect(error).toMatchObject({ code: 'provision/broken-boot', exitCode: 1 });
      expect(error.message).toMatch(/SyntaxError.*\(line \d\)/);
      expect(await here.ok('ls', '-p', inReach)).toBe('boot.py\n');
    });

    test('a full board: boot.py is as it was', async () => {
      await put('boot.py', '# mine\n');
      await here.ok(
        'exec',
        '-p',
        inReach,
        'b = bytes(4096)\ntry:\n  while True:\n    with open("filler", "ab") as f: f.write(b)\nexcept OSError: pass',
      );
      const error = await failure();
      expect(error).toMatchObject({ code: 'board/no-space', exitCode: 1 });
      expect(error.message).toContain('boot.py is as it was before');
      expect(await cat('boot.py')).toBe('# mine\n');
    });
  });

  test('no network named and nobody to ask', async () => {
    await writeFile(here.path('upyw.config.yaml'), '');
    expect(await failure()).toMatchObject({ code: 'usage/no-ssid', exitCode: 2 });
  });

  test('a trace has neither the password nor the file it is in, and says so', async () => {
    await provision('--trace', 'wire.log');
    const trace = await readFile(here.path('wire.log'), 'utf8');
    const bytes = [...trace.matchAll(/^ *[\d.]+ [<>] ((?:[0-9a-f]{2} ?)+) /gm)].map(([, hex = '']) =>
      Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1'),
    );
    expect(bytes.join('').includes(password)).toBe(false);
    expect(bytes.join('').includes('wifi_passwd =')).toBe(false);
    expect(trace).toMatch(/= > \d+ bytes of it, SHA-256 [0-9a-f]{64}/);
  });
});
