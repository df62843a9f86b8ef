import { describe, expect, it } from 'vitest';
import { requireFirmware } from '../../../src/firmware/check-firmware.js';
import { chipFamilies } from '../../../src/firmware/chips.js';
import { ImageDevice, usualBlockBytes } from '../../../src/littlefs/block-device.js';
import { Littlefs } from '../../../src/littlefs/littlefs.js';
import { recognise } from '../../../src/firmware/recognise.js';
import {
  buildApp,
  buildBackup,
  buildFirmware,
  buildImage,
  buildMerged,
  buildNvs,
  buildPartitionTable,
  join,
  micropythonPartitions,
  olderPartitions,
  pattern,
  words,
} from '../../support/images.js';

const padded = (bytes: Uint8Array, sizeBytes: number): Uint8Array => {
  const whole = new Uint8Array(sizeBytes).fill(0xff);
  whole.set(bytes);
  return whole;
};

/** The superblock as MicroPython writes it. */
/** The first block of an empty file system. */
function littlefsStart(blockCount: number): Uint8Array {
  const image = new Uint8Array(blockCount * usualBlockBytes).fill(0xff);
  Littlefs.format(new ImageDevice(image));
  return image.subarray(0, usualBlockBytes);
}

const bootApp0 = (): Uint8Array => {
  const bytes = new Uint8Array(0x2000).fill(0xff);
  bytes.set(words(1));
  bytes.set(words(0x4743989a), 28);
  return bytes;
};

