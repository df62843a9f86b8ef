import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import xterm from '@xterm/headless';
import { describe, expect, test } from 'vitest';
import { fleetEvent } from '../../src/json.js';
import { Classroom, ports, results } from '../support/classroom.js';
import { MemoryOutput } from '../support/memory-output.js';
import { Person, askPerson } from '../support/person.js';

/** One command for many boards: on a hub, whose boards are virtual ones behind serial ports. */

const { Terminal } = xterm;
const room = Classroom.use();

describe('which boards', () => {
  test('all are those that answer; what else is plugged in is told and left out', async () => {
    room.hub.plug('/dev/ttyS9', 'sim:never', {
      usb: { vendorId: '0000', productId: '0001' },
      manufacturer: 'Modem',
    });
    room.hub.plug('/dev/ttyUSB5', undefined);
    const { exitCode, stdout, stderr } = await room.run('--no-reset', '-p', 'all', 'eval', '6*7');
    expect(exitCode).toBe(0);
    for (const name of ['device1', 'device2', 'device3'])
      expect(stdout).toMatch(new RegExp(`^${name} │ 42$`, 'm'));
    expect(stdout).toMatch(/^device2 +\/dev\/ttyUSB1 +ok +[\d.]+ s$/m);
    expect(stdout).toContain('3 of 3 boards done');
    expect(stderr).toContain('left out: /dev/ttyS9: Modem');
    expect(stderr).toContain('left out: /dev/ttyUSB5: no board answers');
    expect(stderr).toMatch(/^3 boards: device1 \(\/dev\/ttyUSB0\), device2/m);
    expect(room.hub.opened).not.toContain('/dev/ttyS9');
  });

  test('patterns of ports, names and virtual boards; `all` has no virtual ones', async () => {
    expect(results(await room.events('-p', '/dev/ttyUSB[01]', 'ls'))).toEqual({
      device1: 'ok',
      device2: 'ok',
    });
    expect(results(await room.events('-p', 'u*', 'ls'))).toEqual({
      device1: 'ok',
      device2: 'ok',
      device3: 'ok',
    });
    expect(results(await room.events('-p', 'name:device[23]', 'ls'))).toEqual({
      device2: 'ok',
      device3: 'ok',
    });
    expect(results(await room.events('-p', 'sim:fleet[0-1]?unpaced', 'ls'))).toEqual({
      device1: 'ok',
      device2: 'ok',
    });
    const { exitCode, stderr } = await room.run('-p', 'COM*', 'ls');
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('port/no-match')]);
    for (const path of ports) room.hub.unplug(path);
    expect((await room.run('-p', 'all', 'ls')).stderr).toContain('port/none');
  });

  test('the same board twice is worked on once', async () => {
    const all = await room.events(
      '-p',
      '/dev/ttyUSB0',
      '-p',
      '/dev/ttyUSB0',
      '-p',
      'sim:fleet0?unpaced',
      'ls',
    );
    expect(results(all)).toEqual({ device1: 'ok' });
    expect(all.at(-1)?.skipped).toEqual([
      {
        port: 'sim:fleet0?unpaced',
        what: expect.stringContaining('the same board as /dev/ttyUSB0') as string,
      },
    ]);
  });

  test.each([
    ['touch', 'mark'],
    ['mv', ':mark', ':moved'],
    ['sha256sum', 'moved'],
    ['rtc', '--set'],
    ['mem'],
    ['mip', 'list'],
    ['doctor'],
  ])('what works on one board works on many: %s', async (...args) => {
    if (args[0] === 'mv' || args[0] === 'sha256sum') await room.run('-p', 'all', 'touch', 'mark', 'moved');
    if (args[0] === 'mv') await room.run('-p', 'all', 'rm', '-y', 'moved');
    expect(results(await room.events('-p', 'all', ...args))).toEqual({
      device1: 'ok',
      device2: 'ok',
      device3: 'ok',
    });
  });

  test('UPYW_PORT and the configuration may stand for all of them', async () => {
    const forAll = [0, expect.stringContaining('3 of 3 boards done')];
    const env = { ...room.world.env, UPYW_PORT: 'all' };
    const byVariable = await room.runIn({ env }, 'eval', '6*7');
    expect([byVariable.exitCode, byVariable.stdout]).toEqual(forAll);
    await writeFile(room.here.path('upyw.config.yaml'), 'port: all\n');
    const byConfig = await room.runIn({ env: { ...env, UPYW_PORT: '' } }, 'eval', '6*7');
    await rm(room.here.path('upyw.config.yaml'));
    expect([byConfig.exitCode, byConfig.stdout]).toEqual(forAll);
    // What works on no board does not care.
    expect(await room.runIn({ env }, 'config')).toMatchObject({ exitCode: 0 });
    expect(await room.runIn({ env }, 'repl')).toMatchObject({ exitCode: 2 });
  });

  test('a command for one board refuses many', async () => {
    for (const args of [
      ['-p', 'all', 'repl'],
      ['-p', 'u0', '-p', 'u1', 'demo'],
      ['list', '--jobs', '2'],
    ]) {
      expect(await room.run(...args)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('usage/arguments') as string,
      });
    }
    expect(room.hub.opened).toEqual([]);
  });
});

