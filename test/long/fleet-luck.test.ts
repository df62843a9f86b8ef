import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { Interrupted } from '../../src/interruption.js';
import { Classroom, eventsIn, ports, results } from '../support/classroom.js';
import { Hub } from '../support/hub.js';
import { buildApp, buildFirmware } from '../support/images.js';
import { MemoryOutput } from '../support/memory-output.js';

/** Many boards at once, and what may go wrong with some of them. */

const room = Classroom.use();

describe('bad luck of one is no other’s', () => {
  test('a board of another silicon among them: its firmware is refused, for it alone', async () => {
    const app = buildApp(1000, { minRevision: 300 });
    await writeFile(room.here.path('v3.bin'), buildFirmware({ app }));
    const hubOfTwo = new Hub()
      .plug('/dev/ttyUSB0', 'sim:old?unpaced')
      .plug('/dev/ttyUSB1', 'sim:new?unpaced&chip=v3');
    const args = ['--json', '-y', '-p', 'all', 'flash', 'v3.bin'];
    const { stdout, exitCode } = await room.runIn(hubOfTwo.world, ...args);
    const all = eventsIn(stdout);
    expect([exitCode, results(all)]).toEqual([
      1,
      { '/dev/ttyUSB0': 'firmware/wrong-revision', '/dev/ttyUSB1': 'ok' },
    ]);
  });

  test('a full disk in the middle of all backups: each is whole or not there, and no piece of one is left', async ({
    skip,
  }) => {
    const full = room.here.path('full');
    await mkdir(full);
    // Only where it may be mounted; elsewhere no disk is small enough.
    const mounted = await execa('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'none', full], { reject: false });
    if (mounted.failed) skip('no disk can be mounted here');
    try {
      const all = await room.events('-y', '-p', 'all', 'backup', 'full/{{name}}.bin');
      const outcomes = Object.entries(results(all));
      expect(outcomes.map(([, outcome]) => outcome)).toContain('file/no-space');
      const whole = outcomes.filter(([, outcome]) => outcome === 'ok').map(([board]) => `${board}.bin`);
      expect(outcomes.filter(([, outcome]) => !['ok', 'file/no-space'].includes(outcome))).toEqual([]);
      expect((await readdir(full)).sort()).toEqual(whole.sort());
      for (const name of whole) expect((await stat(join(full, name))).size).toBe(0x400000);
    } finally {
      await execa('umount', [full]);
    }
  });

  test('a port that renumbers as its board is reset is found again', async () => {
    let isMoved = false;
    room.hub.onClosed = (path) => {
      if (path !== '/dev/ttyUSB1' || isMoved) return;
      isMoved = true;
      room.hub.renumber('/dev/ttyUSB1', '/dev/ttyUSB8');
    };
    const all = await room.events('-p', 'all', 'eval', '1');
    expect(results(all)).toEqual({ device1: 'ok', device2: 'ok', device3: 'ok' });
    expect(all.at(-1)?.boards?.[1]).toMatchObject({ board: 'device2', port: '/dev/ttyUSB8' });
  });

  test('a hub that vanishes: each board is told, and the run ends', async () => {
    const stdout = new MemoryOutput();
    const vanishing = room.runIn({ stdout }, '-p', 'all', 'exec', 'import time\nprint("on")\ntime.sleep(60)');
    await expect.poll(() => stdout.text.match(/│ on/g)?.length, { timeout: 20_000 }).toBe(3);
    for (const path of ports) room.hub.unplug(path);
    const { exitCode } = await vanishing;
    expect([exitCode, stdout.text.match(/failed .*port\/lost/g)?.length]).toEqual([1, 3]);
  });

  test('one that falls silent, one that is noisy, one that is unplugged half-way: the others are verified', async () => {
    await writeFile(room.here.path('big.py'), `x = "${randomBytes(8000).toString('hex')}"\n`);
    room.hub.plug('/dev/ttyUSB3', 'sim:bad3?unpaced&fault=silence:60');
    room.hub.plug('/dev/ttyUSB4', 'sim:bad4?unpaced&fault=power-loss:5000');
    room.hub.plug('/dev/ttyUSB6', 'sim:bad6?unpaced&fault=noise:0.3&seed=3');
    const all = await room.events(
      '--timeout',
      '3',
      ...[...ports, '/dev/ttyUSB3', '/dev/ttyUSB4', '/dev/ttyUSB6'].flatMap((path) => ['-p', path]),
      'put',
      'big.py',
    );
    const { device1, device2, device3, ...others } = results(all);
    expect([device1, device2, device3]).toEqual(['ok', 'ok', 'ok']);
    expect(Object.keys(others)).toHaveLength(3);
    for (const code of Object.values(others)) expect(code).toContain('/');
    expect(
      results(await room.events('-p', 'all', 'exec', 'assert len(open("big.py").read()) == 16007')),
    ).toMatchObject({ device1: 'ok', device2: 'ok', device3: 'ok' });
  });

  test('Ctrl-C ends all of them, and each is back at its prompt', async () => {
    const stdout = new MemoryOutput();
    const interrupted = new AbortController();
    const running = room.runIn(
      { stdout, signal: interrupted.signal },
      '-p',
      'all',
      'exec',
      'print("on")\nwhile True: pass',
    );
    await expect.poll(() => stdout.text.match(/│ on/g)?.length, { timeout: 20_000 }).toBe(3);
    interrupted.abort(new Interrupted());
    const { exitCode, stderr } = await running;
    expect([exitCode, stdout.text.match(/ interrupted /g)?.length]).toEqual([130, 3]);
    expect(stderr).toContain('run/interrupted');
    expect(results(await room.events('-p', 'all', 'eval', '1'))).toEqual({
      device1: 'ok',
      device2: 'ok',
      device3: 'ok',
    });
  });
});

describe('reports', () => {
  test('one that cannot be written is told before anything is started', async () => {
    for (const [file, code] of [
      ['no/such/r.csv', 'file/not-found'],
      ['r.txt', 'usage/bad-value'],
      ['.', 'usage/bad-value'],
    ] as const)
      expect((await room.run('-p', 'all', 'ls', '--report', file)).stderr).toContain(code);
    expect(room.hub.opened).toEqual([]);
  });

  test.each(['r.csv', 'r.json'])(
    '%s has all boards, and what failed is done again by itself',
    async (report) => {
      await room.run('-p', 'name:device2', 'exec', 'open("only here","w").close()');
      expect((await room.run('-p', 'all', 'rm', 'only here', '--report', report)).exitCode).toBe(1);
      const text = await readFile(room.here.path(report), 'utf8');
      expect(text).toMatch(/board\/not-found/);
      if (report === 'r.csv')
        expect(text).toMatch(/^device2,device2,24:0a:12:[0-9a-f:]+,\/dev\/ttyUSB1,ok,,,[\d.]+\r$/m);
      // It is known by its MAC: the port may be another one by now.
      room.hub.renumber('/dev/ttyUSB2', '/dev/ttyUSB9');
      expect(results(await room.events('--retry-failed', report, 'eval', '1'))).toEqual({
        device1: 'ok',
        device3: 'ok',
      });
    },
  );

  test('a report in which all went well has nothing to do again; one that is none is told', async () => {
    await room.run('-p', 'u0', '-p', 'u1', 'ls', '--report', 'good.csv');
    expect(await room.run('--retry-failed', 'good.csv', 'ls')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('nothing has failed') as string,
    });
    expect((await room.run('--retry-failed', 'main.py', 'ls')).stderr).toContain('config/unreadable');
    expect((await room.run('--retry-failed', 'gone.csv', 'ls')).stderr).toContain('file/not-found');
    expect((await room.run('--retry-failed', 'good.csv', '-p', 'all', 'ls')).stderr).toContain(
      'usage/arguments',
    );
  });
});