const fatStart = (): Uint8Array => {
  const bytes = new Uint8Array(0x4000);
  bytes.set([0xeb, 0xfe, 0x90]);
  bytes.set(text('FAT     '), 54);
  bytes.set([0x55, 0xaa], 510);
  return bytes;
};

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('recognise', () => {
  it.each(chipFamilies)('takes the firmware of the $name, its first byte at the bootloader', (chip) => {
    const bytes = buildFirmware({ chipId: chip.imageChipId, bootloaderOffset: chip.bootloaderOffset });
    expect(recognise(bytes)).toMatchObject({
      kind: 'firmware',
      chip,
      flashOffset: chip.bootloaderOffset,
      appPartition: { label: 'factory' },
      app: { micropython: { version: '1.26.1' }, sha256: { valid: true } },
    });
  });

  it.each(chipFamilies)('takes the firmware of the $name merged from address 0', (chip) => {
    const bytes = buildFirmware({
      chipId: chip.imageChipId,
      bootloaderOffset: chip.bootloaderOffset,
      flashOffset: 0,
    });
    expect(recognise(bytes)).toMatchObject({ kind: 'firmware', chip, flashOffset: 0 });
  });

  it('tells the backup of a whole chip from a firmware', () => {
    expect(recognise(buildBackup())).toMatchObject({
      kind: 'backup',
      sizeBytes: 0x400000,
      chip: { name: 'ESP32' },
      app: { micropython: { version: '1.26.1', date: '2025-09-11' } },
      partitions: [{}, {}, { label: 'factory' }],
    });
  });

  it.each([
    ['inside its files', 0x3ff000],
    ['one byte before its end', 0x3fffff],
    ['right behind the application partition', 0x200001],
    ['at the end of the application partition, where a smaller chip would end', 0x200000],
    ['at 1 MiB, where a smaller chip would end', 0x100000],
    ['behind its application', 500_000],
    ['a little behind its application', 0x10000 + buildApp().length + 0x1100],
  ])('tells a backup that was cut off %s from a firmware', (_name, sizeBytes) => {
    expect(recognise(buildBackup().subarray(0, sizeBytes))).toEqual({ kind: 'partial-backup', sizeBytes });
  });

  it.each([0x1f0000, 0x200000 - 1])(
    'knows one cut off inside the application partition by its NVS',
    (cut) => {
      expect(recognise(buildBackup().subarray(0, cut))).toEqual({ kind: 'partial-backup', sizeBytes: cut });
    },
  );

  it.each([
    ['of 4 MB', 0x400000, 'backup'],
    ['of 2 MB', 0x200000, 'firmware'],
    ['of 1 MB', 0x100000, 'firmware'],
  ])('takes a firmware that was filled up to a chip %s for what it can be', (_name, sizeBytes, kind) => {
    const file = recognise(buildMerged(sizeBytes));
    expect(file.kind).toBe(kind);
    expect(requireFirmware(file, 'x.bin')).toMatchObject({ kind: 'firmware', flashOffset: 0 });
    const used = buildMerged(sizeBytes);
    used.set([0], sizeBytes - 100);
    expect(() => requireFirmware(recognise(used), 'x.bin')).toThrow(/backup/);
  });

  it.each([
    ['a partition table', buildPartitionTable(), 'a partition table', 0x8000],
    ['one as it is read from a chip', padded(buildPartitionTable(), 0x1000), 'a partition table', 0x8000],
    ['boot_app0.bin', bootApp0(), 'boot_app0.bin', 0xe000],
    ['NVS', buildNvs(), 'NVS', 0x9000],
    ['littlefs', padded(littlefsStart(512), 0x200000), 'littlefs', undefined],
    ['FAT', fatStart(), 'FAT', undefined],
  ])('names %s', (_name, bytes, part, usualOffset) => {
    expect(recognise(bytes)).toMatchObject({
      kind: 'part',
      part: expect.stringContaining(part) as string,
      usualOffset,
    });
  });

  it('does not take something like a part for one', () => {
    const table = buildPartitionTable();
    expect(recognise(table.with(20, 1)).kind).toBe('other');
    expect(recognise(bootApp0().with(28, 0)).kind).toBe('other');
    expect(recognise(bootApp0().subarray(0, 0x1000)).kind).toBe('other');
    expect(recognise(buildNvs().with(8, 1)).kind).toBe('other');
  });

  it.each([
    ['2 MiB, with a row for the files', olderPartitions, 0x200000],
    ['2 MiB, without one', micropythonPartitions, 0x200000],
  ])(
    'does not take a backup that was cut off at %s for that of a smaller chip',
    (_name, partitions, sizeBytes) => {
      const backup = buildBackup(
        0x400000,
        buildFirmware({ flashOffset: 0, table: buildPartitionTable(partitions) }),
      );
      expect(recognise(backup)).toMatchObject({ kind: 'backup', sizeBytes: 0x400000 });
      expect(recognise(backup.subarray(0, sizeBytes))).toEqual({ kind: 'partial-backup', sizeBytes });
    },
  );

  it('does not take half of an 8 MB chip for a whole one of 4 MB, by the size of its file system', () => {
    const backup = buildBackup(0x800000);
    // The superblock as MicroPython writes it: 1536 blocks of 4 KiB, from 2 MiB to the end.
    const superblock = littlefsStart(1536);
    backup.set(superblock, 0x200000);
    expect(recognise(backup)).toMatchObject({ kind: 'backup', sizeBytes: 0x800000 });
    expect(recognise(backup.subarray(0, 0x400000))).toEqual({ kind: 'partial-backup', sizeBytes: 0x400000 });
    // The first block of the pair may be the one that was being written.
    backup.fill(0xff, 0x200000, 0x201000);
    backup.set(superblock, 0x201000);
    expect(recognise(backup.subarray(0, 0x400000))).toMatchObject({ kind: 'partial-backup' });
    expect(recognise(backup)).toMatchObject({ kind: 'backup' });
  });

  it('takes the whole chip of another program for a backup, though nothing is left behind its rows', () => {
    const app = buildApp(50_000, { banner: 'Arduino', names: ['arduino-lib-builder', '1'] });
    expect(recognise(buildBackup(0x200000, buildFirmware({ flashOffset: 0, app })))).toMatchObject({
      kind: 'backup',
    });
  });

  it('takes a firmware with the whole image of a file system behind it for a firmware', () => {
    const partitions = [
      ...micropythonPartitions,
      { label: 'vfs', type: 1, subtype: 0x81, offset: 0x200000, sizeBytes: 0x100000 },
    ];
    const merged = buildMerged(
      0x300000,
      buildFirmware({ flashOffset: 0, table: buildPartitionTable(partitions) }),
    );
    merged.set(pattern(0x100000, 6), 0x200000);
    expect(recognise(merged)).toMatchObject({ kind: 'firmware', flashOffset: 0 });
  });

  it('takes the backup of an erased chip as one', () => {
    expect(recognise(new Uint8Array(0x200000).fill(0xff))).toMatchObject({ kind: 'backup', chip: undefined });
  });

  it('takes a firmware that happens to be as long as a chip for a firmware', () => {
    const bytes = new Uint8Array(0x200000).fill(0xff);
    bytes.set(buildFirmware());
    expect(recognise(bytes)).toMatchObject({ kind: 'firmware', flashOffset: 0x1000 });
  });

  it('names single images', () => {
    expect(recognise(buildApp())).toMatchObject({ kind: 'application', chip: { name: 'ESP32' } });
    expect(recognise(buildImage({ chipId: 5 }))).toMatchObject({
      kind: 'bootloader',
      chip: { name: 'ESP32-C3' },
    });
  });

  it.each([
    ['empty', new Uint8Array(), 'an empty file'],
    ['a web page', text('\n<!DOCTYPE html>\n<html><body>Not found</body></html>'), 'a web page'],
    ['text', text('# MicroPython for ESP32 – příklad\nprint(1)\n'), 'a text file'],
    ['JSON', text('{"message": "Not Found"}'), 'a JSON file'],
    ['Intel HEX', text(':020000040000FA\n'), 'an Intel HEX file'],
    ['a zip', join(text('PK\u0003\u0004'), pattern(100, 1)), 'a zip archive'],
    ['gzip', join(Uint8Array.of(0x1f, 0x8b), pattern(100, 1)), 'a gzip archive'],
    ['an ELF', join(Uint8Array.of(0x7f), text('ELF'), pattern(100, 1)), 'an ELF file'],
    ['UF2', join(text('UF2\n'), pattern(508, 1)), 'a UF2 file'],
    ['random bytes', pattern(5000, 3), 'data of an unknown kind'],
    ['blank', new Uint8Array(5000).fill(0xff), 'blank'],
    ['zeros', new Uint8Array(5000), 'all zeros'],
  ])('says of %s what it is', (_name, bytes, expected) => {
    const result = recognise(bytes);
    expect(result.kind).toBe('other');
    expect(result).toHaveProperty('looksLike', expect.stringContaining(expected));
  });

  it('knows a firmware of the ESP8266', () => {
    const bytes = Uint8Array.from(pattern(5000, 1));
    bytes.set([0xe9, 3, 0, 0x40, 0x00, 0xf0, 0x10, 0x40, 0x00, 0xf0, 0x10, 0x40, 0x80, 0x0a, 0, 0]);
    expect(recognise(bytes)).toEqual({ kind: 'other', looksLike: 'a firmware for the ESP8266' });
  });

  it('notices one flipped bit in bootloader, table and application', () => {
    const good = buildFirmware();
    const flip = (offset: number): Uint8Array => {
      const bad = Uint8Array.from(good);
      bad[offset] = (bad[offset] ?? 0) ^ 4;
      return bad;
    };
    expect(recognise(flip(100))).toMatchObject({ kind: 'damaged', part: 'bootloader' });
    expect(recognise(flip(0x7000 + 44))).toMatchObject({ kind: 'damaged', part: 'partition table' });
    expect(recognise(flip(0xf000 + 40_000))).toMatchObject({
      kind: 'damaged',
      part: 'application',
      problem: 'its checksum and SHA-256 do not fit its content',
    });
    expect(recognise(flip(good.length - 1))).toMatchObject({
      part: 'application',
      problem: 'its SHA-256 does not fit its content',
    });
  });

  it('calls a file that ends too early incomplete, wherever it ends', () => {
    const good = buildFirmware();
    for (const sizeBytes of [0x7000, 0xf000, 0xf010, 0xf000 + 30_000, good.length - 1]) {
      const result = recognise(good.subarray(0, sizeBytes));
      expect(result.kind, `${sizeBytes} bytes`).toBe('damaged');
    }
    expect(recognise(good.subarray(0, good.length - 1))).toMatchObject({ neededBytes: good.length });
    expect(recognise(good.subarray(0, 0x6000))).toMatchObject({
      part: 'partition table',
      neededBytes: 0x7001,
    });
  });

  it.each([500, 0x7000, 0x20000 - 0x1000])(
    'finds the web page that begins at byte %i of a download',
    (at) => {
      const page = text('<!DOCTYPE html><html>503 Service unavailable</html>'.padEnd(2000));
      const result = recognise(join(buildFirmware().subarray(0, at), page));
      expect(result).toMatchObject({
        kind: 'damaged',
        problem: `from byte ${at} on it is a web page, so the download went wrong`,
      });
    },
  );

  it('does not mind a web page inside a sound firmware', () => {
    const page = text('<!DOCTYPE html><html>MicroPython</html>'.padEnd(1000));
    const app = buildApp(50_000, {});
    const rodata = Uint8Array.from(app.subarray(32, 32 + 50_000));
    rodata.set(page, 1000);
    const withPage = buildImage({ segments: [{ address: 0x3f400020, data: rodata }] });
    expect(recognise(buildFirmware({ app: withPage }))).toMatchObject({ kind: 'firmware' });
  });

  it('calls a table without application broken', () => {
    const table = buildPartitionTable([
      { label: 'nvs', type: 1, subtype: 2, offset: 0x9000, sizeBytes: 0x6000 },
    ]);
    expect(recognise(buildFirmware({ table }))).toMatchObject({ kind: 'damaged', part: 'partition table' });
  });

  it('never throws on any prefix of random bytes that begin like an image', () => {
    for (let seed = 1; seed < 200; seed++) {
      const bytes = pattern(3000, seed);
      bytes[0] = 0xe9;
      bytes.set([0, 0], 12);
      expect(() => recognise(bytes)).not.toThrow();
    }
  });
});
