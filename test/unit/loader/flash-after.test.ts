import { describe, expect, it } from 'vitest';
import { eraseChip } from '../../../src/loader/erase-chip.js';
import { restoreBackup } from '../../../src/loader/restore-backup.js';
import { verifyFlash } from '../../../src/loader/verify-flash.js';
import { buildBackup, buildFirmware, buildImage, pattern } from '../../support/images.js';
import { asFile, flashSizeBytes, sameFlash, start } from '../../support/flash-setup.js';

describe.concurrent('the flash after', () => {
  it('eraseChip is blank, and only what was not is erased', async () => {
    const { port, loader } = await start();
    port.flash.program(0x123456, Uint8Array.of(1, 2, 3));
    expect(await eraseChip(loader)).toMatchObject({ erasedBytes: 0x10000, writtenBytes: 0 });
    expect(sameFlash(port, new Uint8Array(flashSizeBytes).fill(0xff))).toBe(true);
    expect(port.flashEvents).toEqual([{ kind: 'erase', offset: 0x120000, sizeBytes: 0x10000 }]);
  });

  it('restoreBackup is the backup, and only what differs is written', async () => {
    const { port, loader } = await start();
    const backup = buildBackup();
    backup.set(pattern(3000, 8), 0x250000);
    port.flash.program(0, backup);
    port.flash.program(0x20000, new Uint8Array(100));
    port.flash.program(0x380000, new Uint8Array(100));
    await restoreBackup(loader, asFile(backup, 'b.bin'));
    expect(sameFlash(port, backup)).toBe(true);
    expect(port.flashEvents.filter(({ kind }) => kind === 'erase')).toEqual([
      { kind: 'erase', offset: 0x380000, sizeBytes: 0x10000 },
      { kind: 'erase', offset: 0x20000, sizeBytes: 0x1000 },
    ]);
  });

  it('verifyFlash is what it was, equal or not', async () => {
    const { port, loader } = await start();
    const firmware = buildFirmware();
    port.flash.program(0x1000, firmware);
    expect(await verifyFlash(loader, asFile(firmware))).toEqual({
      offset: 0x1000,
      sizeBytes: firmware.length,
    });
    port.flash.program(0x15000, Uint8Array.of(0));
    await expect(verifyFlash(loader, asFile(firmware))).rejects.toMatchObject({
      code: 'loader/differs',
      details: { firstOffset: 0x15000, differingBytes: 4096 },
    });
    const app = buildImage();
    port.flash.program(0x300000, app);
    await verifyFlash(loader, asFile(app), { offset: 0x300000 });
    expect(port.flashEvents).toEqual([]);
  });
});
