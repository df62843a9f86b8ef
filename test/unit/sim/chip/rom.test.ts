import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import { chipIdentity } from '../../../../src/sim/chip/identity.js';
import { LoaderClient, readStub, startStub, syncData, words } from './loader-client.js';

const ok = [0, 0, 0, 0];

function pattern(sizeBytes: number): Uint8Array {
  return Uint8Array.from({ length: sizeBytes }, (_, index) => (index * 7) ^ (index >> 8));
}

describe('the mask ROM in download mode', () => {
  it('says so, then answers SYNC eight times', async () => {
    const client = new LoaderClient();
    expect(client.host.sentText()).toContain(
      'rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\nwaiting for download\r\n',
    );
    client.send(0x08, syncData);
    for (let count = 0; count < 8; count++) {
      expect(await client.reply()).toEqual({ op: 0x08, value: 0x20120707, body: ok });
    }
    expect(await client.isSilent()).toBe(true);
  });

  it('is of revision 3 where it is to be: another ROM, three revision bits', async () => {
    const client = new LoaderClient({ identity: chipIdentity('', 'v3') });
    expect(client.host.sentText()).toMatch(/^ets Jul 29 2019 12:21:46\r\n/);
    expect(await client.call(0x0a, words(0x3ff5a00c))).toMatchObject({ value: 0x0000a000 });
    expect(await client.call(0x0a, words(0x3ff5a014))).toMatchObject({ value: 0x00100000 });
    expect(await client.call(0x0a, words(0x3ff6607c))).toMatchObject({ value: 0x96042000 });
  });

  it('answers an unknown command as the last one, with an error: eight times after SYNC', async () => {
    const client = new LoaderClient();
    client.send(0x08, syncData);
    for (let count = 0; count < 8; count++) await client.reply();
    client.send(0x14);
    for (let count = 0; count < 8; count++) {
      expect(await client.reply()).toEqual({ op: 0x08, value: 0x20120707, body: [1, 5, 0, 0] });
    }
    await client.call(0x0a, words(0x40001000));
    expect(await client.call(0xd0)).toEqual({ op: 0x0a, value: 0x00f01d83, body: [1, 5, 0, 0] });
    expect(await client.isSilent()).toBe(true);
  });

  it('reads and writes registers by mask, and keeps RAM', async () => {
    const client = new LoaderClient();
    expect(await client.call(0x0a, words(0x40001000))).toMatchObject({ value: 0x00f01d83, body: ok });
    expect(await client.call(0x0a, words(0x3ff5a004))).toMatchObject({ value: 0x12345678 });
    expect(await client.call(0x0a, words(0x3ff40014))).toMatchObject({ value: 0x15a });
    const entries = words(0x3ffb0000, 0x11223344, 0xffffffff, 0, 0x3ffb0000, 0xffff, 0xff, 0);
    expect((await client.call(0x09, entries)).body).toEqual(ok);
    expect(await client.call(0x0a, words(0x3ffb0000))).toMatchObject({ value: 0x112233ff });
    expect((await client.call(0x09, words(1, 2, 3))).body).toEqual([1, 5, 0, 0]);
  });

  it('keeps quiet about what is not a command, and finds the next', async () => {
    const client = new LoaderClient();
    client.guest.receive(Uint8Array.of(1, 2, 0xc0, 0xdb, 7, 3, 0xc0, 0xc0, 0xc0));
    client.sendFrame(Uint8Array.of(1, 8, 0, 0, 0, 0, 0, 0));
    expect(await client.isSilent()).toBe(true);
    expect(await client.call(0x0a, words(0x40001000))).toMatchObject({ value: 0x00f01d83 });
  });

  it('takes commands byte by byte', async () => {
    const client = new LoaderClient();
    for (const byte of [0xc0, 0, 0x0a, 4, 0, 0, 0, 0, 0, 0, 0x10, 0, 0x40, 0xc0]) {
      client.guest.receive(Uint8Array.of(byte));
    }
    expect(await client.reply()).toMatchObject({ op: 0x0a, value: 0x00f01d83 });
  });

  it('changes the rate when its answer is out', async () => {
    const client = new LoaderClient();
    const before = client.host.sent.length;
    expect((await client.call(0x0f, words(460800, 0))).body).toEqual(ok);
    await new Promise(setImmediate);
    expect(client.host.baudRates.at(-1)).toEqual({ baudRate: 460800, afterBytes: before + 14 });
    expect((await client.call(0x0a, words(0x3ff40014))).value).toBe(87);
  });

  it('refuses a block with a wrong checksum', async () => {
    const client = new LoaderClient();
    await client.call(0x05, words(4, 1, 4, 0x3ffb0000));
    expect((await client.call(0x07, words(4, 0, 0, 0, 1), 0)).body).toEqual([1, 7, 0, 0]);
  });

  it('does nothing with a flash that is not attached', async () => {
    const client = new LoaderClient();
    expect((await client.call(0x02, words(0x1000, 4, 0x400, 0x1000))).body).toEqual([1, 6, 0, 0]);
    expect((await client.call(0x13, words(0, 16, 0, 0))).body).toEqual([1, 6, 0, 0]);
  });

  it('erases on BEGIN, writes before it answers, reads 64 bytes and digests in text', async () => {
    const flash = new NorFlash();
    flash.program(0x1fff, Uint8Array.of(0));
    flash.program(0x2000, Uint8Array.of(0));
    const client = new LoaderClient({}, flash);
    await client.call(0x0d, words(0, 0));
    expect((await client.call(0x02, words(0x1000, 4, 0x400, 0x1000, 0))).body).toEqual(ok);
    expect(flash.read(0x1fff, 2)).toEqual(Uint8Array.of(0xff, 0));
    const bytes = pattern(0x400);
    expect((await client.callBlock(0x03, bytes, 0)).body).toEqual(ok);
    expect(flash.read(0x1000, 0x400)).toEqual(bytes);
    expect(client.host.nowMs).toBeCloseTo(45 + 4 * 0.6);
    expect((await client.call(0x0e, words(0x1010, 4))).body).toEqual([...bytes.subarray(0x10, 0x50), ...ok]);
    const { body } = await client.call(0x13, words(0x1000, 0x400, 0, 0));
    expect(String.fromCharCode(...body.slice(0, 32))).toBe(createHash('md5').update(bytes).digest('hex'));
    expect(body.slice(32)).toEqual(ok);
  });

  it('inflates what is sent deflated, across blocks', async () => {
    const client = new LoaderClient();
    await client.call(0x0d, words(0, 0));
    const bytes = pattern(0x6000);
    const deflated = new Uint8Array(deflateSync(bytes, { level: 1 }));
    const blockCount = Math.ceil(deflated.length / 0x400);
    expect(blockCount).toBeGreaterThan(2);
    await client.call(0x10, words(0x6000, blockCount, 0x400, 0x10000, 0));
    for (let block = 0; block < blockCount; block++) {
      const payload = deflated.slice(block * 0x400, (block + 1) * 0x400);
      expect((await client.callBlock(0x11, payload, block)).body).toEqual(ok);
    }
    expect(client.host.flash.read(0x10000, 0x6000)).toEqual(bytes);
    expect((await client.callBlock(0x03, bytes.slice(0, 16), 0)).body).toEqual([1, 6, 0, 0]);
    await client.call(0x10, words(0x6000, 1, 0x400, 0x10000, 0));
    expect((await client.callBlock(0x11, pattern(64), 0)).body).toEqual([1, 11, 0, 0]);
  });

  it.each([
    ['one sector', 0x1000, 0x7000],
    ['a window and a sector', 0x9000, 0x7000],
    ['whole windows', 0x10000, 0],
  ])('programs its whole inflate window behind a region of %s', async (_name, sizeBytes, spoiltBytes) => {
    const flash = new NorFlash();
    const behind = new Uint8Array(0x8000).fill(0xaa);
    flash.program(0x20000 + sizeBytes, behind);
    const client = new LoaderClient({}, flash);
    await client.call(0x0d, words(0, 0));
    // What an earlier stream left in the window is what goes out behind a shorter one.
    const earlier = Uint8Array.from({ length: 0x8000 }, (_, index) => index & 0x0f);
    for (const [offset, bytes] of [
      [0x100000, earlier],
      [0x20000, pattern(sizeBytes)],
    ] as const) {
      await client.call(0x10, words(bytes.length, 1, 0x4000, offset));
      const deflated = new Uint8Array(deflateSync(bytes, { level: 9 }));
      for (let at = 0; at < deflated.length; at += 0x400) {
        const payload = deflated.slice(at, at + 0x400);
        expect((await client.callBlock(0x11, payload, at / 0x400)).body).toEqual(ok);
      }
      expect(Buffer.compare(flash.read(offset, bytes.length), bytes)).toBe(0);
    }
    const end = 0x20000 + sizeBytes;
    const differing = flash.read(end, 0x8000).findLastIndex((byte) => byte !== 0xaa) + 1;
    expect(differing).toBe(spoiltBytes);
    if (sizeBytes === 0x1000)
      expect([...flash.read(end, 16)]).toEqual([0, 0, 2, 2, 0, 0, 2, 2, 8, 8, 10, 10, 8, 8, 10, 10]);
  });

  it('programs nothing but what is sent by plain DATA', async () => {
    const flash = new NorFlash();
    flash.program(0x11000, new Uint8Array(0x8000).fill(0xaa));
    const client = new LoaderClient({}, flash);
    await client.call(0x0d, words(0, 0));
    await client.call(0x02, words(0x1000, 4, 0x400, 0x10000));
    for (let block = 0; block < 4; block++) await client.callBlock(0x03, pattern(0x400), block);
    expect(flash.read(0x11000, 0x8000)).toEqual(new Uint8Array(0x8000).fill(0xaa));
  });

  it('sees by reading back that a write does not stick', async () => {
    const client = new LoaderClient();
    await client.call(0x0d, words(0));
    await client.call(0x02, words(0x1000, 4, 0x400, 0x1000));
    client.host.flash.program(0x1005, Uint8Array.of(0));
    expect((await client.callBlock(0x03, new Uint8Array(16).fill(0xa5), 0)).body).toEqual([1, 8, 0, 0]);
  });

  it('refuses ranges outside the chip', async () => {
    const client = new LoaderClient();
    await client.call(0x0d, words(0));
    expect((await client.call(0x02, words(0x1000, 4, 0x400, 0x400000))).body).toEqual([1, 6, 0, 0]);
    expect((await client.call(0x0e, words(0x400000, 64))).body).toEqual([1, 9, 0, 0]);
    expect((await client.call(0x0e, words(0, 65))).body).toEqual([1, 10, 0, 0]);
    expect((await client.call(0x13, words(0x3fffff, 2, 0, 0))).body).toEqual([1, 9, 0, 0]);
  });

  it('reboots on END', async () => {
    const client = new LoaderClient();
    expect((await client.call(0x04, words(0))).body).toEqual(ok);
    await new Promise(setImmediate);
    expect(client.host.resets).toEqual(['software']);
  });
});

describe('an uploaded stub', () => {
  it('greets when it is started', async () => {
    const client = new LoaderClient();
    await startStub(client);
    expect(String.fromCharCode(...(await client.frame()))).toBe('OHAI');
  });

  it('hangs when the fault says so', async () => {
    const client = new LoaderClient({ silentStub: true });
    await startStub(client);
    expect(await client.isSilent()).toBe(true);
  });

  it('does not start from an incomplete upload, nor outside it', async () => {
    const stub = readStub();
    const text = new Uint8Array(Buffer.from(stub.text, 'base64'));
    const client = new LoaderClient();
    await client.call(0x05, words(text.length, 2, 0x1800, stub.text_start));
    await client.callBlock(0x07, text.slice(0, 0x1800), 0);
    await client.call(0x06, words(0, stub.entry));
    expect(await client.isSilent()).toBe(true);
  });

  it('is left alone when END says not to run it', async () => {
    const client = new LoaderClient();
    expect((await client.call(0x06, words(1, 0))).body).toEqual(ok);
    expect((await client.call(0x0a, words(0x40001000))).value).toBe(0x00f01d83);
  });
});