describe('each board its own', () => {
  test('files that come from boards go into a folder for each, or where the command line says', async () => {
    await room.run('-p', 'all', 'put', 'main.py');
    await room.run('-p', 'all', 'get', 'main.py', 'got');
    expect((await readdir(room.here.path('got'))).sort()).toEqual(['device1', 'device2', 'device3']);
    expect(await readFile(room.here.path('got/device2/main.py'), 'utf8')).toBe('print("main")\n');
    await room.run('-p', 'all', 'backup', 'now.bin', '--size', '4k', '--offset', '0x9000');
    await room.run('-p', 'all', 'backup', 'at-{{index}}-{{name}}.bin', '--size', '4k', '--offset', '0x9000');
    expect(await readdir(room.here.path('device3'))).toEqual(['now.bin']);
    expect((await readdir(room.here.folder)).filter((name) => name.startsWith('at-')).sort()).toEqual([
      'at-1-device1.bin',
      'at-2-device2.bin',
      'at-3-device3.bin',
    ]);
  });

  test('provisioning gives each its own settings, and the dry run shows which', async () => {
    await writeFile(
      room.here.path('upyw.config.yaml'),
      "wifi: { ssid: workshop }\nextra: { device_id: '{{name}}' }\n",
    );
    const { stdout } = await room.run('-p', 'all', 'provision', '-n');
    for (const name of ['device1', 'device2', 'device3'])
      expect(stdout).toMatch(new RegExp(`^${name} │ extra\\.device_id +${name} `, 'm'));
    await room.run('-p', 'all', 'provision', '--no-check');
    const read = await room.run('-p', 'all', 'exec', 'import config; print(config.device_id)');
    for (const name of ['device1', 'device2', 'device3'])
      expect(read.stdout).toMatch(new RegExp(`^${name} │ ${name}$`, 'm'));
    await writeFile(room.here.path('upyw.config.yaml'), '{}');
  });

  test('what comes through a pipe goes to each of them', async () => {
    const stdin = Readable.from([Buffer.from('print("pip'), Buffer.from('ed")\n')]);
    const { stdout } = await room.runIn({ stdin }, '-p', 'all', 'exec', '-');
    expect(stdout.match(/│ piped$/gm)).toHaveLength(3);
  });

  test('a program that fails says where, on each board', async () => {
    const { stderr } = await room.run('-p', 'all', 'exec', 'def f():\n 1/0\nf()');
    expect(stderr.match(/^device[123] │ {3}File "<stdin>", line 2, in f$/gm)).toHaveLength(3);
    expect(stderr.match(/^device[123] │ ZeroDivisionError: divide by zero$/gm)).toHaveLength(3);
  });

  test('on a terminal no board draws over the lines of another', async () => {
    const code = 'print("a\\x1b[2Ab\\rc")';
    const window = { stdout: new MemoryOutput({ isTTY: true }), stderr: new MemoryOutput() };
    await room.runIn(window, '-p', 'all', 'exec', code);
    expect(window.stdout.text).toContain('device1 │ a');
    // eslint-disable-next-line no-control-regex -- what is looked for
    expect(window.stdout.text).not.toMatch(/\u001b\[2A|\r(?!\n)/);
    expect((await room.run('-p', 'all', 'exec', code)).stdout).toContain('a\u001b[2Ab');
  });

  test('a password in the name of a port is shown nowhere', async () => {
    const secret = 'S3cretPassw0rd';
    const port = (index: number) => `sim:fleet${index}?unpaced&wifi=lab:${secret}`;
    for (const words of [
      ['ls'],
      ['--json', 'ls'],
      ['name', '--number', 'device%d'],
      ['--json', 'name', '--number', 'device%d'],
    ]) {
      const { stdout, stderr } = await room.run('-p', port(0), '-p', port(1), '-p', port(0), ...words);
      expect(stdout + stderr).toContain('device1');
      expect(stdout + stderr).not.toContain(secret);
    }
  });

  test('what is printed comes in whole lines, each with its board', async () => {
    const code = 'import sys\nfor i in range(50):\n sys.stdout.write("ab")\n sys.stdout.write("cd\\n")';
    const { stdout } = await room.run('-p', 'all', 'exec', code);
    expect(stdout.match(/^device[123] │ abcd$/gm)).toHaveLength(150);
  });
});

describe('--json', () => {
  test('has an event in each line, of the shapes that upyw/json has, and a summary in the last', async () => {
    room.hub.plug('/dev/ttyUSB7', 'sim:odd?unpaced&fault=silence');
    const named = [...ports, '/dev/ttyUSB7'].flatMap((path) => ['-p', path]);
    const all = [
      ...(await room.events(...named, '--timeout', '2', 'put', 'main.py')),
      ...(await room.events('-p', 'all', 'exec', 'print(1)')),
      ...(await room.events('-p', 'name:device*', 'backup', 'x.bin', '--size', '4k')),
    ];
    for (const event of all)
      expect([event, fleetEvent.safeParse(event).error?.issues ?? []]).toEqual([event, []]);
    const kinds = ['boards', 'start', 'step', 'progress', 'warning', 'output', 'result', 'end', 'summary'];
    expect(new Set(all.map(({ event }) => event))).toEqual(new Set(kinds));
  });
});

describe('a person at a terminal', () => {
  test('is asked once, with the number of boards; no is no for all', async () => {
    const person = new Person({ confirm: false });
    const { exitCode, stdout } = await askPerson(['-p', 'all', 'rm', '-r', ':'], person, room.world);
    expect(person.questions).toEqual([
      "For 3 boards: This will remove everything in the board's current folder. Go on?",
    ]);
    expect([exitCode, stdout.match(/usage\/declined/g)?.length]).toEqual([1, 3]);
    const eraser = new Person({ confirm: false });
    await askPerson(['-p', 'all', 'erase'], eraser, room.world);
    expect(eraser.questions).toEqual([
      'This will erase the whole chip of each of 3 boards. Everything on it is lost, MicroPython and all files. Go on?',
    ]);
  });

  test('with --jobs no more boards are worked on at once, and the question is asked no second time', async () => {
    const person = new Person({ confirm: true });
    await askPerson(['-p', 'all', '--jobs', '1', 'rm', '-r', ':'], person, room.world);
    expect([person.questions.length, room.hub.mostOpen]).toEqual([1, 1]);
    expect((await room.run('-p', 'all', '--jobs', '0', 'ls')).stderr).toContain('usage/bad-value');
  });

  test('sees moving lines only where nothing else writes to that terminal, as tee would', async () => {
    const stderr = new MemoryOutput({ isTTY: true });
    await room.runIn({ stderr }, '--no-color', '-p', 'all', 'ls');
    // eslint-disable-next-line no-control-regex -- what is looked for
    expect(stderr.text).not.toMatch(/\u001b/);
    const both = { stdout: new MemoryOutput({ isTTY: true }), stderr: new MemoryOutput({ isTTY: true }) };
    await room.runIn(both, '-p', 'all', 'ls');
    expect(both.stderr.text).toContain('\u001b[');
  });

  test.each([2, 4])('in a window of %i rows the moving lines leave nothing behind', async (rows) => {
    // All is written to one window, as on a real one.
    const window = new MemoryOutput({ isTTY: true, columns: 40, rows });
    await room.runIn(
      { stdout: window, stderr: window },
      '--no-color',
      '-y',
      '-p',
      'all',
      'backup',
      'now.bin',
    );
    const terminal = new Terminal({ cols: 40, rows, convertEol: true, allowProposedApi: true });
    await new Promise<void>((done) => {
      terminal.write(window.text, done);
    });
    const { active } = terminal.buffer;
    const lines = Array.from(
      { length: active.length },
      (_, at) => active.getLine(at)?.translateToString(true) ?? '',
    );
    expect(window.text).toContain('not shown');
    expect(lines.filter((line) => /not shown|at work|\/s\b/.test(line))).toEqual([]);
    expect(lines.join('')).toContain('3 of 3 boards done');
  });
});
