import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import { checksum, dataBlock, LoaderClient, startStub, words } from './loader-client.js';
import { FakeHost } from './fake-host.js';

/** A host whose chip time and wire time pass on a clock of the test's own, so that a figure is exact on a busy machine too. */
class TimedHost extends FakeHost {
  override readonly unpaced = false;
  #lineFreeAt = 0;

  override transmit(bytes: Uint8Array, onSent?: () => void): void {
    const from = Math.max(performance.now(), this.#lineFreeAt);
    this.#lineFreeAt = from + wireMs(bytes.length, this.rate);
    setTimeout(() => {
      super.transmit(bytes);
      onSent?.();
    }, this.#lineFreeAt - performance.now());
  }

  override after(chipTimeMs: number, fn: () => void): void {
    setTimeout(fn, chipTimeMs);
  }

  rate = 921_600;
}

function wireMs(sizeBytes: number, baudRate: number): number {
  return (sizeBytes * 10_000) / baudRate;
}

describe('the time a transfer takes', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function startedStub(rate: number, flash = new NorFlash()): Promise<LoaderClient> {
    const host = new TimedHost(flash);
    host.rate = rate;
    const client = new LoaderClient({}, host);
    client.turn = () => vi.advanceTimersByTimeAsync(0.05);
    await startStub(client);
    await client.frame();
    return client;
  }

  /** Sends blocks as a client does that waits for each answer; resolves to the time from BEGIN to the answer to END. */
  async function write(client: LoaderClient, blockCount: number, rate: number): Promise<number> {
    const payload = new Uint8Array(0x4000).fill(0x5a);
    const start = performance.now();
    await client.call(0x02, words(blockCount * 0x4000, blockCount, 0x4000, 0x10000));
    for (let block = 0; block < blockCount; block++) {
      await vi.advanceTimersByTimeAsync(wireMs(payload.length + 26, rate));
      client.send(0x03, dataBlock(payload, block), checksum(payload));
      await client.reply();
    }
    await client.call(0x04, words(1));
    return performance.now() - start;
  }

  it('is that of the line where the line is slower than the flash', async () => {
    const client = await startedStub(921_600);
    const timeMs = await write(client, 16, 921_600);
    const lineMs = 16 * wireMs(0x4000 + 26, 921_600);
    const lastBlockMs = 64 * 0.6;
    expect(timeMs).toBeGreaterThan((lineMs + lastBlockMs) * 0.99);
    expect(timeMs).toBeLessThan((lineMs + lastBlockMs) * 1.02);
  });

  it('is that of the flash where the flash is slower than the line', async () => {
    const client = await startedStub(8_000_000);
    const timeMs = await write(client, 16, 8_000_000);
    const flashMs = 4 * 150 + 16 * 64 * 0.6;
    expect(timeMs).toBeGreaterThan(flashMs * 0.99);
    expect(timeMs).toBeLessThan(flashMs * 1.05);
  });

  it('reads at nearly the line’s rate when each packet is acknowledged while it arrives, and slower when after', async () => {
    const bytes = new Uint8Array(0x10000).fill(0x11);
    const flash = new NorFlash();
    flash.program(0, bytes);
    const client = await startedStub(921_600, flash);
    const read = async (isEarly: boolean): Promise<number> => {
      await client.call(0xd2, words(0, bytes.length, 0x1000, 1));
      const start = performance.now();
      for (let received = 0x1000; received <= bytes.length; received += 0x1000) {
        if (isEarly) {
          // When the first bytes are here; 10 ms stand for the way of the acknowledgement.
          await vi.advanceTimersByTimeAsync(10);
          client.sendFrame(words(received));
          await client.frame();
        } else {
          await client.frame();
          await vi.advanceTimersByTimeAsync(10);
          client.sendFrame(words(received));
        }
      }
      await client.frame();
      return bytes.length / (performance.now() - start);
    };
    const lineRate = 92.16;
    const early = await read(true);
    const late = await read(false);
    expect(early / lineRate).toBeGreaterThan(0.93);
    expect(early / lineRate).toBeLessThan(1);
    expect(late / lineRate).toBeLessThan(0.85);
  });
});
