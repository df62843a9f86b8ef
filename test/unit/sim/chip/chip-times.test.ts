import { describe, expect, it } from 'vitest';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import { checksum, dataBlock, LoaderClient, startStub, words } from './loader-client.js';

const framingBytes = 26;

async function startedStub(lineRate: number, flash = new NorFlash()): Promise<LoaderClient> {
  const client = new LoaderClient({}, flash);
  await startStub(client);
  await client.frame();
  client.host.lineRate = lineRate;
  return client;
}

function pass(client: LoaderClient, timeMs: number): Promise<void> {
  return new Promise((resolve) => {
    client.host.after(timeMs, resolve);
  });
}

/** Sends blocks as a client does that waits for each answer; resolves to the time from BEGIN to the answer to END. */
async function write(client: LoaderClient, blockCount: number): Promise<number> {
  const payload = new Uint8Array(0x4000).fill(0x5a);
  const startMs = client.host.nowMs;
  await client.call(0x02, words(blockCount * 0x4000, blockCount, 0x4000, 0x10000));
  for (let block = 0; block < blockCount; block++) {
    await pass(client, client.host.wireMs(payload.length + framingBytes));
    client.send(0x03, dataBlock(payload, block), checksum(payload));
    await client.reply();
  }
  await client.call(0x04, words(1));
  return client.host.nowMs - startMs;
}

/** Reads 64 KiB; resolves to the rate from the first packet's command to the digest, in bytes per ms. */
async function read(client: LoaderClient, isEarly: boolean, delayMs: number): Promise<number> {
  const sizeBytes = 0x10000;
  const startMs = client.host.nowMs;
  await client.call(0xd2, words(0, sizeBytes, 0x1000, 1));
  for (let received = 0x1000; received <= sizeBytes; received += 0x1000) {
    if (!isEarly) await client.frame();
    await pass(client, delayMs);
    client.sendFrame(words(received));
    if (isEarly) await client.frame();
  }
  await client.frame();
  return sizeBytes / (client.host.nowMs - startMs);
}

describe('the time a transfer takes', () => {
  it('is that of the line where the line is slower than the flash', async () => {
    const client = await startedStub(921_600);
    const lineMs = 16 * client.host.wireMs(0x4000 + framingBytes);
    const lastBlockMs = 64 * 0.6;
    const timeMs = await write(client, 16);
    expect(timeMs).toBeGreaterThanOrEqual(lineMs + lastBlockMs);
    // Plain data is erased when it is its turn, so that a block now and then waits for the rest of an erase.
    expect(timeMs).toBeLessThan((lineMs + lastBlockMs) * 1.015);
  });

  it('is that of the flash where the flash is slower than the line', async () => {
    const client = await startedStub(8_000_000);
    const firstBlockMs = client.host.wireMs(0x4000 + framingBytes);
    const flashMs = 4 * 150 + 16 * 64 * 0.6;
    const timeMs = await write(client, 16);
    expect(timeMs).toBeGreaterThanOrEqual(flashMs);
    expect(timeMs).toBeLessThan(flashMs + firstBlockMs);
  });

  it('of a read is nearly that of the line, if packets are acknowledged while they arrive', async () => {
    const client = await startedStub(921_600);
    const early = await read(client, true, 10);
    const late = await read(client, false, 10);
    expect(early / 92.16).toBeGreaterThan(0.97);
    expect(early / 92.16).toBeLessThan(1);
    expect(late / 92.16).toBeLessThan(0.8);
  });
});
