import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Flash } from '../../../../src/sim/guest.js';
import { LoaderClient, readStub, startStub, syncData, words } from './loader-client.js';

const ok = [0, 0];

function noise(sizeBytes: number): Uint8Array {
  let state = 12345;
  return Uint8Array.from(
    { length: sizeBytes },
    () => (state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16,
  );
}

describe('the stub', () => {
  let client: LoaderClient;
  beforeEach(async () => {
    client = new LoaderClient();
    await startStub(client);
    await client.frame();
    client.host.nowMs = 0;
  });
  const flash = (): Flash => client.host.flash;

  it('answers SYNC eight times, with a zero value', async () => {
    client.send(0x08, syncData);
    for (let count = 0; count < 8; count++) {
      expect(await client.reply()).toEqual({ op: 0x08, value: 0, body: ok });
    }
    expect(await client.isSilent()).toBe(true);
  });

  it('erases and writes deflated data, and digests in raw bytes', async () => {
    flash().program(0x11000, new Uint8Array(0x1000));
    const bytes = noise(0x9000);
    const deflated = new Uint8Array(deflateSync(bytes));
    expect((await client.call(0x10, words(bytes.length, 3, 0x4000, 0x10000))).body).toEqual(ok);
    for (let block = 0; block < 3; block++) {
      const payload = deflated.slice(block * 0x4000, (block + 1) * 0x4000);
      expect((await client.callBlock(0x11, payload, block)).body).toEqual(ok);
    }
    const digest = [...createHash('md5').update(bytes).digest()];
    expect((await client.call(0x13, words(0x10000, bytes.length, 0, 0))).body).toEqual([...digest, ...ok]);
    expect((await client.call(0x12, words(1))).body).toEqual(ok);
    expect(client.host.nowMs).toBeCloseTo(9 * 45 + 0x90 * 0.6 + (0x9000 / 0x100000) * 500);
  });

  it('erases by blocks of 64 KiB where they fit, and only what was announced', async () => {
    flash().program(0x30000, Uint8Array.of(0));
    const bytes = noise(0x20000);
    await client.call(0x02, words(bytes.length, 8, 0x4000, 0x10000));
    for (let block = 0; block < 8; block++) {
      await client.callBlock(0x03, bytes.slice(block * 0x4000, (block + 1) * 0x4000), block);
    }
    expect((await client.call(0x04, words(1))).body).toEqual(ok);
    expect(Buffer.compare(flash().read(0x10000, 0x20000), bytes)).toBe(0);
    expect(flash().read(0x30000, 1)).toEqual(Uint8Array.of(0));
    expect(client.host.nowMs).toBeCloseTo(2 * 150 + 512 * 0.6);
  });

  it('cuts the padding of the last plain block', async () => {
    flash().program(0x2000, Uint8Array.of(0x0f));
    await client.call(0x02, words(10, 1, 0x4000, 0x1000));
    await client.callBlock(0x03, new Uint8Array(32).fill(0x11), 0);
    await client.call(0x04, words(1));
    expect(flash().read(0x1000, 12)).toEqual(Uint8Array.of(...Array<number>(10).fill(0x11), 0xff, 0xff));
    expect(flash().read(0x2000, 1)).toEqual(Uint8Array.of(0x0f));
  });

  it('shows a failed write on the next command, which is not carried out', async () => {
    await client.call(0x10, words(0x1000, 1, 0x4000, 0x1000));
    expect((await client.callBlock(0x11, noise(64), 0)).body).toEqual(ok);
    expect((await client.call(0x0a, words(0x40001000))).body).toEqual([0xc7, 0]);
    expect((await client.call(0x0a, words(0x40001000))).value).toBe(0x00f01d83);
  });

  it('names what is wrong with a command', async () => {
    const status = async (op: number, data?: Uint8Array): Promise<number[]> =>
      (await client.call(op, data)).body;
    expect(await status(0x03, words(0, 0, 0, 0))).toEqual([0xc6, 0]);
    expect(await status(0x04, words(0))).toEqual([0xc6, 0]);
    expect(await status(0x0d, words(0, 0))).toEqual([0xc0, 0]);
    expect(await status(0x55)).toEqual([0xc3, 0]);
    expect(await status(0x14)).toEqual([0xff, 0]);
    expect(await status(0xd1, words(0x1001, 0x1000))).toEqual([0xc0, 0]);
    expect(await status(0x13, words(0x3fffff, 2, 0, 0))).toEqual([0xc4, 0]);
    await client.call(0x02, words(16, 1, 0x4000, 0x1000));
    expect(await status(0x03, words(4, 0, 0, 0, 1))).toEqual([0xc1, 0]);
    expect(await status(0x03, words(5, 0, 0, 0, 1))).toEqual([0xc9, 0]);
    expect(await status(0x04, words(0))).toEqual([0xc0, 0]);
  });

  it('erases a region and the whole chip', async () => {
    flash().program(0, Uint8Array.of(0));
    flash().program(0x1000, Uint8Array.of(0));
    flash().program(0x3fffff, Uint8Array.of(0));
    expect((await client.call(0xd1, words(0x1000, 0x2000))).body).toEqual(ok);
    expect([flash().read(0, 1)[0], flash().read(0x1000, 1)[0]]).toEqual([0, 0xff]);
    expect((await client.call(0xd0)).body).toEqual(ok);
    expect(flash().read(0x3fffff, 1)[0]).toBe(0xff);
    expect(client.host.nowMs).toBe(90 + 10_000);
  });

  it('reads flash in packets, each after the one before was acknowledged, and ends with the MD5', async () => {
    const bytes = noise(0x2100);
    flash().program(0x5000, bytes);
    expect((await client.call(0xd2, words(0x5000, bytes.length, 0x1000, 64))).body).toEqual(ok);
    const read: number[] = [];
    while (read.length < bytes.length) {
      read.push(...(await client.frame()));
      expect(await client.isSilent()).toBe(true);
      client.sendFrame(words(read.length));
    }
    expect(Buffer.compare(Uint8Array.from(read), bytes)).toBe(0);
    expect(await client.frame()).toEqual([...createHash('md5').update(bytes).digest()]);
    expect((await client.call(0x0a, words(0x40001000))).value).toBe(0x00f01d83);
  });

  it('stops reading at anything that is no acknowledgement', async () => {
    await client.call(0xd2, words(0, 0x4000, 0x1000, 1));
    await client.frame();
    client.send(0x08, syncData);
    expect(await client.frame()).toHaveLength(16);
    expect((await client.call(0x0a, words(0x40001000))).value).toBe(0x00f01d83);
  });

  it('refuses packets that are too large, on the next command', async () => {
    expect((await client.call(0xd2, words(0, 0x4000, 0x1001, 1))).body).toEqual(ok);
    expect((await client.call(0x0a, words(0x40001000))).body).toEqual([0xc0, 0]);
  });

  it('can be replaced by another stub', async () => {
    await startStub(client);
    expect(String.fromCharCode(...(await client.frame()))).toBe('OHAI');
    expect((await client.call(0x0a, words(0x40001000))).value).toBe(0x00f01d83);
  });

  // By where it lies: its code is not run here.
  const legacyStub = { ...readStub(), text_start: 0x400be000, entry: 0x400be5ac };

  async function legacyClient(): Promise<LoaderClient> {
    const legacy = new LoaderClient();
    await startStub(legacy, legacyStub);
    await legacy.frame();
    return legacy;
  }

  it.each([
    ['run user code', 0x02, 0xd3, words()],
    ['the end of writing, with 0', 0x02, 0x04, words(0)],
    ['the end of deflated writing, with 0', 0x10, 0x12, words(0)],
  ])('reboots on %s only where it is the legacy one', async (_name, begin, op, data) => {
    for (const [each, resets] of [
      [client, []],
      [await legacyClient(), ['software']],
    ] as const) {
      expect((await each.call(begin, words(0, 0, 0x400, 0))).body).toEqual(ok);
      each.send(op, data);
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      expect(each.host.resets).toEqual(resets);
    }
  });

  it('stays where writing ends with 1', async () => {
    const legacy = await legacyClient();
    await legacy.call(0x02, words(0, 0, 0x400, 0));
    expect((await legacy.call(0x04, words(1))).body).toEqual(ok);
    expect((await legacy.call(0x0a, words(0x40001000))).value).toBe(0x00f01d83);
    expect(legacy.host.resets).toEqual([]);
  });

  it('loses what is sent while both frame buffers are full', async () => {
    await client.call(0x02, words(0x8000, 2, 0x4000, 0x1000));
    // The first read is being worked on when the others arrive: one waits, the rest find no buffer.
    for (let count = 0; count < 4; count++) client.send(0x13, words(0, 0x1000, 0, 0));
    const replies = [await client.reply(), await client.reply()];
    expect(replies.map(({ op }) => op)).toEqual([0x13, 0x13]);
    expect(await client.isSilent()).toBe(true);
  });
});

describe('the SPI controller', () => {
  it('runs commands of the client’s own: id, status, erase, program, read', async () => {
    const client = new LoaderClient();
    await client.call(0x0d, words(0, 0));
    const write = (offset: number, value: number): Promise<unknown> =>
      client.call(0x09, words(0x3ff42000 + offset, value >>> 0, 0xffffffff, 0));
    const read = async (offset: number): Promise<number> =>
      (await client.call(0x0a, words(0x3ff42000 + offset))).value;
    const run = async (opcode: number, usr: number, address = 0): Promise<number> => {
      await write(0x1c, (1 << 31) | usr);
      await write(0x24, (7 << 28) | opcode);
      await write(0x04, address << 8);
      await write(0x00, 1 << 18);
      expect(await read(0x00)).toBe(0);
      return read(0x80);
    };
    const [hasAddress, hasInput, hasOutput] = [1 << 30, 1 << 28, 1 << 27];
    await write(0x2c, 23);
    expect(await run(0x9f, hasInput)).toBe(0x001640c8);
    await write(0x2c, 31);
    expect(await run(0x5a, hasInput | hasAddress)).toBe(0x50444653);
    await run(0x06, 0);
    expect(await run(0x05, hasInput)).toBe(2);
    client.host.flash.program(0x7000, Uint8Array.of(0));
    await run(0x20, hasAddress, 0x7123);
    await new Promise(setImmediate);
    expect(client.host.flash.read(0x7000, 1)[0]).toBe(0xff);
    await run(0x06, 0);
    await write(0x28, 31);
    await write(0x80, 0x04030201);
    await run(0x02, hasAddress | hasOutput, 0x70fe);
    await new Promise(setImmediate);
    expect(client.host.flash.read(0x70fe, 3)).toEqual(Uint8Array.of(1, 2, 0xff));
    expect(client.host.flash.read(0x7000, 3)).toEqual(Uint8Array.of(3, 4, 0xff));
    expect(await run(0x03, hasInput | hasAddress, 0x7000)).toBe(0xffff0403);
  });
});
