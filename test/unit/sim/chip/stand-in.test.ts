import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import { checkImage } from '../../../../src/sim/chip/image.js';
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

  it('names itself in the application descriptor', () => {
    const descriptor = buildStandIn().subarray(appAt + 0x20);
    const text = (at: number): string =>
      Buffer.from(descriptor.subarray(at, at + 32))
        .toString()
        .replace(/\0+$/, '');
    expect(text(16)).toBe('MicroPython 1.27');
    expect(text(48)).toBe('upyw stand-in');
  });

  it('makes a new board: valid images and the partitions of MicroPython', () => {
    const flash = new NorFlash();
    programNewBoard(flash);
    expect(checkImage(flash.read(0x1000, 0x7000)).problem).toBeUndefined();
    const factory = flash.partition('factory')!;
    expect(checkImage(flash.read(factory.offset, factory.sizeBytes)).problem).toBeUndefined();
    expect(flash.partition('vfs')).toEqual({ offset: 0x200000, sizeBytes: 0x200000 });
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
