import { describe, expect, it } from 'vitest';
import { ImageDevice } from '../../../src/littlefs/block-device.js';
import { Littlefs } from '../../../src/littlefs/littlefs.js';
import { findSuperblock } from '../../../src/littlefs/find-superblock.js';
import { follow, randomNumbers, randomStep, take, toText, treeOf } from '../../support/littlefs-histories.js';
import { blockBytes, codeOf, formatted, mount } from '../../support/littlefs-images.js';

const bytes = (text: string) => new TextEncoder().encode(text);

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

describe('wear', () => {
  it.each(['', 'lib'])(
    'is spread over the flash, though one folder is written all the time: /%s',
    (folder) => {
      const erases = new Map<number, number>();
      const device = new (class extends ImageDevice {
        override erase(block: number): void {
          erases.set(block, (erases.get(block) ?? 0) + 1);
          super.erase(block);
        }
      })(formatted(32));
      const first = Littlefs.mount(device);
      if (folder !== '') first.makeFolder(folder);
      for (let session = 0; session < 20; session += 1) {
        // A chip does so ten times as rarely.
        const fs = Littlefs.mount(device, session * 7, 10);
        for (let count = 0; count < 1500; count += 1) fs.write(`${folder}/log`, Uint8Array.of(count & 0xff));
      }
      const counts = Array.from(erases.values());
      const sum = counts.reduce((total, each) => total + each, 0);
      // All of them in two blocks without it.
      expect(erases.size).toBeGreaterThan(16);
      expect(Math.max(...counts)).toBeLessThan(sum / 6);
      expect(Littlefs.mount(device).read(`${folder}/log`)).toEqual(Uint8Array.of(1499 & 0xff));
      expect(Littlefs.mount(device).superblock).toEqual(first.superblock);
    },
  );
});
