import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import { findFilesRegion } from '../../../../src/sim/chip/files-region.js';
import { checkImage } from '../../../../src/sim/chip/image.js';
import { parsePartitionTable } from '../../../../src/sim/chip/partition-table.js';
import { buildStandIn, programNewBoard } from '../../../../src/sim/chip/stand-in.js';

const appAt = 0xf000;

describe('the stand-in firmware', () => {
  it('is about 256 kB, deflates as firmware does, and is the same each time', () => {
    const firmware = buildStandIn();
    expect(firmware.length).toBeGreaterThan(240_000);
    expect(firmware.length).toBeLessThan(265_000);
    const ratio = deflateSync(firmware.subarray(appAt), { level: 9 }).length / (firmware.length - appAt);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(0.7);
    expect(createHash('sha256').update(buildStandIn()).digest('hex')).toBe(
      createHash('sha256').update(firmware).digest('hex'),
    );
  });

  it('comes in any size, and differs with the seed', () => {
    const large = buildStandIn({ appSizeBytes: 1_670_000 });
    expect(Math.abs(large.length - appAt - 1_670_000)).toBeLessThan(64);
    expect(checkImage(large.subarray(appAt)).problem).toBeUndefined();
    expect(buildStandIn({ seed: 2 }).subarray(0x20, 0x40)).not.toEqual(buildStandIn().subarray(0x20, 0x40));
  });

  it('has no names in its descriptor, as MicroPython’s builds, and names itself in its constants', () => {
    const firmware = Buffer.from(buildStandIn());
    expect(firmware.subarray(appAt + 0x20 + 16, appAt + 0x20 + 80).every((byte) => byte === 0)).toBe(true);
    expect(firmware.toString('latin1')).toMatch(
      /MicroPython v1\.27\.0 on 2025-12-10\0+; upyw stand-in with ESP32\0/,
    );
  });

  it('makes a new board: valid images and the partitions of MicroPython', () => {
    const flash = new NorFlash();
    programNewBoard(flash);
    expect(checkImage(flash.read(0x1000, 0x7000)).problem).toBeUndefined();
    expect(checkImage(flash.read(0x10000, 0x1f0000)).problem).toBeUndefined();
    expect(parsePartitionTable(flash.read(0x8000, 0xc00))?.map(({ label }) => label)).toEqual([
      'nvs',
      'phy_init',
      'factory',
    ]);
    expect(findFilesRegion(flash)).toEqual({ kind: 'littlefs', offset: 0x200000, sizeBytes: 0x200000 });
  });
});

describe('checkImage', () => {
  const good = buildStandIn().slice(appAt);
  const damaged = (at: number, value: number): Uint8Array => {
    const image = good.slice();
    image[at] = value;
    return image;
  };

  it.each([
    ['magic', damaged(0, 0xe8)],
    ['chip', damaged(12, 5)],
    ['segments', damaged(1, 0)],
    ['segments', damaged(1, 17)],
    ['segments', good.slice(0, 0x8000)],
    ['checksum', damaged(0x5000, 0x100 - 1 - (good[0x5000] ?? 0))],
    ['digest', damaged(good.length - 1, (good.at(-1) ?? 0) ^ 1)],
    ['digest', damaged(2, 3)],
  ])('finds a wrong %s', (kind, image) => {
    expect(checkImage(image).problem?.kind).toBe(kind);
  });

  it('lets an image without a digest pass on its checksum', () => {
    expect(checkImage(damaged(23, 0)).problem).toBeUndefined();
  });
});
