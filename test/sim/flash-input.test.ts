import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { executable, startUpyw } from '../support/upyw.js';
import { FlashPlace } from '../support/flash-place.js';
import {
  buildApp,
  buildBackup,
  buildFirmware,
  buildNvs,
  buildPartitionTable,
  pattern,
} from '../support/images.js';

/** What the commands on the whole chip are given may be anything. */
const place = FlashPlace.use();
const { local, upyw } = place;

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
    const { exitCode, stderr } = await place.here.run('-p', 'sim:untouched', 'flash', file, ...flags);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(code);
    expect(stderr).toContain(words);
    expect(existsSync(join(place.home, '.boards/untouched'))).toBe(false);
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
    const none = await startUpyw(place.home, ['-p', '/dev/null', 'flash', '--offset', '0x10000']);
    expect(none).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('usage/no-firmware') as string,
    });
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
    const disk = await mkdtemp(join(place.home, 'disk-'));
    // A disk of 200 kB that only this process sees.
    const small = (command: string) =>
      execa(
        'unshare',
        ['-rm', 'sh', '-c', `mount -t tmpfs -o size=200k tmpfs ${disk} && cd ${disk} && ${command}`],
        {
          reject: false,
          env: place.here.env,
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
