import { createHash } from 'node:crypto';
import { HardReset, Transport } from 'esptool-js';
import { describe, expect, it, vi } from 'vitest';
import { connectLoader } from '../../../src/loader/connect-loader.js';
import { digestFlash } from '../../../src/loader/digest-flash.js';
import { CommandLayer } from '../../../src/loader/protocol/command-layer.js';
import { flashFirmware } from '../../../src/loader/flash-firmware.js';
import { FrameChannel } from '../../../src/loader/protocol/frame-channel.js';
import type { Loader } from '../../../src/loader/loader.js';
import { readBytes } from '../../../src/loader/chip-contents.js';
import { recognise } from '../../../src/firmware/recognise.js';
import { ChipPort } from '../../support/chip-port.js';
import { buildFirmware, buildImage, pattern } from '../../support/images.js';
import { plainEsptool } from '../../support/web-serial.js';

/** Each defect of esptool-js 0.7.0 that src/loader/ works around: it is there, and ours does not show it. */

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

function ours(port: ChipPort, stub = true): Promise<Loader> {
  return connectLoader(port, { stub });
}

/** Whether a promise is still open after so long. */
async function hangs(promise: Promise<unknown>, forMs: number): Promise<boolean> {
  const timer = new Promise((resolve) => setTimeout(resolve, forMs, 'hangs'));
  return (await Promise.race([promise.catch(() => 'ended'), timer])) === 'hangs';
}

