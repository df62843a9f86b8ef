import { ROM_LIST } from 'esptool-js/lib/targets/index.js';
import { describe, expect, it } from 'vitest';
import { chipFamilies } from '../../../src/firmware/chips.js';
import { isIntact, parseImage } from '../../../src/firmware/esp-image.js';
import { buildApp, buildImage, pattern } from '../../support/images.js';

describe('chipFamilies', () => {
  it('says what esptool-js says of every ESP32', () => {
    const theirs = ROM_LIST.filter(({ CHIP_NAME }) => CHIP_NAME !== 'ESP8266').map((rom) => ({
      name: rom.CHIP_NAME,
      imageChipId: rom.IMAGE_CHIP_ID,
      bootloaderOffset: rom.BOOTLOADER_FLASH_OFFSET,
    }));
    const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);
    expect([...chipFamilies].sort(byName)).toEqual(theirs.sort(byName));
  });
});

describe('parseImage', () => {
  it('reads header, segments, check values and the description of an application', () => {
    const bytes = buildApp(50_000, {
      chipId: 9,
      minRevision: 1,
      maxRevision: 99,
      sizeAndFrequency: 0x3f,
      flashMode: 0,
    });
    const { image } = parseImage(bytes);
    expect(image).toMatchObject({
      offset: 0,
      sizeBytes: bytes.length,
      chip: { name: 'ESP32-S3' },
      flashMode: 'qio',
      flashSizeBytes: 0x800000,
      flashFrequencyCode: 0xf,
      entryAddress: 0x40080000,
      wpPin: 0xee,
      minRevision: 1,
      maxRevision: 99,
      segments: [
        { address: 0x3f400020, sizeBytes: 50_000, fileOffset: 32 },
        { address: 0x3ffb0000, sizeBytes: 5000, fileOffset: 50_040 },
        { address: 0x40080000, sizeBytes: 9004 },
        { address: 0x400d0020, sizeBytes: 20_000 },
      ],
      checksum: { valid: true },
      sha256: { valid: true },
      app: {
        version: '',
        projectName: '',
        compiledAt: 'Sep 11 2025 12:01:02',
        idfVersion: 'v5.4.2',
        secureVersion: 3,
      },
      micropython: { version: '1.26.1', date: '2025-09-11' },
    });
  });

  it('finds an image inside other bytes and ends where it ends', () => {
    const inner = buildImage();
    const bytes = new Uint8Array(10_000).fill(0xff);
    bytes.set(inner, 4096);
    expect(parseImage(bytes, 4096).image).toMatchObject({ offset: 4096, sizeBytes: inner.length });
    expect(parseImage(bytes.subarray(4096), 0).image).toMatchObject({
      sizeBytes: inner.length,
      sha256: { valid: true },
    });
  });

  it('has no SHA-256 to check where none is appended', () => {
    const { image } = parseImage(buildImage({ hashAppended: false }));
    expect(image).toMatchObject({ sha256: undefined, checksum: { valid: true } });
  });

  it.each([1, 15, 16, 17, 31, 32])(
    'puts the checksum at the end of its row for %i bytes of data',
    (sizeBytes) => {
      const bytes = buildImage({ segments: [{ address: 0, data: pattern(sizeBytes, 2) }] });
      const { image } = parseImage(bytes);
      expect(image?.sizeBytes).toBe(bytes.length);
      expect(image !== undefined && isIntact(image)).toBe(true);
    },
  );

  it('notices one flipped bit anywhere', () => {
    const good = buildImage({ segments: [{ address: 0x3fff0000, data: pattern(300, 4) }] });
    for (let index = 0; index < good.length; index++) {
      const bad = Uint8Array.from(good);
      bad[index] = (bad[index] ?? 0) ^ 0x10;
      const { image } = parseImage(bad);
      // Byte 23 says whether a hash is appended: only the value 1 means yes, as in the bootloader.
      if (index === 23) expect(image?.sha256).toBeUndefined();
      else expect(image === undefined || !isIntact(image), `bit in byte ${index}`).toBe(true);
    }
  });

  it('calls every shorter piece truncated', () => {
    const good = buildImage();
    for (const sizeBytes of [24, 25, 31, 32, 500, good.length - 33, good.length - 1]) {
      expect(parseImage(good.subarray(0, sizeBytes)).problem, `${sizeBytes} bytes`).toMatchObject({
        kind: 'truncated',
      });
    }
    expect(parseImage(good.subarray(0, 23)).problem).toEqual({ kind: 'no-header' });
  });

  it('does not follow senseless counts and lengths', () => {
    const many = Uint8Array.from(buildImage());
    many[1] = 200;
    expect(parseImage(many).problem).toEqual({ kind: 'implausible', what: '200 segments' });
    const long = Uint8Array.from(buildImage());
    long[31] = 0x40;
    expect(parseImage(long).problem).toMatchObject({ kind: 'implausible' });
  });
});