describe('--watch', () => {
  test('goes on with what is plugged in; a board that was done is not done twice, unless --again', async () => {
    for (const again of [false, true]) {
      room.hub = new Hub().plug('/dev/ttyUSB0', 'sim:fleet0?unpaced');
      const stderr = new MemoryOutput();
      const stop = new AbortController();
      const done = () => stderr.text.match(/✔ done/g)?.length ?? 0;
      const more = { stderr, signal: stop.signal };
      const watching = room.runIn(
        more,
        '-p',
        'all',
        '--watch',
        ...(again ? ['--again'] : []),
        'eval',
        '1',
        '--report',
        'w.csv',
      );
      await expect.poll(done, { timeout: 20_000 }).toBe(1);
      room.hub.plug('/dev/ttyUSB1', 'sim:fleet1?unpaced');
      await expect.poll(done, { timeout: 20_000 }).toBe(2);
      room.hub.unplug('/dev/ttyUSB0');
      await new Promise((resolve) => setTimeout(resolve, 700));
      room.hub.plug('/dev/ttyUSB4', 'sim:fleet0?unpaced');
      if (again) await expect.poll(done, { timeout: 20_000 }).toBe(3);
      else await expect.poll(() => stderr.text, { timeout: 20_000 }).toContain('device1 is done already');
      stop.abort();
      expect((await watching).exitCode).toBe(0);
      expect((await readFile(room.here.path('w.csv'), 'utf8')).match(/,ok,/g)).toHaveLength(again ? 3 : 2);
    }
  });
});
