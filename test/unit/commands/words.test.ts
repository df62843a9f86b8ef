import { describe, expect, test } from 'vitest';
import { failureInWorld, runInWorld } from '../../support/memory-world.js';

const failure = (line: string) => failureInWorld(line.split(' '), { cwd: '/' });

describe('a mistake leads to what was meant', () => {
  test.each([
    ['lss', 'ls'],
    ['prov', 'provision'],
    ['ls --recursiv', '--recursive'],
    ['--prt sim: ls', '--port'],
    ['sim srve', 'serve'],
  ])('%j: what may be meant', async (line, meant) => {
    expect(await failure(line)).toMatchObject({ code: 'usage/arguments', hint: `Did you mean ${meant}?` });
  });

  test.each([
    ['erase_flash', 'Use: upyw erase'],
    ['erase-flash', 'Use: upyw erase'],
    ['--baud 460800 write_flash 0x1000 f.bin', 'Use: upyw flash FIRMWARE.bin'],
    ['read_flash 0 0x400000 f.bin', 'Use: upyw backup FILE'],
    ['read_mac', 'Use: upyw chip'],
    ['flash_id', 'Use: upyw chip'],
    ['upload main.py', 'Use: upyw put FILE'],
    ['fs cp main.py :', 'Use: upyw put main.py :'],
    ['cp :main.py .', 'From one to the other: upyw get :main.py . (on the board: a colon before each)'],
    ['copy main.py old.py', 'Use: upyw put FILE, or to copy from the board: upyw get FILE'],
    ['rename a b', 'Use: upyw mv OLD NEW'],
    ['fs ls', 'Leave fs out: upyw ls'],
    ['connect COM3', 'Use: upyw -p PORT COMMAND, such as: upyw -p COM3 repl'],
    ['u0 ls', 'A port goes with -p: upyw -p u0 ls'],
    ['version', 'Use: upyw --version'],
    ['devices', 'Use: upyw list'],
    ['stop', 'Use: Ctrl-C in the window where it runs, or: upyw reset'],
    ['exec main.py', 'Use: upyw run main.py'],
    ['help lss', 'Did you mean ls?'],
    [
      'put main.py COM3',
      'Say which board before all else: upyw -p COM3 put …. A file of that name on the board: :COM3',
    ],
    ['--chip esp32 erase_flash', 'Leave it out: upyw sees which chip it is'],
  ])("%j: other tools' words lead to ours", async (line, hint) => {
    expect(await failure(line)).toMatchObject({ code: 'usage/arguments', hint });
  });

  test('an option of a command that stands in front of it', async () => {
    expect((await failure('--no-stub flash x.bin')).hint).toBe('Give --no-stub behind upyw flash');
  });

  test('packages', async () => {
    expect((await failure('upip install umqtt.simple')).hint).toBe('Use: upyw mip install NAME');
  });
});

describe('help', () => {
  test.each([
    ['help sim pin', 'Usage: upyw sim pin '],
    ['help ls', 'Usage: upyw ls '],
    ['help help', 'Usage: upyw '],
    ['help', 'Usage: upyw '],
  ])('%j', async (line, begin) => {
    const { exitCode, stdout } = await runInWorld(line.split(' '));
    expect([exitCode, stdout.slice(0, begin.length)]).toEqual([0, begin]);
  });

  test.each([
    ['rm', ['-p, --port', '-y, --yes', '-n, --dry-run']],
    ['sync', ['-p, --port', '-n, --dry-run']],
    ['flash', ['-p, --port', '-b, --baud', '-n, --dry-run']],
    ['put', ['-p, --port', '-n, --dry-run']],
    ['get', ['-p, --port', '-n, --dry-run']],
    ['provision', ['-p, --port', '-n, --dry-run']],
    ['sim serve', ['-p, --port']],
    ['mkdir', ['-p, --parents', '    --port', '-n, --dry-run']],
  ])('%s --help has the common flags that matter to it', async (name, flags) => {
    const { stdout } = await runInWorld([...name.split(' '), '--help']);
    for (const flag of flags) expect(stdout).toContain(`  ${flag.trim()}`);
    expect(stdout).not.toContain('--trace');
    if (name === 'mkdir') expect(stdout).not.toContain('-p, --port');
  });

  test('what talks to a board has -p in its help', async () => {
    const elsewhere = ['help', 'list', 'init', 'demo', 'keys', 'firmware', 'completion', 'image', 'sim'];
    const { stdout } = await runInWorld(['--help']);
    const names = [...stdout.matchAll(/^ {2}([a-z]+)(?:\|\w+)?(?: .*)?$/gm)].map(([, name]) => name ?? '');
    for (const name of names.filter((each) => !elsewhere.includes(each))) {
      expect((await runInWorld([name, '--help'])).stdout, name).toMatch(/--port <name>/);
    }
  });
});
