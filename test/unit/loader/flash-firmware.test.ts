import { describe, expect, it } from 'vitest';
import type { UpywError } from '../../../src/errors.js';
import { flashFirmware } from '../../../src/loader/flash-firmware.js';
import { restoreBackup } from '../../../src/loader/restore-backup.js';
import {
  buildApp,
  buildBackup,
  buildFirmware,
  buildImage,
  buildMerged,
  buildNvs,
  buildPartitionTable,
  olderPartitions,
  pattern,
} from '../../support/images.js';
import { asFile, flashSizeBytes, imageOf, sameFlash, soil, start } from '../../support/flash-setup.js';

/** Of a chip of 2 MB. */
const smallPartitions = [
  { label: 'nvs', type: 1, subtype: 2, offset: 0x9000, sizeBytes: 0x6000 },
  { label: 'factory', type: 0, subtype: 0, offset: 0x10000, sizeBytes: 0x180000 },
  { label: 'vfs', type: 1, subtype: 0x81, offset: 0x190000, sizeBytes: 0x70000 },
];

function buildSmallBackup(chipId = 0): Uint8Array {
  const table = buildPartitionTable(smallPartitions);
  return buildBackup(0x200000, buildFirmware({ chipId, flashOffset: 0, table }));
}

describe.concurrent.each([
  ['with the stub', true],
  ['with the ROM alone', false],
])('flashFirmware %s', (_name, stub) => {
  const firmware = buildFirmware({ app: buildApp(stub ? 300_000 : 60_000) });

  it('leaves the image, and 0xFF everywhere else', async () => {
    const { port, loader } = await start({}, stub);
    expect(loader.stub).toBe(stub);
    soil(port);
    const result = await flashFirmware(loader, asFile(firmware));
    expect(sameFlash(port, imageOf(firmware))).toBe(true);
    expect(result).toMatchObject({
      offset: 0x1000,
      sizeBytes: firmware.length,
      firmware: { kind: 'firmware' },
    });
  });

  it('leaves the image on a chip that was blank, and nothing behind its parts', async () => {
    const { port, loader } = await start({}, stub);
    await flashFirmware(loader, asFile(firmware));
    expect(sameFlash(port, imageOf(firmware))).toBe(true);
  });

  it('writes one sector and leaves its neighbours as they are', async () => {
    const { port, loader } = await start({}, stub);
    const backup = buildBackup();
    backup.set(pattern(0x20000, 8), 0x250000);
    port.flash.program(0, backup);
    port.flash.program(0x258000, new Uint8Array(100));
    const result = await restoreBackup(loader, asFile(backup, 'b.bin'));
    expect(result).toMatchObject({ writtenBytes: 0x1000, erasedBytes: 0 });
    expect(sameFlash(port, backup)).toBe(true);
    const touched = port.flashEvents.filter(({ offset }) => offset < 0x258000 || offset >= 0x259000);
    expect(touched).toEqual([]);
  });

  it('touches nothing when nothing differs', async () => {
    const { port, loader } = await start({}, stub);
    port.flash.program(0x1000, firmware);
    const result = await flashFirmware(loader, asFile(firmware));
    expect(port.flashEvents).toEqual([]);
    expect(result).toMatchObject({ erasedBytes: 0, writtenBytes: 0, unchangedBytes: flashSizeBytes });
  });
});

