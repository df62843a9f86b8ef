import { describe, expect, it } from 'vitest';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import type { Flash } from '../../../../src/sim/guest.js';
import type { TreeChange } from '../../../../src/sim/micropython/board-tree.js';
import { VfsImage } from '../../../../src/sim/micropython/vfs-image.js';

const region = { offset: 0x10000, sizeBytes: 0x20000 };

function file(path: string, contents: Uint8Array, firstBlock = 0): TreeChange {
  const blocks: { index: number; bytes: Uint8Array }[] = [];
  for (let index = firstBlock; index * 4096 < contents.length; index += 1) {
    blocks.push({ index, bytes: contents.slice(index * 4096, (index + 1) * 4096) });
  }
  return { kind: 'file', path, sizeBytes: contents.length, blocks };
}

function filled(sizeBytes: number, value: number): Uint8Array {
  return new Uint8Array(sizeBytes).fill(value);
}

/** What a board finds that is switched on with this flash. */
function tree(flash: Flash): Record<string, number[] | 'folder'> {
  const entries = new VfsImage(flash, region).read();
  return Object.fromEntries(
    entries.map(({ path, contents }) => [path, contents === undefined ? 'folder' : [...contents]]),
  );
}

/** A flash that loses power before its nth operation. */
function failingFlash(flash: Flash, operations: number): Flash {
  let left = operations;
  const count = (): void => {
    if (left === 0) throw new Error('no power');
    left -= 1;
  };
  return {
    sizeBytes: flash.sizeBytes,
    read: (offset, length) => flash.read(offset, length),
    program(offset, bytes) {
      count();
      flash.program(offset, bytes);
    },
    erase(offset, length) {
      count();
      flash.erase(offset, length);
    },
    close: () => undefined,
  };
}

describe('the board’s files in flash', () => {
  it('are none in a blank partition', () => {
    expect(tree(new NorFlash())).toEqual({});
  });

  it('come back: folders, empty files, several blocks, names in Unicode', () => {
    const flash = new NorFlash();
    const image = new VfsImage(flash, region);
    image.commit([{ kind: 'folder', path: 'lib' }]);
    image.commit([file('lib/žluťoučký.py', filled(9000, 7)), file('empty', filled(0, 0))]);
    expect(tree(flash)).toEqual({ lib: 'folder', 'lib/žluťoučký.py': [...filled(9000, 7)], empty: [] });
  });

  it('keep the blocks that did not change', () => {
    const flash = new NorFlash();
    const image = new VfsImage(flash, region);
    image.commit([file('log', filled(9000, 1))]);
    const longer = filled(9500, 1);
    image.commit([file('log', longer, 2)]);
    expect(tree(flash)).toEqual({ log: [...longer] });
  });

  it('follow a rename of a folder, and a rename over a file', () => {
    const flash = new NorFlash();
    const image = new VfsImage(flash, region);
    image.commit([{ kind: 'folder', path: 'a' }, file('a/x', filled(3, 1)), file('y', filled(3, 2))]);
    image.commit([{ kind: 'rename', path: 'a', newPath: 'b' }]);
    image.commit([{ kind: 'rename', path: 'b/x', newPath: 'y' }]);
    image.commit([{ kind: 'remove', path: 'b' }]);
    expect(tree(flash)).toEqual({ y: [1, 1, 1] });
  });

  it('are the old ones or the new ones wherever the power goes away', () => {
    const before = { f: [...filled(5000, 1)], g: [9] };
    const after = { f: [...filled(9000, 2)], g: [9] };
    let sawOld = false;
    let sawNew = false;
    for (let operations = 0; operations < 20; operations += 1) {
      const flash = new NorFlash();
      new VfsImage(flash, region).commit([file('f', filled(5000, 1)), file('g', filled(1, 9))]);
      const image = new VfsImage(failingFlash(flash, operations), region);
      try {
        image.commit([file('f', filled(9000, 2))]);
        sawNew = true;
        expect(tree(flash)).toEqual(after);
      } catch (error) {
        if ((error as Error).message !== 'no power') throw error;
        sawOld = true;
        expect([before, after]).toContainEqual(tree(flash));
      }
    }
    expect({ sawOld, sawNew }).toEqual({ sawOld: true, sawNew: true });
  });

  it('say so when there is no space', () => {
    const image = new VfsImage(new NorFlash(), region);
    expect(() => {
      image.commit([file('big', filled(0x20000, 1))]);
    }).toThrow(RangeError);
  });
});
