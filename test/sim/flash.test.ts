import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { has } from '../support/systems.js';
import { runInWorld } from '../support/memory-world.js';
import { executable, startUpyw } from '../support/upyw.js';
import { Workplace } from '../support/virtual-board.js';
import type { Ran } from '../support/virtual-board.js';
import {
  buildApp,
  buildBackup,
  buildFirmware,
  buildNvs,
  buildPartitionTable,
  micropythonPartitions,
  olderPartitions,
  otaPartitions,
  pattern,
} from '../support/images.js';

/** The commands on the whole chip, against virtual boards without wire and chip time. */

let here: Workplace;
let home: string;
beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  home = here.folder;
});
afterAll(() => here.close());

/** Runs a command on the board `name`; `options` are those of `sim:`. */
function upyw(name: string, args: readonly string[], options = ''): Promise<Ran> {
  return here.run('-p', `sim:${name}?unpaced${options}`, ...args);
}

/** As {@link upyw}, in a process of its own: errors of the virtual board reach it as they reach a user. */
function inProcess(name: string, args: readonly string[], options = ''): Promise<Ran> {
  return here.start(['-p', `sim:${name}?unpaced${options}`, ...args]);
}

async function json(name: string, args: readonly string[], options = ''): Promise<Record<string, unknown>> {
  const { stdout } = await upyw(name, [...args, '--json'], options);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Writes a file into the home of the tests, and returns its name. */
async function local(name: string, bytes: Uint8Array | string): Promise<string> {
  await writeFile(join(home, name), bytes);
  return name;
}

/** Of this firmware's partition table. */
const filesOffset = 0x200000;
const flashOf = (name: string): Promise<Buffer> => readFile(join(home, '.boards', name, 'flash.bin'));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe.concurrent('the whole chip', { timeout: 60_000 }, () => {
  it('goes from anything to MicroPython in one command, and again in no time', async () => {
    expect(await json('any', ['erase'])).toMatchObject({ ok: true, name: 'ESP32' });
    const first = await json('any', ['flash']);
    expect(first).toMatchObject({
      ok: true,
      name: 'ESP32',
      offset: 0x1000,
      micropython: '1.27.0',
      dryRun: false,
    });
    expect(first['writtenBytes']).toBeGreaterThan(200_000);
    // What the first start has made behind the firmware goes.
    expect(await json('any', ['flash'])).toMatchObject({ ok: true, writtenBytes: 0, erasedBytes: 0x10000 });
    expect(await upyw('any', ['eval', '6 * 7'])).toMatchObject({ exitCode: 0, stdout: '42\n' });
  });

  it('is backed up, erased and restored, and every file is there again', async () => {
    await local('main.py', 'print("hello from main")\n');
    await local('data.bin', pattern(20_000, 1));
    expect(await upyw('trip', ['put', 'main.py', 'data.bin', ':'])).toMatchObject({ exitCode: 0 });
    const before = await flashOf('trip');

    const backup = await upyw('trip', ['backup', 'trip.bin']);
    expect(backup).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('Wi-Fi passwords') as string,
    });
    if (has('file modes')) expect((await stat(join(home, 'trip.bin'))).mode & 0o777).toBe(0o600);
    const copy = await readFile(join(home, 'trip.bin'));
    expect(copy.length).toBe(0x400000);
    expect(sha256(copy.subarray(0, before.length))).toBe(sha256(before));

    await upyw('trip', ['erase']);
    expect(await upyw('trip', ['--timeout', '2', 'ls'])).toMatchObject({ exitCode: 3 });
    expect(await upyw('trip', ['restore', 'trip.bin'])).toMatchObject({ exitCode: 0 });
    expect((await upyw('trip', ['ls'])).stdout).toBe('boot.py\ndata.bin\nmain.py\n');
    expect(await upyw('trip', ['get', 'data.bin', 'again.bin'])).toMatchObject({ exitCode: 0 });
    expect(sha256(await readFile(join(home, 'again.bin')))).toBe(sha256(pattern(20_000, 1)));
    expect(await upyw('trip', ['verify', 'trip.bin'])).toMatchObject({ exitCode: 0 });
  });

  it('is named after MAC and date, and read in part from an older backup', async () => {
    const first = await json('named', ['backup']);
    const path = first['path'] as string;
    expect(path).toMatch(/^esp32-240a12[0-9a-f]{6}-\d{4}-\d\d-\d\d\.bin$/);
    expect(first['warnings']).toEqual([expect.stringContaining('Wi-Fi passwords')]);
    const second = await json('named', ['backup', '--reference', path]);
    expect(second).toMatchObject({ readBytes: 0, path: path.replace('.bin', '-2.bin') });
    expect(sha256(await readFile(join(home, second['path'] as string)))).toBe(second['sha256']);
  });

  it('keeps its files when asked to', async () => {
    await local('keep.py', 'x = 1\n');
    await upyw('keep', ['put', 'keep.py']);
    expect(await upyw('keep', ['flash', '--keep-files'])).toMatchObject({ exitCode: 0 });
    expect((await upyw('keep', ['ls'])).stdout).toBe('boot.py\nkeep.py\n');
    expect(await upyw('keep', ['flash'])).toMatchObject({ exitCode: 0 });
    expect((await upyw('keep', ['ls'])).stdout).toBe('boot.py\n');
  });

  it('tells what it is and what is on it', async () => {
    const { stdout, exitCode } = await upyw('tell', ['chip']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('ESP32-D0WDQ6 (revision 1), v1.0');
    expect(stdout).toMatch(
      /app\s+MicroPython v1\.27\.0 \(2025-12-10\), compiled Jan {2}1 2026 12:00:00, ESP-IDF none/,
    );
    expect(stdout).toMatch(/\(files\)\s+behind the rows\s+0x200000\s+2\.1 MB/);
    await upyw('tell', ['erase']);
    expect((await upyw('tell', ['chip'])).stdout).toContain('nothing: the chip is blank');
  });

  it('says what is on it with a table of older firmware, and what another program calls itself', async () => {
    const table = buildPartitionTable(olderPartitions);
    const older = await local('older.bin', buildFirmware({ table }));
    await upyw('older', ['flash', older]);
    const { stdout } = await upyw('older', ['chip']);
    expect(stdout).toMatch(/app\s+MicroPython v1\.26\.1 \(2025-09-11\), compiled Sep 11 2025/);
    expect(stdout).toMatch(/vfs\s+data\/fat\s+0x200000\s+2\.1 MB/);
    expect(stdout).not.toContain('(files)');
    const app = buildApp(50_000, { banner: 'Hello', names: ['blink', 'v1.0'] });
    await upyw('older', ['flash', await local('other.bin', buildFirmware({ app }))]);
    expect((await upyw('older', ['chip'])).stdout).toMatch(/app\s+blink v1\.0, compiled/);
  });

  it('waits for every MicroPython to start, whatever its images call themselves, and for nothing else', async () => {
    const file = await local('official.bin', buildFirmware());
    expect(await json('official', ['flash', file])).toMatchObject({ ok: true, micropython: '1.27.0' });
    await upyw('official', ['erase']);
    const hung = await upyw('official', ['flash', file], '&fault=no-start');
    expect(hung).toMatchObject({ exitCode: 1, stdout: '' });
    expect(hung.stderr).toContain('written and verified, but MicroPython did not answer');
    expect(hung.stderr).toContain('loader/no-micropython');
    const app = buildApp(50_000, { banner: 'Hello', names: ['blink', 'v1.0'] });
    const other = await local('no-python.bin', buildFirmware({ app }));
    const result = await json('official', ['flash', other]);
    expect(result).toMatchObject({ ok: true });
    expect(result).not.toHaveProperty('micropython');
  });

  it.each([
    ['old to new', olderPartitions, micropythonPartitions],
    ['new to old', micropythonPartitions, olderPartitions],
    ['new to new', micropythonPartitions, micropythonPartitions],
  ])('keeps its files from %s firmware', async (name, from, to) => {
    const board = name.replaceAll(' ', '-');
    const firmware = (partitions: typeof from, seed: number): Uint8Array => {
      const app = buildApp(40_000 + seed);
      return buildFirmware({ app, table: buildPartitionTable(partitions) });
    };
    await upyw(board, ['flash', await local(`${board}-from.bin`, firmware(from, 0))]);
    await local('mine.py', 'x = 1\n');
    expect(await upyw(board, ['put', 'mine.py'])).toMatchObject({ exitCode: 0 });
    const next = await local(`${board}-to.bin`, firmware(to, 4));
    expect(await upyw(board, ['flash', next, '--keep-files'])).toMatchObject({ exitCode: 0 });
    expect(await upyw(board, ['cat', 'mine.py'])).toMatchObject({ stdout: 'x = 1\n' });
  });

  it('says where the files are and where they would be, when they cannot stay', async () => {
    const table = buildPartitionTable(otaPartitions);
    const ota = await local('ota.bin', buildFirmware({ table }));
    await upyw('move', ['flash']);
    const { exitCode, stderr } = await upyw('move', ['flash', ota, '--keep-files']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('they are at 0x200000 to 0x400000, ota.bin wants them at 0x310000 to 0x400000');
    expect(stderr).toContain('firmware/files-move');
  });

  it('is a chip of revision 3 when that is asked for', async () => {
    const { stdout } = await upyw('v3', ['chip'], '&chip=v3');
    expect(stdout).toContain('ESP32-D0WDQ6-V3 (revision 3), v3.0');
    expect(stdout).toContain('GigaDevice (id c84016)');
    await upyw('v3', ['erase'], '&chip=v3');
    const { stderr } = await upyw('v3', ['--timeout', '2', 'ls'], '&chip=v3');
    expect(stderr).toContain('invalid header: 0xffffffff');
    expect(await upyw('v3', ['flash'], '&chip=v3')).toMatchObject({ exitCode: 0 });
  });

  it('is not changed by a dry run', async () => {
    await upyw('dry', ['erase']);
    const firmware = await local('dry.bin', buildFirmware());
    const before = sha256(await flashOf('dry'));
    const { stdout, exitCode } = await upyw('dry', ['flash', firmware, '-n']);
    expect({ stdout, exitCode }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^would write/) as string,
    });
    expect(await upyw('dry', ['erase', '--dry-run'])).toMatchObject({ exitCode: 0 });
    expect(await json('dry', ['backup', 'none.bin', '--dry-run'])).toMatchObject({ ok: true, readBytes: 0 });
    expect(await readdir(home)).not.toContain('none.bin');
    expect(sha256(await flashOf('dry'))).toBe(before);
  });

  it.each([
    ['rom', ['--no-stub'], ''],
    ['silent', [], '&fault=silent-stub'],
  ])('holds what the file says and nothing else, also without a stub (%s)', async (name, flags, options) => {
    const bytes = buildFirmware({ app: buildApp(40_000) });
    const file = await local(`${name}.bin`, bytes);
    await upyw(name, ['erase']);
    expect(await upyw(name, ['flash', file, ...flags], options)).toMatchObject({ exitCode: 0 });
    expect(await upyw(name, ['verify', file])).toMatchObject({ exitCode: 0 });
    // Behind that, the first start has made its file system.
    const flash = (await flashOf(name)).subarray(0, filesOffset);
    const wanted = new Uint8Array(flash.length).fill(0xff);
    wanted.set(bytes, 0x1000);
    expect(sha256(flash)).toBe(sha256(wanted));
  });

  it('works without the stub', async () => {
    await upyw('nostub', ['erase', '--no-stub']);
    expect(await json('nostub', ['flash', '--no-stub'])).toMatchObject({ ok: true, micropython: '1.27.0' });
    expect(
      await json('nostub', ['backup', 'nvs.bin', '--no-stub', '--offset', '0x8000', '--size', '4k']),
    ).toMatchObject({
      ok: true,
      sizeBytes: 4096,
    });
  });

  it('gets the firmware from the config, from where that is', async () => {
    const folder = join(home, 'project');
    await mkdir(join(folder, 'deep'), { recursive: true });
    await writeFile(join(folder, 'fw.bin'), 'text');
    await writeFile(
      join(folder, '.upywrc.json'),
      JSON.stringify({ firmware: 'fw.bin', port: 'sim:conf?unpaced' }),
    );
    const result = await startUpyw(home, ['flash'], { cwd: join(folder, 'deep') });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('fw.bin is not a firmware for an ESP32: it is a text file');
  });
});

