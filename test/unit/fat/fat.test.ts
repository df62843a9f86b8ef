import { beforeAll, describe, expect, it } from 'vitest';
import { ImageSectors, type SectorDevice, findSectorBytes } from '../../../src/fat/fat-device.js';
import { FatError } from '../../../src/fat/fat-error.js';
import { type Fat, FatLibrary } from '../../../src/fat/fat.js';

const bytes = (text: string) => new TextEncoder().encode(text);

let library: FatLibrary;
beforeAll(async () => {
  library = await FatLibrary.load();
});

function formatted(sizeBytes: number, sectorBytes = 512): Uint8Array {
  const image = new Uint8Array(sizeBytes).fill(0xff);
  library.format(new ImageSectors(image, sectorBytes));
  return image;
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof FatError ? error.code : String(error);
  }
}

/** What a work does with a file system, and leaves on its disk. */
function withFat<Result>(image: Uint8Array, work: (fat: Fat) => Result, sectorBytes = 512): Result {
  const fat = library.mount(new ImageSectors(image, sectorBytes));
  try {
    return work(fat);
  } finally {
    fat.unmount();
  }
}

describe('a FAT file system', () => {
  it.each([
    [512, 100 * 1024],
    [512, 8 * 1024 * 1024],
    [4096, 2 * 1024 * 1024],
  ])('has files and folders, in sectors of %d', (sectorBytes, sizeBytes) => {
    const image = formatted(sizeBytes, sectorBytes);
    expect(findSectorBytes(image)).toBe(sectorBytes);
    const large = new Uint8Array(60_000).map((_, index) => index);
    withFat(
      image,
      (fat) => {
        fat.write('main.py', bytes('print(1)\n'));
        fat.makeFolder('lib');
        fat.write('/lib/A longer name, žluťoučký.bin', large);
      },
      sectorBytes,
    );
    withFat(
      image,
      (fat) => {
        const all = fat.list().map(({ name, type, sizeBytes: size }) => [name, type, size]);
        expect(all).toEqual([
          ['main.py', 'file', 9],
          ['lib', 'folder', 0],
        ]);
        expect(fat.list('lib').map(({ name }) => name)).toEqual(['A longer name, žluťoučký.bin']);
        expect(fat.read('lib/A longer name, žluťoučký.bin')).toEqual(large);
        expect(fat.stat('MAIN.PY')?.sizeBytes).toBe(9);
        expect(fat.stat('nothing')).toBeUndefined();
        expect(fat.stat('nowhere/nothing')).toBeUndefined();
        expect(Number(fat.stat('main.py')?.modified)).toBeGreaterThan(Date.now() - 60_000);
      },
      sectorBytes,
    );
  });

  it('tells how much space there is', () => {
    withFat(formatted(1024 * 1024), (fat) => {
      const { blockBytes, blockCount, usedBlocks } = fat.space();
      expect(usedBlocks).toBe(0);
      expect(blockBytes * blockCount).toBeGreaterThan(0.95 * 1024 * 1024);
      fat.write('a', new Uint8Array(10 * blockBytes + 1));
      expect(fat.space().usedBlocks).toBe(11);
      fat.remove('a');
      expect(fat.space().usedBlocks).toBe(0);
    });
  });

  it.each([
    ['reading nothing', (fat: Fat) => fat.read('nothing'), 'not-found'],
    ['reading a folder', (fat: Fat) => fat.read('folder'), 'is-folder'],
    ['listing a file', (fat: Fat) => fat.list('file'), 'not-a-folder'],
    ['listing nothing', (fat: Fat) => fat.list('nothing'), 'not-found'],
    [
      'writing a folder',
      (fat: Fat) => {
        fat.write('folder', bytes('x'));
      },
      'is-folder',
    ],
    [
      'writing into nothing',
      (fat: Fat) => {
        fat.write('nothing/x', bytes('x'));
      },
      'not-found',
    ],
    [
      'a name FAT has not',
      (fat: Fat) => {
        fat.write('a:b', bytes('x'));
      },
      'bad-name',
    ],
    [
      'making what is there',
      (fat: Fat) => {
        fat.makeFolder('folder');
      },
      'exists',
    ],
    [
      'removing nothing',
      (fat: Fat) => {
        fat.remove('nothing');
      },
      'not-found',
    ],
    [
      'removing a full folder',
      (fat: Fat) => {
        fat.remove('folder');
      },
      'not-empty',
    ],
    [
      'moving a folder into itself',
      (fat: Fat) => {
        fat.rename('folder', 'Folder/x');
      },
      'bad-name',
    ],
    [
      'a file over a folder',
      (fat: Fat) => {
        fat.rename('file', 'folder');
      },
      'is-folder',
    ],
    [
      'a folder over a file',
      (fat: Fat) => {
        fat.rename('folder', 'file');
      },
      'not-a-folder',
    ],
  ])('says what is wrong: %s', (_, work, code) => {
    withFat(formatted(256 * 1024), (fat) => {
      fat.makeFolder('folder');
      fat.write('folder/inside', bytes('x'));
      fat.write('file', bytes('y'));
      expect(
        codeOf(() => {
          work(fat);
        }),
      ).toBe(code);
      expect(fat.read('folder/inside')).toEqual(bytes('x'));
      expect(fat.read('file')).toEqual(bytes('y'));
    });
  });

  it('renames, over a file and to another case', () => {
    withFat(formatted(256 * 1024), (fat) => {
      fat.write('a', bytes('1'));
      fat.write('b', bytes('2'));
      fat.rename('a', 'b');
      fat.rename('b', 'B');
      expect(fat.list().map(({ name }) => name)).toEqual(['B']);
      expect(fat.read('B')).toEqual(bytes('1'));
    });
  });

  it('is full at some time, and says so', () => {
    withFat(formatted(100 * 1024), (fat) => {
      expect(
        codeOf(() => {
          fat.write('large', new Uint8Array(200_000));
        }),
      ).toBe('no-space');
      fat.remove('large');
      fat.write('small', new Uint8Array(50_000));
      expect(fat.read('small')).toHaveLength(50_000);
    });
  });

  it('reads and writes an open file in places', () => {
    withFat(formatted(256 * 1024), (fat) => {
      const file = fat.open('f', 'append');
      file.write(0, bytes('hello world'));
      file.write(6, bytes('there'));
      file.truncate(8);
      file.sync();
      expect([file.read(0, 5), file.read(6, 99), file.read(99, 5)]).toEqual([
        bytes('hello'),
        bytes('th'),
        bytes(''),
      ]);
      file.close();
      expect(codeOf(() => fat.open('f', 'create'))).toBe('exists');
      expect(codeOf(() => fat.open('g', 'change'))).toBe('not-found');
      const again = fat.open('f', 'change');
      again.write(8, bytes('is'));
      again.close();
      expect(fat.read('f')).toEqual(bytes('hello this'));
    });
  });

  it("has MicroPython's names and those that a PC has written", () => {
    const image = formatted(256 * 1024);
    withFat(image, (fat) => {
      fat.write('ž of a board.py', bytes('board'));
      fat.write('Q of a PC.py', bytes('PC'));
    });
    // The name stands there in UTF-16. A PC writes `ž` as that, MicroPython as the characters that its two bytes are in code page 437.
    const utf16 = (text: string) => Buffer.from(text, 'utf16le');
    const disk = Buffer.from(image.buffer);
    expect(disk.indexOf(utf16('┼╛ '))).toBeGreaterThan(0);
    disk.set(utf16('ž'), disk.indexOf(utf16('Q of')));
    withFat(image, (fat) => {
      expect(fat.list().map(({ name }) => name)).toEqual(['ž of a board.py', 'ž of a PC.py']);
      expect(fat.read('ž of a board.py')).toEqual(bytes('board'));
      expect(fat.read('ž of a PC.py')).toEqual(bytes('PC'));
      fat.remove('ž of a PC.py');
      expect(fat.list()).toHaveLength(1);
    });
  });

  it('is none where there is none', () => {
    const image = new Uint8Array(64 * 1024);
    expect(findSectorBytes(image)).toBeUndefined();
    expect(codeOf(() => library.mount(new ImageSectors(image)))).toBe('corrupt');
    expect(
      codeOf(() => {
        library.format(new ImageSectors(new Uint8Array(1024)));
      }),
    ).toBe('no-space');
  });

  it('lets through what the device has to say', () => {
    const image = formatted(256 * 1024);
    const device: SectorDevice = new ImageSectors(image);
    const fat = library.mount(device);
    device.write = () => {
      throw new RangeError('no more');
    };
    expect(() => {
      fat.write('f', bytes('x'));
    }).toThrow(new RangeError('no more'));
    fat.unmount();
  });

  it('can be on many disks, and the first one is given up for an eleventh', () => {
    const fats = Array.from({ length: 11 }, (_, index) => {
      const fat = library.mount(new ImageSectors(formatted(64 * 1024)));
      fat.write('number', bytes(String(index)));
      return fat;
    });
    expect(fats.at(-1)?.read('number')).toEqual(bytes('10'));
    expect(fats[1]?.read('number')).toEqual(bytes('1'));
    for (const fat of fats.slice(1)) fat.unmount();
  });
});