describe.concurrent('flashFirmware', () => {
  it('spoils nothing either where the stub stays silent and it goes on without', async () => {
    const { port, loader } = await start({ silentStub: true });
    expect(loader.stub).toBe(false);
    const small = buildFirmware({ app: buildApp(30_000) });
    await flashFirmware(loader, asFile(small));
    expect(sameFlash(port, imageOf(small))).toBe(true);
  });

  const firmware = buildFirmware({ app: buildApp(300_000) });

  it('touches only the sectors that differ', async () => {
    const { port, loader } = await start();
    port.flash.program(0x1000, firmware);
    port.flash.program(0x21234, Uint8Array.of(0));
    port.flash.program(0x33000, Uint8Array.of(0, 0));
    port.flash.program(0x300010, Uint8Array.of(0));
    await flashFirmware(loader, asFile(firmware));
    expect(sameFlash(port, imageOf(firmware))).toBe(true);
    const erased = port.flashEvents.filter(({ kind }) => kind === 'erase');
    expect(erased).toEqual([
      { kind: 'erase', offset: 0x300000, sizeBytes: 0x10000 },
      { kind: 'erase', offset: 0x21000, sizeBytes: 0x1000 },
      { kind: 'erase', offset: 0x33000, sizeBytes: 0x1000 },
    ]);
  });

  it('keeps the files when asked to, to the byte', async () => {
    const { port, loader } = await start();
    port.flash.program(0x1000, buildFirmware({ app: buildApp(100_000) }));
    const files = pattern(0x200000, 5);
    port.flash.program(0x200000, files);
    await flashFirmware(loader, asFile(firmware), { keepFiles: true });
    const expected = imageOf(firmware);
    expected.set(files, 0x200000);
    expect(sameFlash(port, expected)).toBe(true);
  });

  it('does not promise to keep files that it would not find again', async () => {
    const { port, loader } = await start();
    await expect(flashFirmware(loader, asFile(firmware), { keepFiles: true })).rejects.toMatchObject({
      code: 'firmware/files-move',
    });
    expect(port.flashEvents).toEqual([]);
  });

  it.each([
    ['another chip', buildFirmware({ chipId: 5, bootloaderOffset: 0 }), 'firmware/wrong-chip'],
    ['a backup', buildBackup(), 'firmware/is-backup'],
    ['half a file', firmware.subarray(0, 200_000), 'firmware/truncated'],
    [
      'newer silicon',
      buildFirmware({ app: buildApp(1000, { minRevision: 300 }) }),
      'firmware/wrong-revision',
    ],
  ])('does not touch the chip for %s', async (_name, bytes, code) => {
    const { port, loader } = await start();
    soil(port);
    await expect(flashFirmware(loader, asFile(bytes))).rejects.toMatchObject({ code });
    expect(port.flashEvents).toEqual([]);
  });

  it('writes a part where it is told to, and nothing else', async () => {
    const { port, loader } = await start();
    soil(port);
    const before = port.flash.read(0, flashSizeBytes);
    const app = buildApp(10_000);
    await flashFirmware(loader, asFile(app), { offset: 0x110000 });
    before.fill(0xff, 0x110000, 0x110000 + Math.ceil(app.length / 4096) * 4096);
    before.set(app, 0x110000);
    expect(sameFlash(port, before)).toBe(true);
  });

  it.each([
    [
      'a complete firmware at 0',
      firmware,
      0,
      'firmware/wrong-offset',
      /belongs to 0x1000; at 0x0 .*Right is: upyw flash fw\.bin \(/s,
    ],
    ['an application at 0x1000', buildApp(), 0x1000, 'firmware/wrong-offset', /--offset 0x10000/],
    ['an application between two pages', buildApp(), 0x18000, 'firmware/wrong-offset', /--offset 0x10000/],
    ['a bootloader at 0', buildImage(), 0, 'firmware/wrong-offset', /--offset 0x1000/],
    [
      'a partition table at 0x9000',
      buildPartitionTable(),
      0x9000,
      'firmware/wrong-offset',
      /--offset 0x8000/,
    ],
    [
      'a backup at 0x1000',
      buildBackup(),
      0x1000,
      'firmware/is-backup',
      /at 0x1000 nothing.*upyw restore fw\.bin/s,
    ],
    ['another chip’s firmware', buildFirmware({ chipId: 2 }), 0x1000, 'firmware/wrong-chip', /ESP32-S2/],
    ['another chip’s backup', buildSmallBackup(2), 0, 'firmware/wrong-chip', /ESP32-S2/],
  ])('does not put %s, which could not start', async (_name, bytes, offset, code, words) => {
    const { port, loader } = await start();
    soil(port);
    const error: unknown = await flashFirmware(loader, asFile(bytes), { offset }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code });
    expect(`${(error as UpywError).message} → ${(error as UpywError).hint}`).toMatch(words);
    expect(port.flashEvents).toEqual([]);
    await flashFirmware(loader, asFile(pattern(4096, 1)), { offset, force: true });
  });

  it.each([
    ['a complete firmware', firmware, 0x1000],
    ['a partition table', buildPartitionTable(olderPartitions), 0x8000],
    ['settings', buildNvs(), 0x9000],
    ['a backup of a smaller chip', buildSmallBackup(), 0],
  ])('puts %s where it belongs', async (_name, bytes, offset) => {
    const { port, loader } = await start();
    await flashFirmware(loader, asFile(bytes), { offset });
    expect(Buffer.compare(port.flash.read(offset, bytes.length), bytes)).toBe(0);
  });

  it('takes a firmware that was filled up to 2 MB', async () => {
    const { port, loader } = await start();
    soil(port);
    const merged = buildMerged(0x200000);
    await flashFirmware(loader, asFile(merged));
    expect(sameFlash(port, imageOf(merged, 0))).toBe(true);
  });

  it('writes what is not recognised only when forced', async () => {
    const { port, loader } = await start();
    const bytes = pattern(5000, 9);
    const file = asFile(bytes);
    await expect(flashFirmware(loader, file, { offset: 0x110000 })).rejects.toMatchObject({
      code: 'firmware/not-an-image',
    });
    await flashFirmware(loader, file, { offset: 0x110000, force: true });
    expect(port.flash.read(0x110000, 5000)).toEqual(bytes);
  });

  it('refuses places where the flash cannot be erased, or ends', async () => {
    const { loader } = await start();
    const file = asFile(buildApp(1000));
    await expect(flashFirmware(loader, file, { offset: 0x110100 })).rejects.toMatchObject({
      code: 'usage/bad-value',
    });
    await expect(flashFirmware(loader, file, { offset: 0x400000 })).rejects.toMatchObject({
      code: 'firmware/too-large',
    });
  });

  it('says in a dry run what it would do, and does nothing', async () => {
    const { port, loader } = await start();
    soil(port);
    const result = await flashFirmware(loader, asFile(firmware), { dryRun: true });
    expect(port.flashEvents).toEqual([]);
    expect(result.writtenBytes).toBeGreaterThan(300_000);
    expect(result.erasedBytes).toBeGreaterThan(0x12000);
  });

  it('counts each phase up to its total', async () => {
    const { port, loader } = await start();
    soil(port);
    const ends = new Map<string, [number, number]>();
    let last = { phase: '', done: 0 };
    await flashFirmware(loader, asFile(firmware), {
      onProgress: (phase, done, total) => {
        expect(phase !== last.phase || done >= last.done, `${phase} ${done} after ${last.done}`).toBe(true);
        last = { phase, done };
        ends.set(phase, [done, total]);
      },
    });
    expect([...ends.keys()]).toEqual(['compare', 'erase', 'write', 'verify']);
    for (const [done, total] of ends.values()) expect(done).toBe(total);
  });
});