describe.concurrent('input that is not right', { timeout: 60_000 }, () => {
  const good = buildFirmware();
  const flipped = good.with(0x14000, (good[0x14000] ?? 0) ^ 1);
  it.each([
    ['a web page', 'flash', '<!DOCTYPE html><html>404</html>', 'firmware/not-an-image', 'a web page'],
    ['one flipped bit', 'flash', flipped, 'firmware/damaged', 'SHA-256'],
    [
      'the wrong chip',
      'flash',
      buildFirmware({ chipId: 9, bootloaderOffset: 0 }),
      'firmware/wrong-chip',
      'ESP32-S3',
    ],
    ['a firmware', 'restore', good, 'firmware/not-a-backup', 'upyw flash'],
    ['a smaller chip', 'restore', new Uint8Array(0x200000).fill(0xff), 'firmware/wrong-size', '2097152'],
    ['a cut backup', 'restore', buildBackup().subarray(0, 0x200000), 'firmware/partial-backup', '2097152'],
    ['a cut backup', 'flash', buildBackup().subarray(0, 500_000), 'firmware/partial-backup', '500000'],
  ])('%s given to %s', async (name, command, bytes, code, words) => {
    const file = await local(`${name.replaceAll(' ', '-')}-${command}.bin`, bytes);
    const board = file.replace('.bin', '');
    const { exitCode, stderr, stdout } = await upyw(board, [command, file]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(code);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    [
      'a firmware at the start',
      buildFirmware(),
      ['--offset', '0'],
      'firmware/wrong-offset',
      'belongs to 0x1000',
    ],
    ['a backup at 0x1000', buildBackup(), ['--offset', '0x1000'], 'firmware/is-backup', 'upyw restore'],
    ['a table', buildPartitionTable(), [], 'firmware/is-part', '--offset 0x8000, its usual place'],
    ['settings of a chip', buildNvs(), [], 'firmware/is-part', '--offset 0x9000, its usual place'],
    ['an application', buildApp(1000), [], 'firmware/is-part', '--offset 0x10000, its usual place'],
  ])('%s, told before the board is touched', async (name, bytes, flags, code, words) => {
    const file = await local(`${name.replaceAll(' ', '-')}.bin`, bytes);
    const { exitCode, stderr } = await here.run('-p', 'sim:untouched', 'flash', file, ...flags);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(code);
    expect(stderr).toContain(words);
    expect(await readdir(join(home, '.boards'))).not.toContain('untouched');
  });

  it('an archive: with one firmware it is written, with two it is not', async () => {
    const one = await local('one.zip', zipSync({ 'notes.txt': pattern(100, 1), 'fw.bin': buildFirmware() }));
    const result = await upyw('zip', ['flash', one]);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toContain('one.zip is an archive; fw.bin in it is taken');
    expect(await upyw('zip', ['verify', one])).toMatchObject({ exitCode: 0 });
    const two = await local('two.zip', zipSync({ 'a.bin': buildFirmware(), 'b.bin': buildFirmware() }));
    const refused = await upyw('zip', ['flash', two]);
    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.stderr).toContain('two.zip: a.bin, b.bin');
    expect(refused.stderr).toContain('Unpack it and give the .bin file');
  });

  it('an address on the web', async () => {
    const url = 'https://micropython.org/resources/firmware/ESP32_GENERIC-20250911-v1.26.1.bin';
    expect(await upyw('x', ['flash', url])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /is an address on the web, not a file\n.*Download it.*\n.*firmware\/is-url/,
      ) as string,
    });
  });

  it('a folder, a missing file, no file at all', async () => {
    expect(await upyw('x', ['flash', '.'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('file/is-folder') as string,
    });
    expect(await upyw('x', ['restore', 'no.bin'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('file/not-found') as string,
    });
    const none = await startUpyw(home, ['-p', '/dev/null', 'flash']);
    expect(none).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('https://micropython.org/download') as string,
    });
    expect(none.stderr).toContain('usage/no-firmware');
  });

  it.each([
    ['--offset', '0x1234'],
    ['--offset', 'there'],
    ['--offset', '-1'],
  ])('%s %s', async (flag, value) => {
    const file = await local('app.bin', buildApp(1000));
    expect(await upyw('offset', ['flash', file, flag, value])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('usage/') as string,
    });
  });

  it('a disk that is full', async ({ skip }) => {
    const disk = await mkdtemp(join(home, 'disk-'));
    // A disk of 200 kB that only this process sees.
    const small = (command: string) =>
      execa(
        'unshare',
        ['-rm', 'sh', '-c', `mount -t tmpfs -o size=200k tmpfs ${disk} && cd ${disk} && ${command}`],
        {
          reject: false,
          env: here.env,
        },
      );
    if ((await small('true')).exitCode !== 0) skip('a small disk cannot be made here');
    const backup = `"${process.execPath}" "${executable}" -p 'sim:full?unpaced' backup full.bin`;
    const { stderr, stdout } = await small(`${backup}; echo "exit $?"; ls -A`);
    expect(stderr).toContain('file/no-space');
    expect(stdout).toBe('exit 1');
  });

  it('a place that cannot be written', async () => {
    const result = await upyw('place', ['backup', 'no/where/x.bin']);
    expect(result).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('there is no folder no/where here') as string,
    });
  });
});

