import { describe, expect, it } from 'vitest';
import { ImageDevice } from '../../../src/littlefs/block-device.js';
import { Littlefs } from '../../../src/littlefs/littlefs.js';
import { randomNumbers, take, toText, treeOf } from '../../support/littlefs-histories.js';
import { codeOf, formatted, mount } from '../../support/littlefs-images.js';

const bytes = (text: string) => new TextEncoder().encode(text);

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
