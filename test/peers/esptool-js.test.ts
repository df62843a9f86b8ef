import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { buildStandIn } from '../../src/sim/chip/stand-in.js';
import { Listener } from '../support/listen.js';
import { plainEsptool } from '../support/web-serial.js';

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

describe('esptool-js as it comes, and the virtual chip', () => {
  let folder: string;
  let port: Port;
  const before = process.env['UPYW_SIM_DIR'];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upyw-esptool-js-'));
    process.env['UPYW_SIM_DIR'] = folder;
    port = await openPort('sim:peer?unpaced');
  });
  afterEach(async () => {
    await port.close();
    rmSync(folder, { recursive: true });
    if (before === undefined) delete process.env['UPYW_SIM_DIR'];
    else process.env['UPYW_SIM_DIR'] = before;
  });

  it('identifies it, erases, writes with its stub, verifies and reads; the board then starts', async () => {
    const loader = plainEsptool(port);
    expect(await loader.main()).toContain('ESP32-D0WDQ6');
    expect(await loader.chip.readMac(loader)).toMatch(/^24:0a:12:/);
    expect(await loader.detectFlashSize()).toBe('4MB');

    await loader.eraseFlash();
    expect(await loader.flashMd5sum(0, 0x400000)).toBe(md5(new Uint8Array(0x400000).fill(0xff)));

    const firmware = buildStandIn();
    const plain = firmware.slice(0, 10_000);
    const common = { flashSize: 'keep', flashMode: 'keep', flashFreq: 'keep', eraseAll: false } as const;
    const calculateMD5Hash = md5;
    const files = [{ data: firmware, address: 0x1000 }];
    await loader.writeFlash({ ...common, fileArray: files, compress: true, calculateMD5Hash });
    const more = [{ data: plain, address: 0x300000 }];
    await loader.writeFlash({ ...common, fileArray: more, compress: false, calculateMD5Hash });

    const read = await loader.readFlash(0x1000, firmware.length);
    expect(Buffer.compare(read, firmware)).toBe(0);
    await loader.transport.disconnect();

    await port.setBaudRate(115_200);
    const listener = new Listener(port);
    await port.setLines({ rts: true, dtr: false });
    await port.setLines({ rts: false });
    await listener.until('rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)');
    await listener.until('>>> ');
  });

  it('writes without a stub too', async () => {
    const loader = plainEsptool(port, 115_200);
    await loader.detectChip();
    expect(loader.chip.CHIP_NAME).toBe('ESP32');
    await loader.flashSpiAttach(0);
    const data = buildStandIn().slice(0, 20_000);
    await loader.writeFlash({
      fileArray: [{ data, address: 0x200000 }],
      flashSize: 'keep',
      flashMode: 'keep',
      flashFreq: 'keep',
      eraseAll: false,
      compress: true,
    });
    // In ROM mode it shows the digest as hexadecimal digits of hexadecimal digits.
    const digest = await loader.flashMd5sum(0x200000, data.length);
    expect(Buffer.from(digest, 'hex').toString()).toBe(md5(data));
    await loader.transport.disconnect();
  });
});
