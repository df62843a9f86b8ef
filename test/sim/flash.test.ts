import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { has } from '../support/systems.js';
import { startUpyw } from '../support/upyw.js';
import { FlashPlace, sha256 } from '../support/flash-place.js';
import {
  buildApp,
  buildFirmware,
  buildPartitionTable,
  micropythonPartitions,
  olderPartitions,
  otaPartitions,
  pattern,
} from '../support/images.js';

/** The commands on the whole chip, against virtual boards without wire and chip time. */
/** Of this firmware's partition table. */
const filesOffset = 0x200000;
const place = FlashPlace.use();
const { flashOf, json, local, upyw } = place;

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
    if (has('file modes')) expect((await stat(join(place.home, 'trip.bin'))).mode & 0o777).toBe(0o600);
    const copy = await readFile(join(place.home, 'trip.bin'));
    expect(copy.length).toBe(0x400000);
    expect(sha256(copy.subarray(0, before.length))).toBe(sha256(before));

    await upyw('trip', ['erase']);
    expect(await upyw('trip', ['--timeout', '2', 'ls'])).toMatchObject({ exitCode: 3 });
    expect(await upyw('trip', ['restore', 'trip.bin'])).toMatchObject({ exitCode: 0 });
    expect((await upyw('trip', ['ls'])).stdout).toBe('boot.py\ndata.bin\nmain.py\n');
    expect(await upyw('trip', ['get', 'data.bin', 'again.bin'])).toMatchObject({ exitCode: 0 });
    expect(sha256(await readFile(join(place.home, 'again.bin')))).toBe(sha256(pattern(20_000, 1)));
    expect(await upyw('trip', ['verify', 'trip.bin'])).toMatchObject({ exitCode: 0 });
  });

  it('is named after MAC and date, and read in part from an older backup', async () => {
    const first = await json('named', ['backup']);
    const path = first['path'] as string;
    expect(path).toMatch(/^esp32-240a12[0-9a-f]{6}-\d{4}-\d\d-\d\d\.bin$/);
    expect(first['warnings']).toEqual([expect.stringContaining('Wi-Fi passwords')]);
    const second = await json('named', ['backup', '--reference', path]);
    expect(second).toMatchObject({ readBytes: 0, path: path.replace('.bin', '-2.bin') });
    expect(sha256(await readFile(join(place.home, second['path'] as string)))).toBe(second['sha256']);
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
    expect(await readdir(place.home)).not.toContain('none.bin');
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
    const folder = join(place.home, 'project');
    await mkdir(join(folder, 'deep'), { recursive: true });
    await writeFile(join(folder, 'fw.bin'), 'text');
    await writeFile(
      join(folder, '.upywrc.json'),
      JSON.stringify({ firmware: 'fw.bin', port: 'sim:conf?unpaced' }),
    );
    const result = await startUpyw(place.home, ['flash'], { cwd: join(folder, 'deep') });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('fw.bin is not a firmware for an ESP32: it is a text file');
  });
});