// On a computer that is busy esptool-js itself takes its own pause for noise on the line, and gives up.
describe.concurrent('esptool-js, and ours', { retry: 2 }, () => {
  it('hard reset: theirs never asserts RTS, so nothing is reset', async () => {
    const port = new ChipPort();
    const theirs = plainEsptool(port);
    await theirs.main();
    port.lineLog.length = 0;
    await new HardReset(theirs.transport).reset();
    expect(port.lineLog.some((lines) => lines.endsWith('1'))).toBe(false);
    expect(port.isInLoader).toBe(true);

    const port2 = new ChipPort();
    const loader = await ours(port2);
    port2.lineLog.length = 0;
    await loader.leave();
    expect(port2.lineLog).toContain('0 1');
    expect(port2.isInLoader).toBe(false);
  });

  it('leaving without a reset: theirs drops a promise that fails, which ends Node', async () => {
    const theirs = plainEsptool(new ChipPort());
    await theirs.main();
    const softReset = vi.spyOn(theirs, 'softReset').mockImplementation(() => new Promise(() => undefined));
    // It does not wait for it: the rejection of the real one is nobody's.
    await theirs.after('no_reset');
    expect(softReset).toHaveBeenCalledOnce();
    softReset.mockRestore();
    await expect(theirs.softReset(true)).rejects.toThrow('only supported on ESP8266');

    const port = new ChipPort();
    (await ours(port)).dispose();
    expect(port.isInLoader).toBe(true);
  });

  it('reading: theirs leaves the digest on the line and believes whatever came', async () => {
    const port = new ChipPort();
    port.flash.program(0, pattern(0x3000, 1));
    const theirs = plainEsptool(port);
    await theirs.main();
    const damage = (bytes: Uint8Array): Uint8Array =>
      bytes.length > 3000 ? bytes.with(9, bytes[9]! ^ 1) : bytes;
    port.toComputer = damage;
    const bytes = await theirs.readFlash(0, 0x3000);
    expect(md5(bytes)).not.toBe(md5(port.flash.read(0, 0x3000)));
    expect((await theirs.transport.read(500)).length).toBe(16);

    const port2 = new ChipPort();
    port2.flash.program(0, pattern(0x3000, 1));
    const loader = await ours(port2);
    let damaged = 0;
    port2.toComputer = (chunk) => (chunk.length > 3000 && damaged++ === 0 ? damage(chunk) : chunk);
    expect(md5(await readBytes(loader, { offset: 0, sizeBytes: 0x3000 }))).toBe(md5(pattern(0x3000, 1)));
    expect(damaged).toBeGreaterThan(1);
  });

  it('reading: theirs waits on when the device is gone', async () => {
    const pull = (port: ChipPort): void => {
      port.toComputer = (bytes) => {
        if (bytes.length > 3000) port.unplug();
        return bytes;
      };
    };
    const port = new ChipPort();
    const theirs = plainEsptool(port);
    await theirs.main();
    pull(port);
    expect(await hangs(theirs.readFlash(0, 0x10000), 1500)).toBe(true);

    const port2 = new ChipPort();
    port2.flash.program(0, pattern(0x1000, 1));
    const loader = await ours(port2);
    pull(port2);
    await expect(readBytes(loader, { offset: 0, sizeBytes: 0x10000 })).rejects.toMatchObject({
      code: 'port/lost',
    });
  });

  it('digest from the ROM: theirs is the hex of hex', async () => {
    const port = new ChipPort();
    port.flash.program(0, pattern(0x1000, 1));
    const theirs = plainEsptool(port, 115_200);
    await theirs.detectChip();
    await theirs.flashSpiAttach(0).catch(() => undefined);
    await theirs.command(0x0d, new Uint8Array(8));
    const digest = await theirs.flashMd5sum(0, 0x1000);
    expect(digest).toHaveLength(64);
    expect(Buffer.from(digest, 'hex').toString()).toBe(md5(pattern(0x1000, 1)));

    const loader = await ours(port, false);
    expect(await digestFlash(loader, { offset: 0, sizeBytes: 0x1000 })).toBe(md5(pattern(0x1000, 1)));
  });

  it('flash parameters: theirs changes the header and leaves the SHA-256 wrong; ours writes the file as it is', async () => {
    const theirs = plainEsptool(new ChipPort());
    await theirs.detectChip();
    const image = buildImage();
    const patched = await theirs._updateImageFlashParams(image, 0x1000, 'qio', 'keep', 'keep');
    expect(patched[2]).toBe(0);
    expect(recognise(patched)).toMatchObject({
      kind: 'damaged',
      problem: expect.stringContaining('SHA-256') as string,
    });

    const port = new ChipPort();
    const firmware = buildFirmware();
    await flashFirmware(await ours(port), { path: 'x', bytes: firmware, recognised: recognise(firmware) });
    expect(port.flash.read(0x1000, firmware.length)).toEqual(firmware);
  });

  it('lines: theirs forgets that DTR was released', async () => {
    const log: object[] = [];
    const device = {
      setSignals: (signals: object) => {
        log.push(signals);
        return Promise.resolve();
      },
    };
    const theirs = new Transport(device);
    await theirs.setDTR(true);
    await theirs.setSignals(false, true);
    await theirs.setRTS(false);
    expect(log.at(-1)).toEqual({ dataTerminalReady: true });
    // Ours plays transport/reset-lines.ts, whose steps name both lines; no line memory is left in between.
  });

  it('errors: theirs are sentences, and the wrong one; ours have a code, values and a next step', async () => {
    const port = new ChipPort();
    const theirs = plainEsptool(port);
    await theirs.main();
    port.toChip = () => new Uint8Array(0);
    // Nothing at all arrived, and it says that data broke off.
    const error = await theirs.readReg(0x40001000, 50).catch((reason: unknown) => reason);
    expect(error).toHaveProperty('message', expect.stringContaining('Serial data stream stopped'));
    expect(error).not.toHaveProperty('code');

    const port2 = new ChipPort();
    const loader = await ours(port2);
    port2.toChip = () => new Uint8Array(0);
    await expect(
      loader.request(0x0a, Uint8Array.of(0, 0x10, 0, 0x40), { timeoutMs: 50 }),
    ).rejects.toMatchObject({
      code: 'loader/silent',
      details: { port: 'chip', waitedMs: expect.any(Number) as number },
      hint: expect.stringContaining('Check the cable') as string,
    });
  });

  it('two commands at once: theirs throws, ours takes them in turn', async () => {
    const port = new ChipPort();
    const theirs = plainEsptool(port);
    await theirs.main();
    const both = await Promise.allSettled([theirs.readReg(0x40001000), theirs.readReg(0x3ff5a004)]);
    expect(both.some(({ status }) => status === 'rejected')).toBe(true);

    const wrapped = new ChipPort();
    (await ours(wrapped)).dispose();
    const commands = new CommandLayer(new FrameChannel(wrapped));
    expect(await Promise.all([commands.readReg(0x40001000), commands.readReg(0x3ff5a004)])).toEqual([
      0x00f01d83, 0x12345678,
    ]);
  });

  it('a place off the sector grid: theirs writes there in silence, ours refuses', async () => {
    const port = new ChipPort();
    const theirs = plainEsptool(port);
    await theirs.main();
    const data = pattern(100, 1);
    port.flash.program(0x10000, pattern(0x100, 2));
    await theirs.writeFlash({
      fileArray: [{ data, address: 0x10064 }],
      flashSize: 'keep',
      flashMode: 'keep',
      flashFreq: 'keep',
      eraseAll: false,
      compress: true,
    } as never);
    // What stood before the place is gone with its sector.
    expect(port.flash.read(0x10000, 0x64).every((byte) => byte === 0xff)).toBe(true);

    const app = buildImage();
    const file = { path: 'x', bytes: app, recognised: recognise(app) };
    await expect(flashFirmware(await ours(new ChipPort()), file, { offset: 0x10064 })).rejects.toMatchObject({
      code: 'usage/bad-value',
    });
  });
});

describe('esptool-js, and ours, on the console', () => {
  it('trace: theirs prints though tracing is off', async () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    new Transport({}).trace('noise');
    expect(print).toHaveBeenCalled();
    print.mockClear();
    const loader = await ours(new ChipPort());
    await readBytes(loader, { offset: 0, sizeBytes: 16 });
    expect(print).not.toHaveBeenCalled();
    print.mockRestore();
  });
});
