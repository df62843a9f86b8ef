import { readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shapes } from '../../src/json.js';
import { runInWorld } from '../support/memory-world.js';
import { recordedSystem } from '../support/recorded-system.js';
import { Workplace } from '../support/virtual-board.js';

/** `upyw doctor` on virtual boards with what boards have. */

let here: Workplace;
beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
});
afterAll(() => here.close());

async function ask(port: string, ...args: string[]) {
  const line = ['--json', '-p', port, 'doctor', ...args];
  const world = { ...here.world, system: recordedSystem({}), platform: 'linux' as const };
  const { stdout } = await runInWorld(line, world);
  const { findings, verdict } = shapes.doctor.parse(JSON.parse(stdout));
  return { verdict, ids: findings.map(({ id, level }) => `${id} ${level}`) };
}

it('a healthy board is green', async () => {
  const { verdict, ids } = await ask('sim:well?unpaced');
  expect(ids).toEqual(
    [
      ...[
        'node/version',
        'node/binding',
        'board/micropython',
        'board/programs',
        'board/memory',
        'board/space',
      ],
      ...['board/loader', 'board/fit'],
    ].map((id) => `${id} green`),
  );
  expect(verdict.level).toBe('green');
});

it('with --no-reset the chip is left alone', async () => {
  const { ids } = await ask('sim:well?unpaced', '--no-reset');
  expect(ids.some((id) => id.startsWith('board/loader'))).toBe(false);
});

it('a blank chip is to be flashed', async () => {
  await here.ok('-y', '-p', 'sim:blank?unpaced', 'erase');
  const { verdict, ids } = await ask('sim:blank?unpaced');
  expect(ids).toContain('rawrepl/no-micropython red');
  expect(ids).toContain('board/loader green');
  expect(verdict.next).toContain('upyw flash');
});

it.each([
  ['no-auto-reset', 'board/loader yellow', 'hold BOOT'],
  ['brownout', 'rawrepl/restarts red', 'short USB cable'],
  ['inverted-dtr,inverted-rts', 'board/inverted yellow', '--dtr 1 --rts 1'],
])('fault %s is %s', async (fault, id, next) => {
  const { verdict, ids } = await ask(`sim:well?unpaced&fault=${fault}`);
  expect(ids).toContain(id);
  expect(verdict.next).toContain(next);
});

it('a full disk is told', async () => {
  await writeFile(here.path('big.bin'), new Uint8Array(2_050_000));
  await here.ok('-p', 'sim:full?unpaced', 'put', 'big.bin');
  const { ids } = await ask('sim:full?unpaced');
  expect(ids).toContain('board/space yellow');
});

it('--speed measures both directions', async () => {
  const { ids } = await ask('sim:well?unpaced', '--speed');
  expect(ids.slice(-2)).toEqual(['speed/loader green', 'speed/files green']);
  expect(await here.ok('-p', 'sim:well?unpaced', 'ls')).not.toContain('speed');
});

it('--bundle writes all of it for whoever helps, and no password', async () => {
  await writeFile(here.path('upyw.secrets.yaml'), 'wifi:\n  ssid: workshop\n  password: geheimes Wort\n');
  await ask('sim:well?unpaced', '--bundle', 'report.json');
  const text = await readFile(here.path('report.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ computer: { node: 'v24.11.1' }, verdict: { level: 'green' } });
  expect(text).not.toContain('geheim');
  expect((await stat(here.path('report.json'))).mode & 0o777).toBe(0o600);
});

it('a port that is not there is told as such', async () => {
  const { verdict } = await ask('auto');
  expect(verdict).toMatchObject({ level: 'red', next: expect.stringContaining('--plug') as string });
});
