import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UpywError } from '../../../src/errors.js';
import {
  checkBackup,
  checkFirmware,
  requireBackup,
  requireFirmware,
} from '../../../src/firmware/check-firmware.js';
import type { TargetChip } from '../../../src/firmware/check-firmware.js';
import { readFirmware } from '../../../src/firmware/read-firmware.js';
import { recognise } from '../../../src/firmware/recognise.js';
import {
  buildApp,
  buildBackup,
  buildFirmware,
  buildImage,
  buildPartitionTable,
  olderPartitions,
} from '../../support/images.js';

const esp32: TargetChip = { name: 'ESP32', revision: 100, flashSizeBytes: 0x400000 };

/** Everything that happens to a file before a chip is touched. */
function flashCheck(bytes: Uint8Array, chip = esp32): void {
  checkFirmware(requireFirmware(recognise(bytes), 'x.bin'), chip, 'x.bin');
}
function restoreCheck(bytes: Uint8Array, chip = esp32): void {
  checkBackup(requireBackup(recognise(bytes), 'x.bin'), chip, 'x.bin');
}
function errorOf(check: () => void): UpywError {
  try {
    check();
  } catch (error) {
    return error as UpywError;
  }
  throw new Error('nothing was thrown');
}

describe('a file given to flash', () => {
  it('passes when it is right', () => {
    expect(() => {
      flashCheck(buildFirmware());
    }).not.toThrow();
  });

  const minRevision = buildFirmware({ app: buildApp(1000, { minRevision: 300 }) });
  const maxRevision = buildFirmware({ app: buildApp(1000, { maxRevision: 99 }) });
  const needs16Mb = buildFirmware({ bootloader: buildImage({ sizeAndFrequency: 0x40 }) });
  it.each([
    ['a backup', buildBackup(), 'firmware/is-backup', 'upyw restore x.bin'],
    ['an application alone', buildApp(), 'firmware/is-part', 'an application'],
    ['a bootloader alone', buildImage(), 'firmware/is-part', 'a bootloader'],
    ['something else', Uint8Array.of(1, 2, 3), 'firmware/not-an-image', 'unknown kind'],
    ['a cut file', buildFirmware().subarray(0, 0x12000), 'firmware/truncated', 'at least'],
    ['a damaged file', buildFirmware({ app: new Uint8Array(5000) }), 'firmware/damaged', 'application'],
    ['another chip', buildFirmware({ chipId: 5, bootloaderOffset: 0 }), 'firmware/wrong-chip', 'ESP32-C3'],
    ['newer silicon', minRevision, 'firmware/wrong-revision', 'v3.0 or newer, this is v1.0'],
    ['older silicon', maxRevision, 'firmware/wrong-revision', 'v0.99 or older, this is v1.0'],
    ['a larger flash', needs16Mb, 'firmware/too-large', '16777216 bytes, there are 4194304'],
    ['too much', buildFirmware({ app: buildApp(0x1f0000) }), 'firmware/too-large', 'the application'],
  ])('is refused when it is %s', (_name, bytes, code, words) => {
    const error = errorOf(() => {
      flashCheck(bytes);
    });
    expect(error.code).toBe(code);
    expect(`${error.message} → ${error.hint}`).toContain(words);
    expect(error.hint).toMatch(/upyw|download|Get a firmware/);
  });

  it('is refused when the chip is smaller than image or partitions', () => {
    const error = errorOf(() => {
      const table = buildPartitionTable(olderPartitions);
      flashCheck(buildFirmware({ table }), { ...esp32, flashSizeBytes: 0x200000 });
    });
    expect(error.message).toContain('its partition table needs 4194304 bytes, there are 2097152');
    const withoutRow = errorOf(() => {
      flashCheck(buildFirmware(), { ...esp32, flashSizeBytes: 0x200000 });
    });
    expect(withoutRow.message).toContain('its bootloader needs 4194304 bytes, there are 2097152');
  });

  it('is not held to a revision that the chip does not tell', () => {
    expect(() => {
      flashCheck(minRevision, { ...esp32, revision: undefined });
    }).not.toThrow();
  });
});

describe('a file given to restore', () => {
  it('passes when it is the backup of such a chip, blank ones included', () => {
    expect(() => {
      restoreCheck(buildBackup());
      restoreCheck(new Uint8Array(0x400000).fill(0xff));
    }).not.toThrow();
  });

  it.each([
    ['a firmware', buildFirmware(), 'firmware/not-a-backup', 'upyw flash x.bin'],
    ['an application', buildApp(), 'firmware/not-a-backup', 'only an application'],
    ['something else', Uint8Array.of(1, 2, 3), 'firmware/not-a-backup', 'unknown kind'],
    ['a cut firmware', buildFirmware().subarray(0, 0x12000), 'firmware/truncated', 'incomplete'],
    ['another size', buildBackup(0x800000), 'firmware/wrong-size', '8388608 bytes, this chip has 4194304'],
    [
      'a cut backup',
      buildBackup().subarray(0, 0x3ff000),
      'firmware/partial-backup',
      'it ends after 4190208 bytes',
    ],
  ])('is refused when it is %s', (_name, bytes, code, words) => {
    const error = errorOf(() => {
      restoreCheck(bytes);
    });
    expect(error.code).toBe(code);
    expect(`${error.message} → ${error.hint}`).toContain(words);
  });

  it('is refused when it comes from another kind of chip', () => {
    const backup = buildBackup(0x400000, buildFirmware({ chipId: 9, bootloaderOffset: 0 }));
    const error = errorOf(() => {
      restoreCheck(backup);
    });
    expect(error.code).toBe('firmware/wrong-chip');
  });
});

describe('readFirmware', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(joinPath(tmpdir(), 'upyw-firmware-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('reads a file and says what it is', async () => {
    const path = joinPath(folder, 'good.bin');
    await writeFile(path, buildFirmware());
    expect(await readFirmware(path)).toMatchObject({ path, recognised: { kind: 'firmware' } });
  });

  it('explains a missing file and a folder', async () => {
    await expect(readFirmware(joinPath(folder, 'none.bin'))).rejects.toMatchObject({
      code: 'file/not-found',
    });
    await expect(readFirmware(folder)).rejects.toMatchObject({ code: 'file/is-folder' });
  });
});
