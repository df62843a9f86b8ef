import { describe, expect, it } from 'vitest';
import { TransmitFifo } from '../../../../src/sim/micropython/console/transmit-fifo.js';

describe('the transmit FIFO', () => {
  it('holds 128 bytes, which leave at the rate of the line', () => {
    const fifo = new TransmitFifo(100_000);
    expect(fifo.put(200, 50)).toBe(128);
    expect(fifo.put(1, 50)).toBe(0);
    // Ten bits a byte: 0.1 ms each.
    expect(fifo.put(200, 51)).toBe(10);
    expect(fifo.put(200, 100)).toBe(128);
  });

  it('goes on at a new rate with what it holds', () => {
    const fifo = new TransmitFifo(100_000);
    fifo.put(100, 0);
    fifo.setBaudRate(1_000_000, 5);
    // 50 bytes were left, and 10 go in 0.1 ms now.
    expect(fifo.put(200, 5.1)).toBe(128 - 40);
  });

  it('has a write that found it full sleep to the next tick', () => {
    expect([TransmitFifo.waitMs(120), TransmitFifo.waitMs(123), TransmitFifo.waitMs(129.5)]).toEqual([
      10, 7, 0.5,
    ]);
  });
});
