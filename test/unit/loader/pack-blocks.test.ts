import { inflateSync } from 'node:zlib';
import { deflate } from 'pako';
import { describe, expect, it } from 'vitest';
import { cutBlocks, packBlocks } from '../../../src/loader/protocol/pack-blocks.js';
import { join, pattern } from '../../support/images.js';

const blockSizeBytes = 0x4000;
const windowBytes = 0x8000;

/** Shrinks to about two thirds, as a firmware does. */
function likeFirmware(sizeBytes: number): Uint8Array {
  return pattern(sizeBytes, 3).map((byte, index) => (index % 3 === 0 ? 0 : byte));
}

describe('packBlocks', () => {
  it.each([
    ['nothing to speak of', new Uint8Array(4096)],
    ['what cannot be packed', pattern(200_000, 1)],
    ['what packs to nearly nothing', new Uint8Array(0x100000).fill(0xff)],
    ['a firmware', likeFirmware(600_000)],
    ['a firmware with a hole', join(likeFirmware(100_000), new Uint8Array(300_000), likeFirmware(90_000))],
  ])('cuts %s into blocks that give it back', async (_name, bytes) => {
    const blocks = await packBlocks(bytes, blockSizeBytes);
    const unpacked = inflateSync(Buffer.concat(blocks.map(({ data }) => data)));
    expect(unpacked.equals(bytes)).toBe(true);
    expect(Math.max(...blocks.map(({ data }) => data.length))).toBeLessThanOrEqual(blockSizeBytes);
    expect(blocks.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0)).toBe(bytes.length);
  });

  it('ends a block where a window is full, until all is erased, and then only where it must', async () => {
    const blocks = await packBlocks(likeFirmware(20 * windowBytes), blockSizeBytes);
    let unpacked = 0;
    const lateFills = blocks.map(({ unpackedBytes }) => {
      const before = unpacked;
      unpacked += unpackedBytes;
      const filled = Math.floor(unpacked / windowBytes) > Math.floor(before / windowBytes);
      // What came after the fill, in the same block.
      return filled ? unpacked % windowBytes : 0;
    });
    const halfway = blocks.length / 2;
    expect(Math.max(...lateFills.slice(0, halfway))).toBeLessThan(2_000);
    expect(Math.max(...lateFills.slice(halfway))).toBeGreaterThan(2_000);
  });
});

describe('packing beside other boards', () => {
  it('gives others their turn, and is done once for all that get the same', async () => {
    const bytes = likeFirmware(500_000);
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const all = await Promise.all([
      packBlocks(bytes, blockSizeBytes),
      packBlocks(bytes.slice(), blockSizeBytes),
    ]);
    isDone = true;
    expect(turns).toBeGreaterThan(50);
    expect(all[0]).toBe(all[1]);
  });

  it('packs to the very bytes of zlib in one go', async () => {
    const bytes = likeFirmware(300_000);
    const blocks = await packBlocks(bytes, blockSizeBytes);
    expect(Buffer.concat(blocks.map(({ data }) => data)).equals(deflate(bytes, { level: 9 }))).toBe(true);
  });
});

describe('cutBlocks', () => {
  it('sends to a ROM what it is to hold, all of one size but the last', () => {
    const bytes = pattern(100_000, 2);
    const blocks = cutBlocks(bytes, 0x400);
    expect(new Set(blocks.slice(0, -1).map(({ data }) => data.length))).toEqual(new Set([0x400]));
    expect(join(...blocks.map(({ data }) => data))).toEqual(bytes);
    expect(blocks.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0)).toBe(bytes.length);
  });
});
