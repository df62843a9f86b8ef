import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPort } from 'upyw';
import { enterLoader, playLines } from '../../src/transport/reset-lines.js';
import { Hub } from '../support/hub.js';
import { runInWorld } from '../support/memory-world.js';
import { Workplace } from '../support/virtual-board.js';

/** Boards by their names, whichever port they are on. */

let here: Workplace;
let hub: Hub;
beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  await writeFile(here.path('package.json'), '{}');
  hub = new Hub()
    .plug('/dev/ttyUSB2', 'sim:one?unpaced', { location: '1-1.10' })
    .plug('/dev/ttyUSB0', 'sim:two?unpaced', { location: '1-1.2' })
    .plug('/dev/ttyUSB1', undefined, { location: '1-1.3' });
});
afterAll(() => here.close());

const run = (...args: string[]) => runInWorld(args, { ...here.world, ...hub.world });
async function json(...args: string[]) {
  const { stdout } = await run('--json', ...args);
  return JSON.parse(stdout) as Record<string, unknown> & { error?: { code: string; message: string } };
}
const boards = () => readFile(here.path('upyw.boards.yaml'), 'utf8');

describe('upyw name', () => {
  test('--number names all boards in the order of the hub’s ports, and leaves out who does not answer', async () => {
    const { named } = await json('--no-reset', 'name', '--number', 'device%02d');
    hub.unplug('/dev/ttyUSB1');
    expect((await json('-p', '/dev/nothing*', 'name', '--number', 'x%d')).error?.code).toBe('port/no-match');
    expect(named).toEqual([
      { name: 'device01', mac: expect.any(String) as string, port: '/dev/ttyUSB0' },
      { name: 'device02', mac: expect.any(String) as string, port: '/dev/ttyUSB2' },
    ]);
    expect((await boards()).match(/^device\d+:$/gm)).toEqual(['device01:', 'device02:']);
  });

  test('a board keeps its name; a name that another has is refused, and one that cannot be', async () => {
    const before = await boards();
    expect(await json('name', '--number', 'device%02d')).toMatchObject({ named: [], kept: [{}, {}] });
    expect((await json('-p', '/dev/ttyUSB0', 'name', 'Device02')).error?.code).toBe('name/taken');
    expect((await json('-p', '/dev/ttyUSB0', 'name', 'a b')).error?.code).toBe('name/bad');
    hub.plug('/dev/ttyUSB1', undefined);
    expect((await json('--no-reset', '-p', '/dev/ttyUSB1', 'name', 'x')).error?.code).toBe('name/no-mac');
    hub.unplug('/dev/ttyUSB1');
    expect((await json('name', 'x', 'y')).error?.code).toBe('usage/arguments');
    expect(await json('-p', '/dev/ttyUSB0', 'name', 'x', '-n')).toMatchObject({ dryRun: true });
    expect(await boards()).toBe(before);
  });

  test('-p name:… finds a board on whatever port it is, and never takes another one for it', async () => {
    await json('-p', '/dev/ttyUSB0', 'exec', 'open("mark","w").close()');
    expect((await run('-p', 'name:device01', 'ls')).stdout).toContain('mark');
    hub.renumber('/dev/ttyUSB0', '/dev/ttyUSB7');
    expect((await run('-p', 'name:device01', 'ls')).stdout).toContain('mark');
    expect((await run('-p', 'name:device02', 'ls')).stdout).not.toContain('mark');
    hub.unplug('/dev/ttyUSB2');
    const gone = await json('-p', 'name:device02', 'ls');
    // That virtual board is still there under its own name, and nothing but its MAC is asked for.
    expect(gone.error).toBeUndefined();
  });

  test('list and chip show the name', async () => {
    hub.plug('/dev/ttyUSB2', 'sim:one?unpaced');
    const { stdout } = await run('list', '--probe');
    expect(stdout).toMatch(/ttyUSB7 .* device01 +MicroPython/);
    expect((await run('-p', '/dev/ttyUSB7', 'chip')).stdout).toMatch(/^name +device01$/m);
    expect(await json('-p', '/dev/ttyUSB7', 'chip')).toMatchObject({ board: 'device01' });
  });

  test('a chip without MicroPython tells its MAC by its loader', async () => {
    hub.plug('/dev/ttyUSB9', 'sim:bare?unpaced');
    await run('-y', '-p', '/dev/ttyUSB9', 'erase');
    expect(await json('-p', '/dev/ttyUSB9', 'name', 'bare')).toMatchObject({ named: [{ name: 'bare' }] });
    expect((await json('-p', 'name:bare', 'chip')).board).toBe('bare');
    const port = await openPort('sim:bare?unpaced');
    await playLines(port, enterLoader);
    await port.close();
  });

  test('where an entry has a port, only the right board is worked on there', async () => {
    const entry = (await boards()).replace(/^(device02:\n.*)$/m, '$1\n  port: /dev/ttyUSB7');
    await writeFile(here.path('upyw.boards.yaml'), entry);
    expect((await json('-p', 'name:device02', 'ls')).error).toMatchObject({
      code: 'name/other-board',
      message: expect.stringContaining('on /dev/ttyUSB7 is the board') as string,
    });
    await writeFile(here.path('upyw.boards.yaml'), entry.replace('ttyUSB7', 'ttyUSB2'));
    expect((await json('-p', 'name:device02', 'df')).error).toBeUndefined();
  });

  test('--remove takes a name away, and one that there is not is told', async () => {
    expect(await json('name', '--remove', 'BARE')).toMatchObject({ removed: ['bare'] });
    expect((await json('name', '--remove', 'bare')).error?.code).toBe('name/unknown');
    expect((await json('name', '--remove')).error?.code).toBe('usage/arguments');
    expect(await boards()).not.toContain('bare');
  });
});

