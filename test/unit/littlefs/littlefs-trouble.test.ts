import { describe, expect, it } from 'vitest';
import { ImageDevice } from '../../../src/littlefs/block-device.js';
import { Littlefs } from '../../../src/littlefs/littlefs.js';
import type { LittlefsError } from '../../../src/littlefs/littlefs-error.js';
import { findSuperblock } from '../../../src/littlefs/find-superblock.js';
import {
  type Step,
  randomNumbers,
  randomStep,
  take,
  toText,
  treeOf,
} from '../../support/littlefs-histories.js';
import { blockBytes, codeOf, formatted, mount } from '../../support/littlefs-images.js';

/** Flash whose power goes after so many units of programming and erasing; the last one may be half done. */
class FailingDevice extends ImageDevice {
  unitsLeft = Number.POSITIVE_INFINITY;
  units = 0;
  tornBytes = 0;

  override program(block: number, offset: number, data: Uint8Array): void {
    for (let at = 0; at < data.length; at += this.programBytes) {
      const piece = data.subarray(at, at + this.programBytes);
      if (this.units >= this.unitsLeft) {
        super.program(block, offset + at, piece.subarray(0, this.tornBytes));
        throw new Error('no power');
      }
      this.units += 1;
      super.program(block, offset + at, piece);
    }
  }

  override erase(block: number): void {
    if (this.units >= this.unitsLeft) {
      const start = block * this.blockBytes;
      this.image.fill(0x5a, start, start + 40 * this.tornBytes);
      throw new Error('no power');
    }
    this.units += 1;
    super.erase(block);
  }
}

describe('a loss of power', () => {
  it.each(Array.from({ length: 8 }, (_, index) => index + 100))(
    'leaves what was before or what is after, wherever it comes: %i',
    (seed) => {
      const random = randomNumbers(seed);
      let image = formatted([8, 16, 40][seed % 3] ?? 8);
      for (let round = 0; round < 25; round += 1) {
        const step = randomStep(random);
        const before = toText(treeOf(mount(image)));
        const done = Uint8Array.from(image);
        const device = new FailingDevice(done);
        take(Littlefs.mount(device, round, cycles(seed)), step);
        const allowed = [before, toText(treeOf(mount(done)))];
        for (const unitsLeft of sample(device.units)) cutAt(image, { step, seed, round, unitsLeft, allowed });
        image = done;
      }
    },
  );

  /** With few, folders move all the time. */
  function cycles(seed: number): number {
    return [100, 2, 0, 4][seed % 4] ?? 100;
  }

  /** All of a few, some of many, the last ones always: commits are there. */
  function sample(units: number): number[] {
    const all = Array.from({ length: units }, (_, index) => index);
    const stride = Math.max(1, Math.floor(units / 20));
    return all.filter((index) => index % stride === 0 || index > units - 6);
  }

  function cutAt(
    image: Uint8Array,
    {
      step,
      seed,
      round,
      unitsLeft,
      allowed,
    }: { step: Step; seed: number; round: number; unitsLeft: number; allowed: string[] },
  ): void {
    for (const tornBytes of [0, 7]) {
      const half = Uint8Array.from(image);
      const device = Object.assign(new FailingDevice(half), { unitsLeft, tornBytes });
      expect(() => take(Littlefs.mount(device, round, cycles(seed)), step)).toThrow('no power');
      const seen = toText(treeOf(mount(half)));
      expect(allowed, `${JSON.stringify(step)} cut at ${unitsLeft}`).toContain(seen);
      // What was begun is ended by the next change, and nothing else changes.
      const next = mount(half);
      if (!take(next, { do: 'write', path: 'afterwards', sizeBytes: 9, fill: 120 })) continue;
      const tree = treeOf(mount(half));
      tree.delete('afterwards');
      expect(toText(tree)).toBe(seen.replace(/^afterwards=.*\n?/m, '').trimEnd());
    }
  }
});

describe('damage', () => {
  it.each(Array.from({ length: 40 }, (_, index) => index + 1))('is told, and ends: %i', (seed) => {
    const random = randomNumbers(seed);
    const image = formatted(24);
    const fs = mount(image);
    for (let count = 0; count < 30; count += 1) take(fs, randomStep(random));
    const names = new Set([...treeOf(fs).keys()]);
    damage(image, random);
    try {
      const damaged = mount(image);
      for (const path of names) readable(damaged, path);
      take(damaged, { do: 'write', path: 'new', sizeBytes: 5_000, fill: 97 });
      treeOf(damaged);
    } catch (error) {
      expect(error).toMatchObject({ code: 'corrupt' });
    }
  });

  function damage(image: Uint8Array, random: (below: number) => number): void {
    const kind = random(4);
    const block = random(24) * blockBytes;
    if (kind === 0) image.fill(0, block, block + blockBytes);
    else if (kind === 1) image.copyWithin(block, random(24) * blockBytes, blockBytes);
    else {
      for (let flips = 1 + random(200); flips > 0; flips -= 1) {
        const at = kind === 2 ? random(image.length) : block + random(blockBytes);
        image[at] = (image[at] ?? 0) ^ (1 << random(8));
      }
    }
  }

  function readable(fs: Littlefs, path: string): void {
    try {
      fs.read(path);
    } catch (error) {
      expect((error as LittlefsError).code).toMatch(/^(?:corrupt|not-found|not-a-folder|is-folder)$/);
    }
  }

  it('names the block and the path', () => {
    const image = formatted(24);
    const fs = mount(image);
    fs.write('whole', new Uint8Array(100).fill(1));
    fs.write('large', new Uint8Array(50_000).fill(1));
    // Blocks of a file begin with where its earlier ones are.
    const view = new DataView(image.buffer);
    for (let block = 2; block < 24; block += 1) view.setUint32(block * blockBytes, 0x7fffffff, true);
    expect(() => mount(image).read('large')).toThrow(/^large: .*\(block \d+\)$/);
    expect(codeOf(() => mount(image).read('large'))).toBe('corrupt');
    // What can still be read is.
    expect(mount(image).read('whole')).toEqual(new Uint8Array(100).fill(1));
  });

  it('no file system at all', () => {
    for (const image of [new Uint8Array(8192), new Uint8Array(8192).fill(0xff), new Uint8Array(100)]) {
      expect(codeOf(() => mount(image))).toBe('corrupt');
    }
    expect(findSuperblock(new Uint8Array(8192))).toBeUndefined();
  });

  it('a file system that is longer than its image', () => {
    expect(codeOf(() => mount(formatted(24).subarray(0, 20 * blockBytes)))).toBe('corrupt');
  });
});
