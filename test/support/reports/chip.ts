import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { buildApp, buildFirmware } from '../images.js';
import type { Workplace } from '../virtual-board.js';
import { type Report, anyBytes, local } from './report.js';

/** Each with a chip of its own. */
const on = (name: string, faults = '') => ['-p', `sim:${name}?unpaced${faults}`];

async function flashOf(here: Workplace, name: string): Promise<Uint8Array> {
  return readFile(here.path('.boards', name, 'flash.bin'));
}

/** Firmware and the whole chip. */
export const chip: readonly Report[] = [
  {
    number: 'espressif/esptool#116',
    situation:
      'an offset that is not on the grid of sectors is told in words, before the board is looked for',
    check: async (here) => {
      await local(here, 'app.bin', buildApp());
      const error = await here.failure('flash', 'app.bin', '--offset', '0x10200', '-p', '/dev/nothing-here');
      expect(error.exitCode).toBe(2);
      expect(`${error.message} ${error.hint}`).toMatch(/sector|4096|0x1000/);
    },
  },
  {
    number: 'espressif/esptool#175',
    situation: 'an image that is longer than the flash',
    check: async (here) => {
      await local(here, 'long.bin', anyBytes(0x20000));
      const error = await here.failure('flash', 'long.bin', '--offset', '0x3f0000', '--force', ...on('long'));
      expect(error.code).toBe('firmware/too-large');
    },
  },
  {
    number: 'espressif/esptool#79',
    situation: 'a complete firmware at an address that is not its own',
    check: async (here) => {
      await local(here, 'firmware.bin', buildFirmware());
      const error = await here.failure('flash', 'firmware.bin', '--offset', '0x10000', ...on('elsewhere'));
      expect(error.code).toBe('firmware/wrong-offset');
      expect(error.hint).toContain('upyw flash firmware.bin (');
    },
  },
  {
    number: 'espressif/esptool-js#88',
    situation: 'an application alone is written where the bootloader belongs',
    check: async (here) => {
      await local(here, 'app.bin', buildApp());
      const alone = await here.failure('flash', 'app.bin', ...on('alone'));
      expect(alone.code).toMatch(/^firmware\//);
      expect(alone.hint).toContain('0x10000');
      expect((await here.failure('flash', 'app.bin', '--offset', '0x1000', ...on('alone'))).code).toMatch(
        /^firmware\//,
      );
    },
  },
  {
    number: 'espressif/esptool#581',
    situation: 'an image that compresses to almost nothing',
    check: async (here) => {
      await local(here, 'same.bin', new Uint8Array(131_072).fill(0x55));
      await here.ok('flash', 'same.bin', '--offset', '0x3d0000', '--force', ...on('same'));
      expect((await flashOf(here, 'same')).subarray(0x3d0000, 0x3f0000).every((byte) => byte === 0x55)).toBe(
        true,
      );
    },
  },
  {
    number: 'espressif/esptool-js#255',
    situation: 'an image that does not compress is written whole',
    check: async (here) => {
      const bytes = anyBytes(300_000);
      await local(here, 'noise.bin', bytes);
      await here.ok('flash', 'noise.bin', '--offset', '0x200000', '--force', ...on('noise'));
      const written = (await flashOf(here, 'noise')).subarray(0x200000, 0x200000 + bytes.length);
      expect(Buffer.compare(written, bytes)).toBe(0);
    },
  },
  {
    number: 'espressif/esptool#256',
    situation: 'a flash that does not keep what is written: said, with where',
    check: async (here) => {
      await local(here, 'part.bin', anyBytes(20_000));
      const words = ['flash', 'part.bin', '--offset', '0x200000', '--force'];
      const error = await here.failure(...words, ...on('bad', '&fault=bad-write:0x201000'));
      expect(error).toMatchObject({ code: 'loader/write-failed', exitCode: 1 });
      expect(error.message).toContain('0x20');
    },
  },
  {
    number: 'espressif/esptool#870',
    situation: 'old files are still there after the firmware was written anew',
    check: async (here) => {
      await local(here, 'old.py', 'x = 1\n');
      await here.ok('put', 'old.py', ...on('anew'));
      await here.ok('flash', '-y', ...on('anew'));
      expect(await here.ok('ls', ...on('anew'))).toBe('boot.py\n');
    },
  },
  {
    number: 'espressif/esptool-js#218',
    situation: 'a whole flash is read',
    check: async (here) => {
      await here.ok('eval', '1', ...on('read'));
      await here.ok('backup', 'whole.bin', ...on('read'));
      const [copy, flash] = [await readFile(here.path('whole.bin')), await flashOf(here, 'read')];
      expect(copy.length).toBe(0x400000);
      expect(Buffer.compare(copy.subarray(0, flash.length), flash)).toBe(0);
    },
  },
  {
    number: 'espressif/esptool-js#5',
    situation: 'the chip was not reached: said as that',
    check: async (here) => {
      const error = await here.failure('chip', '--timeout', '1', ...on('mute', '&fault=no-auto-reset'));
      expect(error).toMatchObject({ code: 'loader/no-sync', exitCode: 3 });
      expect(error.hint).toMatch(/BOOT/);
    },
  },
];