describe('a board’s own values', () => {
  test('get to it by provision, whichever way it is named; the dry run shows them without its key', async () => {
    await writeFile(
      here.path('upyw.config.yaml'),
      "wifi: { ssid: workshop }\nextra: { device_id: '{{name}}' }\n",
    );
    const { keys } = (await json('keys', '--random', '--save', '--out', 'db.json')) as {
      keys: { name: string; key: string }[];
    };
    const key = keys.find(({ name }) => name === 'device01')?.key ?? '';
    const dry = await run('-p', 'name:device01', 'provision', '-n');
    expect(dry.stdout).toMatch(/extra\.api_key +•+ +upyw\.secrets\.yaml\nextra\.device_id +device01 /);
    expect(dry.stdout).not.toContain(key);
    await run('-p', '/dev/ttyUSB7', 'provision', '--no-check');
    const { stdout } = await run('-p', '/dev/ttyUSB7', 'cat', ':config.py');
    expect(stdout).toContain(`device_id = 'device01'`);
    expect(stdout).toContain(`api_key = '${key}'`);
    const { posts } = JSON.parse(await readFile(here.path('db.json'), 'utf8')) as { posts: unknown[] };
    expect(posts).toContainEqual({ id: 'device01', key });
  });

  test('the keys of all boards, and their names, go to no board with the rest of a folder', async () => {
    const { stderr } = await run('-p', 'sim:two?unpaced', 'sync', '-n', '.');
    expect(stderr).toContain('would put');
    expect(stderr).not.toMatch(/would put \S*(?:db\.json|upyw\.boards)/);
    await run('keys', '--random', '--save', '--out', 'db.json');
    expect(await readFile(here.path('.upywignore'), 'utf8')).toBe('/db.json\n');
  });

  test('get to it by flash --provision, too', async () => {
    await run('-y', '-p', 'sim:two?unpaced&wifi=workshop', 'flash', '--provision');
    expect((await run('-p', 'name:device01', 'cat', ':config.py')).stdout).toContain(
      `device_id = 'device01'`,
    );
  });

  test('a board without a name is told, and stays as it is; so is an image, which has none', async () => {
    hub.plug('/dev/ttyUSB5', 'sim:other?unpaced');
    expect((await json('-p', '/dev/ttyUSB5', 'provision')).error?.code).toBe('config/no-own-value');
    expect((await run('-p', '/dev/ttyUSB5', 'ls')).stdout).toBe('boot.py\n');
    await run('-p', '/dev/ttyUSB5', 'backup', 'b.bin');
    expect((await json('-p', 'image:b.bin', 'provision')).error?.code).toBe('config/no-own-value');
  });
});

describe('upyw keys', () => {
  test('are as many as are asked for; what cannot be is told', async () => {
    const { keys } = (await json('keys', '--count', '3', '--prefix', 'desk')) as { keys: { name: string }[] };
    expect(keys.map(({ name }) => name)).toEqual(['desk00', 'desk01', 'desk02']);
    expect((await json('keys', '--count', '0')).error?.code).toBe('usage/bad-value');
    expect((await json('keys', '--prefix', 'a b')).error?.code).toBe('name/bad');
  });

  test('a db.json that is none is left as it is', async () => {
    await writeFile(here.path('mine.json'), 'not json');
    expect((await json('keys', '--out', 'mine.json')).error?.code).toBe('config/unreadable');
    expect(await readFile(here.path('mine.json'), 'utf8')).toBe('not json');
  });
});
