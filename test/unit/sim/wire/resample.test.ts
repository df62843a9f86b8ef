import { describe, expect, it } from 'vitest';
import { resample } from '../../../../src/sim/wire/resample.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('a UART that listens at another rate', () => {
  it('understands everything at the same rate', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(resample(all, 115_200, 115_200)).toEqual(all);
  });

  it('still understands a rate that is 2 % off', () => {
    expect(resample(text('MicroPython'), 115_200, 117_500)).toEqual(text('MicroPython'));
  });

  it('sees fewer, wrong bytes when the sender is faster', () => {
    const seen = resample(text('print("hello")'), 921_600, 115_200);
    expect(seen.length).toBeLessThan(4);
    expect(seen).not.toEqual(text('print("hello")').subarray(0, seen.length));
  });

  it('sees more, wrong bytes when the sender is slower', () => {
    expect(resample(text('UUUU'), 9600, 115_200).length).toBeGreaterThan(4);
  });
});
