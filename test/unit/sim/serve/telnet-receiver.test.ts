import { describe, expect, it } from 'vitest';
import { escapeTelnet, TelnetReceiver } from '../../../../src/sim/serve/telnet-receiver.js';

/** What comes out of a stream that is cut into chunks of this size. */
function receive(bytes: number[], chunkSize: number): { data: number[]; others: unknown[] } {
  const data: number[] = [];
  const others: unknown[] = [];
  const receiver = new TelnetReceiver({
    data: (chunk) => data.push(...chunk),
    negotiate: (verb, option) => others.push([verb, option, data.length]),
    subnegotiate: (option, value) => others.push(['sub', option, [...value], data.length]),
  });
  for (let at = 0; at < bytes.length; at += chunkSize) {
    receiver.receive(Uint8Array.from(bytes.slice(at, at + chunkSize)));
  }
  return { data, others };
}

describe('Telnet', () => {
  const stream = [
    65, 255, 255, 66, 255, 253, 44, 67, 255, 250, 44, 1, 255, 255, 0, 255, 240, 68, 255, 241, 69,
  ];

  it.each([1, 2, 3, 5, 100])('is taken apart in order, in chunks of %i', (chunkSize) => {
    expect(receive(stream, chunkSize)).toEqual({
      data: [65, 255, 66, 67, 68, 69],
      others: [
        [253, 44, 3],
        ['sub', 44, [1, 255, 0], 4],
      ],
    });
  });

  it('doubles 0xFF', () => {
    expect([...escapeTelnet(Uint8Array.of(1, 255, 2))]).toEqual([1, 255, 255, 2]);
  });
});
