import { Transport } from 'esptool-js';
import { describe, expect, it } from 'vitest';
import { encodeSlip, SlipDecoder } from '../../../src/loader/protocol/slip.js';
import { join, pattern } from '../../support/images.js';

/** Feeds chunks and collects the frames. */
function decode(...chunks: readonly Uint8Array[]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const decoder = new SlipDecoder({ frame: (payload) => frames.push(payload) });
  for (const chunk of chunks) decoder.push(chunk);
  return frames;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.of(...values);

describe('encodeSlip', () => {
  it('escapes what the frame itself is made of', () => {
    expect(encodeSlip(bytes(1, 0xc0, 0xdb, 0xdc, 0xdd, 2))).toEqual(
      bytes(0xc0, 1, 0xdb, 0xdc, 0xdb, 0xdd, 0xdc, 0xdd, 2, 0xc0),
    );
    expect(encodeSlip(bytes())).toEqual(bytes(0xc0, 0xc0));
  });

  it('writes the same bytes as esptool-js', () => {
    const theirs = new Transport({});
    for (let seed = 1; seed <= 20; seed++) {
      const payload = pattern(seed * 97, seed);
      expect(encodeSlip(payload)).toEqual(theirs.slipWriter(payload));
    }
  });
});

describe('SlipDecoder', () => {
  const payloads = [pattern(300, 1), bytes(0xc0, 0xc0, 0xdb), bytes(7), pattern(4096, 2)];
  const wire = join(...payloads.map(encodeSlip));

  it('finds the frames in one piece', () => {
    expect(decode(wire)).toEqual(payloads);
  });

  it('finds them byte by byte', () => {
    expect(decode(...Array.from(wire, (byte) => bytes(byte)))).toEqual(payloads);
  });

  it('finds them wherever the stream is cut in two', () => {
    const short = join(encodeSlip(pattern(40, 3)), encodeSlip(bytes(0xdb, 0xc0)), encodeSlip(pattern(9, 4)));
    for (let cut = 0; cut <= short.length; cut++) {
      expect(decode(short.subarray(0, cut), short.subarray(cut)), `cut at ${cut}`).toEqual([
        pattern(40, 3),
        bytes(0xdb, 0xc0),
        pattern(9, 4),
      ]);
    }
  });

  it('takes one C0 between two frames for both', () => {
    expect(decode(bytes(0xc0, 1, 2, 0xc0, 3, 4, 0xc0))).toEqual([bytes(1, 2), bytes(3, 4)]);
  });

  it('is not put off by C0 C0 or by garbage before, between and after', () => {
    expect(decode(bytes(0xc0, 0xc0, 0xc0), encodeSlip(bytes(5)), bytes(0xc0))).toEqual([bytes(5)]);
    const frames = decode(
      bytes(0x65, 0x74, 0x73),
      encodeSlip(bytes(1, 8)),
      bytes(0x0d),
      encodeSlip(bytes(2, 8)),
    );
    expect(frames).toContainEqual(bytes(1, 8));
    expect(frames).toContainEqual(bytes(2, 8));
  });

  it('drops a frame with a wrong escape, and only that one', () => {
    expect(decode(bytes(0xc0, 1, 0xdb, 1, 2, 0xc0), encodeSlip(bytes(9)))).toEqual([bytes(9)]);
    expect(decode(bytes(0xc0, 1, 0xdb, 0xc0), encodeSlip(bytes(9)))).toEqual([bytes(9)]);
    expect(decode(bytes(0xc0, 1, 0xdb, 0xdb, 0xdc, 0xc0), encodeSlip(bytes(9)))).toEqual([bytes(9)]);
  });

  it('drops what is longer than any frame without growing', () => {
    const decoder = new SlipDecoder({ frame: (payload) => frames.push(payload) }, 100);
    const frames: Uint8Array[] = [];
    decoder.push(encodeSlip(new Uint8Array(101)));
    decoder.push(new Uint8Array(1_000_000));
    decoder.push(encodeSlip(pattern(100, 1).map((byte) => byte & 0x3f)));
    expect(frames.map((frame) => frame.length)).toEqual([100]);
  });

  it('tells when a frame begins, once for each', () => {
    let starts = 0;
    const decoder = new SlipDecoder({ frame: () => undefined, start: () => starts++ });
    decoder.push(bytes(0xc0));
    expect(starts).toBe(0);
    decoder.push(bytes(0xdb));
    expect(starts).toBe(1);
    decoder.push(bytes(0xdc, 2, 0xc0, 0xc0));
    expect(starts).toBe(1);
    decoder.push(bytes(1, 0xc0));
    expect(starts).toBe(2);
  });
});

describe('what esptool-js does with the same bytes', () => {
  /** Its Transport reads from `buffer`, which its read loop fills. */
  function theirTransport(input: Uint8Array): Transport {
    const transport = new Transport({});
    transport['buffer'] = input;
    return transport;
  }

  it('throws away all it holds for one byte of garbage, where ours goes on', async () => {
    const input = join(bytes(0x0a), encodeSlip(bytes(1, 2)), encodeSlip(bytes(3, 4)));
    const theirs = theirTransport(input);
    await expect(theirs.read(50)).rejects.toThrow('Invalid head of packet');
    await expect(theirs.read(50)).rejects.toThrow();
    expect(decode(input)).toEqual([bytes(0x0a), bytes(1, 2), bytes(3, 4)]);
  });

  it('takes C0 C0 for an empty packet and reads on inside out, where ours does not', async () => {
    const input = join(bytes(0xc0), encodeSlip(bytes(1, 2)));
    const theirs = theirTransport(input);
    expect(await theirs.read(50)).toEqual(bytes());
    await expect(theirs.read(50)).rejects.toThrow('Invalid head of packet');
    expect(decode(input)).toEqual([bytes(1, 2)]);
  });
});
