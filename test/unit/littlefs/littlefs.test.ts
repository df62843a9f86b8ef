import { describe, expect, it } from 'vitest';
import { ImageDevice } from '../../../src/littlefs/block-device.js';
import { Littlefs } from '../../../src/littlefs/littlefs.js';
import { LittlefsError } from '../../../src/littlefs/littlefs-error.js';
import { findSuperblock } from '../../../src/littlefs/find-superblock.js';
import {
  type Step,
  follow,
  randomNumbers,
  randomStep,
  take,
  toText,
  treeOf,
} from '../../support/littlefs-histories.js';

const blockBytes = 4096;
const bytes = (text: string) => new TextEncoder().encode(text);

function formatted(blockCount: number): Uint8Array {
  const image = new Uint8Array(blockCount * blockBytes).fill(0xff);
  Littlefs.format(new ImageDevice(image));
  return image;
}

const mount = (image: Uint8Array, seed = 0) => Littlefs.mount(new ImageDevice(image), seed);

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof LittlefsError ? error.code : String(error);
  }
}

describe('a file system', () => {
  it('has files and folders', () => {
    const image = formatted(64);
    const fs = mount(image);
    fs.write('main.py', bytes('print(1)\n'), { attributes: new Map([[1, bytes('12345678')]]) });
    fs.makeFolder('lib');
    fs.write('/lib/large.bin', new Uint8Array(100_000).fill(7));
    const again = mount(image);
    expect(again.list().map(({ name, type, sizeBytes }) => [name, type, sizeBytes])).toEqual([
      ['lib', 'folder', 0],
      ['main.py', 'file', 9],
    ]);
    expect(again.read('lib/large.bin')).toEqual(new Uint8Array(100_000).fill(7));
    expect(again.stat('main.py')?.attributes.get(1)).toEqual(bytes('12345678'));
    expect(again.stat('nothing')).toBeUndefined();
    // 25 blocks of data, two folders in two blocks each.
    expect(again.space()).toEqual({ blockBytes, blockCount: 64, usedBlocks: 29 });
    expect(findSuperblock(image)?.blockBytes).toBe(blockBytes);
  });

  it.each([
    ['reading nothing', (fs: Littlefs) => fs.read('nothing'), 'not-found'],
    ['reading a folder', (fs: Littlefs) => fs.read('folder'), 'is-folder'],
    [
      'writing a folder',
      (fs: Littlefs) => {
        fs.write('folder', bytes(''));
      },
      'is-folder',
    ],
    [
      'writing into nothing',
      (fs: Littlefs) => {
        fs.write('no/file', bytes(''));
      },
      'not-found',
    ],
    [
      'writing into a file',
      (fs: Littlefs) => {
        fs.write('file/x', bytes(''));
      },
      'not-a-folder',
    ],
    [
      'making a folder twice',
      (fs: Littlefs) => {
        fs.makeFolder('folder');
      },
      'exists',
    ],
    [
      'making a folder of a file',
      (fs: Littlefs) => {
        fs.makeFolder('file');
      },
      'exists',
    ],
    [
      'removing nothing',
      (fs: Littlefs) => {
        fs.remove('nothing');
      },
      'not-found',
    ],
    [
      'removing a full folder',
      (fs: Littlefs) => {
        fs.remove('folder');
      },
      'not-empty',
    ],
    [
      'a folder over a file',
      (fs: Littlefs) => {
        fs.rename('folder', 'file');
      },
      'not-a-folder',
    ],
    [
      'a file over a folder',
      (fs: Littlefs) => {
        fs.rename('file', 'folder');
      },
      'is-folder',
    ],
    [
      'a folder into itself',
      (fs: Littlefs) => {
        fs.rename('folder', 'folder/inside/it');
      },
      'bad-name',
    ],
    [
      'a name that is too long',
      (fs: Littlefs) => {
        fs.write('n'.repeat(256), bytes(''));
      },
      'bad-name',
    ],
    [
      'the folder above',
      (fs: Littlefs) => {
        fs.write('../x', bytes(''));
      },
      'bad-name',
    ],
    [
      'too much',
      (fs: Littlefs) => {
        fs.write('big', new Uint8Array(300_000));
      },
      'no-space',
    ],
  ])('refuses %s and stays as it is', (_, work, code) => {
    const image = formatted(64);
    const fs = mount(image);
    fs.makeFolder('folder');
    fs.write('folder/inside', bytes('x'));
    fs.write('file', bytes('y'));
    const before = toText(treeOf(fs));
    expect(
      codeOf(() => {
        work(fs);
      }),
    ).toBe(code);
    expect(toText(treeOf(mount(image)))).toBe(before);
  });

  it('keeps the blocks of a file that only grows', () => {
    const image = formatted(64);
    const device = new ImageDevice(image);
    const fs = Littlefs.mount(device);
    const content = new Uint8Array(40_000).fill(1);
    fs.write('log', content);
    let erases = 0;
    device.erase = (block) => {
      erases += 1;
      ImageDevice.prototype.erase.call(device, block);
    };
    const file = fs.open('log');
    file.write(content.length, new Uint8Array(10).fill(1));
    file.close();
    expect(erases).toBe(1);
    expect(mount(image).read('log')).toEqual(new Uint8Array(40_010).fill(1));
  });

  it('can be filled up, emptied, and filled again', () => {
    const image = formatted(32);
    for (const round of [1, 2, 3]) {
      const fs = mount(image, round);
      let count = 0;
      while (take(fs, { do: 'write', path: `f${count}`, sizeBytes: 3_000, fill: 97 })) count += 1;
      expect(count).toBeGreaterThan(20);
      for (let index = 0; index < count; index += 1) fs.remove(`f${index}`);
      expect(mount(image).list()).toEqual([]);
    }
  });

  it('holds a folder of 300 entries, in order', () => {
    const image = formatted(128);
    const fs = mount(image);
    for (let index = 0; index < 300; index += 1)
      fs.write(`file-${(index * 7) % 300}.py`, bytes(String(index)));
    const names = mount(image)
      .list()
      .map(({ name }) => name);
    expect(names).toHaveLength(300);
    expect(names).toEqual(names.toSorted());
    for (let index = 0; index < 300; index += 2) fs.remove(`file-${index}.py`);
    expect(mount(image).list()).toHaveLength(150);
  });

  it.each(Array.from({ length: 12 }, (_, index) => index + 1))('holds what a history says: %i', (seed) => {
    const random = randomNumbers(seed);
    const image = formatted([8, 30, 200][seed % 3] ?? 8);
    const expected = new Map<string, Uint8Array | undefined>();
    for (let session = 0; session < 6; session += 1) {
      const fs = mount(image, random(1000));
      for (let count = random(25); count > 0; count -= 1) {
        const step = randomStep(random);
        if (take(fs, step)) follow(expected, step);
      }
      expect(toText(treeOf(fs))).toBe(toText(expected));
      expect(toText(treeOf(mount(image)))).toBe(toText(expected));
    }
  });
});

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
        take(Littlefs.mount(device, round), step);
        const allowed = [before, toText(treeOf(mount(done)))];
        for (const unitsLeft of sample(device.units)) cutAt(image, { step, round, unitsLeft, allowed });
        image = done;
      }
    },
  );

  /** All of a few, some of many, the last ones always: commits are there. */
  function sample(units: number): number[] {
    const all = Array.from({ length: units }, (_, index) => index);
    const stride = Math.max(1, Math.floor(units / 20));
    return all.filter((index) => index % stride === 0 || index > units - 6);
  }

  function cutAt(
    image: Uint8Array,
    { step, round, unitsLeft, allowed }: { step: Step; round: number; unitsLeft: number; allowed: string[] },
  ): void {
    for (const tornBytes of [0, 7]) {
      const half = Uint8Array.from(image);
      const device = Object.assign(new FailingDevice(half), { unitsLeft, tornBytes });
      expect(() => take(Littlefs.mount(device, round), step)).toThrow('no power');
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

describe('an open file', () => {
  const numbered = (from: number, to: number) =>
    Uint8Array.from({ length: to - from }, (_, index) => (from + index) >> 4);

  it.each(Array.from({ length: 30 }, (_, index) => index + 1))('is what was done to it: %i', (seed) => {
    const random = randomNumbers(seed);
    const image = formatted(60);
    const fs = mount(image, seed);
    let expected = new Uint8Array(0);
    fs.write('f', expected);
    for (let session = 0; session < 5; session += 1) {
      const file = fs.open('f');
      for (let count = random(12); count > 0; count -= 1) {
        const at = random(4) === 0 ? expected.length + random(300) : random(expected.length + 1);
        const piece = new Uint8Array([1, 31, 200, 5000][random(4)] ?? 1).fill(random(256));
        const kind = random(8);
        if (kind === 0) {
          file.truncate(at);
          expected = Uint8Array.from({ length: at }, (_, index) => expected[index] ?? 0);
        } else if (kind < 3) {
          expect(file.read(at, 3000)).toEqual(expected.slice(at, at + 3000));
        } else {
          // In a row, as a program writes.
          for (const offset of [0, piece.length]) {
            const longer = new Uint8Array(Math.max(expected.length, at + offset + piece.length));
            longer.set(expected);
            longer.set(piece, at + offset);
            expected = longer;
            file.write(at + offset, piece);
          }
        }
        expect(file.sizeBytes).toBe(expected.length);
        if (random(6) === 0) {
          file.sync();
          expect(mount(image).read('f')).toEqual(expected);
        }
        // Others change meanwhile, and take no block of it.
        if (random(3) === 0) take(fs, { do: 'write', path: 'g', sizeBytes: 6000, fill: 103 });
      }
      file.close();
      expect(mount(image).read('f')).toEqual(expected);
    }
  });

  it('is there, empty, as soon as it is made, and what was before until it is closed', () => {
    const image = formatted(24);
    const fs = mount(image);
    const file = fs.create('f');
    file.write(0, numbered(0, 10_000));
    expect(mount(image).read('f')).toHaveLength(0);
    file.close();
    const again = fs.open('f');
    again.truncate(0);
    again.write(0, numbered(100, 9_000));
    expect(mount(image).read('f')).toEqual(numbered(0, 10_000));
    again.attributes.set(1, bytes('12345678'));
    again.close();
    expect(mount(image).read('f')).toEqual(numbered(100, 9_000));
    expect(mount(image).stat('f')?.attributes.get(1)).toEqual(bytes('12345678'));
    expect(codeOf(() => fs.create('f'))).toBe('exists');
    expect(codeOf(() => fs.open('g'))).toBe('not-found');
  });

  it('programs each byte once as it is appended in small pieces', () => {
    const device = new ImageDevice(formatted(24));
    const fs = Littlefs.mount(device);
    const file = fs.create('f');
    let [erases, programmed] = [0, 0];
    device.erase = (block) => {
      erases += 1;
      ImageDevice.prototype.erase.call(device, block);
    };
    device.program = (block, offset, data) => {
      programmed += data.length;
      ImageDevice.prototype.program.call(device, block, offset, data);
    };
    for (let at = 0; at < 8000; at += 50) file.write(at, numbered(at, at + 50));
    expect([erases, programmed]).toEqual([2, 7936]);
    file.close();
    expect(fs.read('f')).toEqual(numbered(0, 8000));
  });

  it('keeps its old content where the disk is full', () => {
    const image = formatted(24);
    const fs = mount(image);
    fs.write('f', numbered(0, 20_000));
    const file = fs.open('f');
    expect(
      codeOf(() => {
        file.write(20_000, numbered(0, 100_000));
      }),
    ).toBe('no-space');
    file.close();
    expect(mount(image).read('f')).toEqual(numbered(0, 20_000));
    expect(fs.space().usedBlocks).toBe(mount(image).space().usedBlocks);
  });

  it('does not come back once it is removed, and follows the folder that it is in', () => {
    const image = formatted(24);
    const fs = mount(image);
    fs.makeFolder('a');
    const [gone, kept] = [fs.create('gone'), fs.create('a/kept')];
    gone.write(0, bytes('1'));
    kept.write(0, bytes('2'));
    fs.remove('gone');
    fs.rename('a', 'b');
    gone.close();
    kept.close();
    expect(toText(treeOf(mount(image)))).toBe('b/kept=21\nb=/');
  });
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
