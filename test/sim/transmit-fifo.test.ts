import { randomBytes } from 'node:crypto';
import { describe, expect, it, type TestContext } from 'vitest';
import { openPort } from 'upyw';
import { Board } from '../../src/board/board.js';
import { useSimFolder } from '../support/sim-folder.js';

/** As observed on official MicroPython 1.26.1: a write that fills the UART's FIFO sleeps for a tick, and raising the rate is no use then. */
useSimFolder();

async function connect({ onTestFinished }: TestContext, options = '') {
  const port = await openPort(`sim:fifo${options}`);
  onTestFinished(() => port.close());
  return Board.connect(port, { turbo: true });
}

/** Seconds that 20,000 bytes take at 921600 baud, in writes of so many bytes with a sleep behind each. */
const writer = (sizeBytes: number, sleepUs: number) => `
import sys, time
from machine import mem32
def timed():
    block = b"\\xff" * ${sizeBytes}
    start = time.ticks_us()
    for _ in range(20000 // ${sizeBytes}):
        sys.stdout.buffer.write(block)
        ${sleepUs === 0 ? 'pass' : `time.sleep_us(${sleepUs})`}
    return time.ticks_diff(time.ticks_us(), start) / 1e6
# What the prompt said last is still on its way at the usual rate.
time.sleep_ms(30)
control, divider = mem32[0x3FF40020], mem32[0x3FF40014]
mem32[0x3FF40020] = control | 1 << 27
mem32[0x3FF40014] = 86 | 13 << 20
took = timed()
time.sleep_ms(30)
mem32[0x3FF40020] = control
mem32[0x3FF40014] = divider
time.sleep_ms(30)
`;

async function seconds(board: Board, sizeBytes: number, sleepUs: number): Promise<number> {
  await board.run(writer(sizeBytes, sleepUs));
  return Number(await board.evaluate('took'));
}

// Time on a busy machine: hence the second try.
describe('a paced board', { retry: 2, timeout: 30_000 }, () => {
  it('crawls where programs fill the FIFO, and does not where they let it empty', async (context) => {
    const board = await connect(context);
    // On a chip: 1.40 s and 0.37 s; the wire alone takes 0.22 s.
    const crawling = await seconds(board, 1000, 0);
    expect(crawling).toBeGreaterThan(1.3);
    expect(crawling).toBeLessThan(1.8);
    expect(await seconds(board, 96, 1100)).toBeLessThan(0.5);
  });

  it('sends files at the raised rate all the same', async (context) => {
    const board = await connect(context);
    const content = new Uint8Array(randomBytes(60_000));
    await board.write('/a', content);
    const startMs = performance.now();
    expect(Buffer.compare(await board.read('/a', { totalBytes: content.length }), content)).toBe(0);
    expect(board.transferBaudRate).toBe(921_600);
    // 0.65 s on the wire, and 0.3 s to raise the rate and bring it back; with a tick for each 128 bytes it is 4.7 s.
    expect(performance.now() - startMs).toBeLessThan(1800);
  });
});

describe('a file system that compacts', () => {
  it('is waited for', async (context) => {
    const port = await openPort('sim:fifo?fault=compacting');
    context.onTestFinished(() => port.close());
    const notes: string[] = [];
    const board = await Board.connect(port, { onNote: (text) => void notes.push(text) });
    const startMs = performance.now();
    const content = new Uint8Array(randomBytes(500));
    const load = () => content;
    await board.writeFiles(['/a', '/b'].map((path) => ({ path, sizeBytes: content.length, load })));
    expect(performance.now() - startMs).toBeGreaterThan(2800);
    expect(notes).toEqual([]);
    expect(Buffer.compare(await board.read('/b'), content)).toBe(0);
  });
});