describe.concurrent('bad luck', { timeout: 60_000 }, () => {
  it('a board that does not enter its loader', async () => {
    const { exitCode, stderr } = await upyw('auto', ['chip'], '&fault=no-auto-reset');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/loader\/no-sync/);
    expect(stderr).toContain('Hold BOOT');
  });

  it.each(['rts', 'dtr'])('an adapter that has %s inverted', async (line) => {
    const fault = `&fault=inverted-${line}`;
    expect(await upyw(line, ['chip'], fault)).toMatchObject({ exitCode: 3 });
    expect(await upyw(line, ['chip', `--${line}`, '1'], fault)).toMatchObject({ exitCode: 0 });
    expect(await upyw(line, ['eval', '6 * 7', `--${line}`, '1'], fault)).toMatchObject({ stdout: '42\n' });
    expect(await upyw(line, ['chip', `--${line}`, '2'], fault)).toMatchObject({ exitCode: 2 });
  });

  it('a board whose lines are wired in a way of its own', async () => {
    const port = 'sim:swapped?unpaced&fault=swapped-lines';
    expect(await here.run('-p', port, 'chip')).toMatchObject({ exitCode: 3 });
    const cwd = here.path('swapped');
    await mkdir(cwd);
    const withLines = async (lines: object, ...args: string[]) => {
      await writeFile(join(cwd, 'upyw.config.json'), JSON.stringify({ lines }));
      return runInWorld(['-p', port, ...args], { ...here.world, cwd });
    };
    const loader = 'D1|R0|W0.1|U0,1|W0.05|R0';
    expect(await withLines({ loader, reset: 'D1 | W.1 | D0' }, 'chip')).toMatchObject({ exitCode: 0 });
    // What is written has to start, and to answer.
    expect(await withLines({ loader, reset: 'D1|W0.1|D0' }, 'flash')).toMatchObject({ exitCode: 0 });
    expect(await withLines({ reset: 'D1|W0.1s' }, 'chip')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('custom_reset_sequence') as string,
    });
  });

  it('a rate that fails, a stub that does not start', async () => {
    expect(await json('rate', ['flash'], '&fault=max-baud:300000,silent-stub')).toMatchObject({
      ok: true,
      warnings: [
        expect.stringContaining('the stub does not start'),
        'this line does not carry 921600 baud; trying 460800',
        'this line does not carry 460800 baud; trying 230400',
      ],
    });
  });

  it('a line with noise', async () => {
    await upyw('noise', ['erase']);
    expect(await json('noise', ['flash'], '&fault=noise:0.00003')).toMatchObject({ ok: true });
    expect(await upyw('noise', ['backup', 'noise.bin'], '&fault=lost:0.00003')).toMatchObject({
      exitCode: 0,
    });
    const flash = await flashOf('noise');
    expect(sha256((await readFile(join(home, 'noise.bin'))).subarray(0, flash.length))).toBe(sha256(flash));
  });

  it('power that is lost in the middle: the message says what is, the next try mends it', async () => {
    await upyw('power', ['erase']);
    const { exitCode, stderr } = await inProcess('power', ['flash'], '&fault=power-loss:50000');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('The chip holds only part of the firmware and does not start');
    expect(stderr).toContain('upyw flash');
    expect(await json('power', ['flash'])).toMatchObject({ ok: true, micropython: '1.27.0' });
  });

  it('a write that changes something else, too', async () => {
    await local('stay.py', 'x = 1\n');
    await upyw('stray', ['put', 'stay.py']);
    const app = await local('stray.bin', buildApp(30_000));
    const result = await upyw('stray', ['flash', app, '--offset', '0x110000'], '&fault=stray-write:0x205000');
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain('between 0x200000 and 0x210000');
    expect(result.stderr).toContain('upyw restore FILE');
    expect(result.stderr).toContain('loader/neighbours-changed');
  });

  it('a flash that does not keep what it is given', async () => {
    await upyw('worn', ['erase']);
    const { exitCode, stderr } = await upyw('worn', ['flash'], '&fault=bad-write:0x20000');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('loader/write-failed');
    await upyw('worn', ['flash']);
    expect((await upyw('worn', ['erase'], '&fault=bad-erase:0x20000')).stderr).toMatch(
      /loader\/write-failed|^$/,
    );
  });
});
