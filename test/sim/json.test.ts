import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure, shapes } from '../../src/json.js';
import { allCommands } from '../support/all-commands.js';
import { Workplace } from '../support/virtual-board.js';

/** What commands print for programs has the shape that `upyw/json` has for it. */

let here: Workplace;
beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  await mkdir(here.path('src'));
  await writeFile(here.path('src/main.py'), 'print(1)\n');
  await writeFile(here.path('b.py'), 'x\n');
});
afterAll(() => here.close());

/** In this order, on one board. */
const lines = [
  'put b.py',
  'put b.py --dry-run',
  'ls',
  'tree',
  'cat b.py',
  'df',
  'get b.py c.py',
  'get --dry-run -r : out',
  'sync src',
  'sync src --dry-run --delete',
  'cp b.py d.py',
  'mv d.py e.py',
  'touch f.py',
  'sha256sum e.py f.py',
  'mem',
  'rtc',
  'rtc --set',
  'rtc --set --dry-run',
  'rm b.py',
  'mkdir lib',
  'rmdir lib',
  'run src/main.py',
  'exec 1',
  'eval 1+1',
  'reset',
  'reset -n',
  'exec __import__("sys").stdout.buffer.write(b"\\xff")',
  'provision --no-wifi',
  'provision --no-wifi --dry-run',
  'provision --ssid workshop --dry-run',
  'provision --ssid workshop',
  'provision --undo',
  'flash',
  'flash --dry-run --with src',
  'flash --provision --ssid workshop',
  'backup x.bin',
  'verify x.bin',
  'restore x.bin',
  'chip',
  'erase',
  'list',
  'doctor',
  'completion zsh',
  'firmware where',
  'firmware prune',
  'name desk',
  'name',
  'name --number x%d --dry-run',
  'name --remove desk',
  'keys',
  'keys --random --save --out db.json',
  'init',
  'config',
  'image info x.bin',
  'image create src i.bin',
  'image info i.bin',
  'image diff i.bin src',
  'sim list',
  'sim reset desk',
] as const;

const names = Object.keys(shapes) as (keyof typeof shapes)[];

function shapeFor(line: string) {
  const name = names.find((each) => line === each || line.startsWith(`${each} `));
  if (name === undefined) throw new Error(`${line}: no shape`);
  return shapes[name];
}

it.each(lines)('upyw %s', async (line) => {
  const { exitCode, stdout } = await here.run(
    ...['-y', '-p', 'sim:desk?unpaced&wifi=workshop', '--json'],
    ...line.split(' '),
  );
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('"ok": true')]);
  expect(shapeFor(line).safeParse(JSON.parse(stdout)).error?.issues ?? []).toEqual([]);
});

it('what goes wrong has one shape', async () => {
  for (const args of [
    ['rm', 'nothing.py', '-p', 'sim:other?unpaced'],
    ['no-such-command'],
    ['-p', 'sim:../x', 'ls'],
    ['-p', 'sim:other?unpaced', 'exec', 'print(1); 1/0'],
  ]) {
    const { exitCode, stdout } = await here.run('--json', ...args);
    const parsed = failure.safeParse(JSON.parse(stdout));
    expect([parsed.error?.issues ?? [], parsed.data?.error.exitCode]).toEqual([[], exitCode]);
  }
});

it('every command whose help has --json has a shape', () => {
  const withJson = allCommands.filter(([, { flags }]) => flags.includes('--json')).map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(withJson));
});
