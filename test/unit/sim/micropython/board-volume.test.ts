import { describe, expect, it } from 'vitest';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import type { FileEntry } from '../../../../src/sim/micropython/board-tree.js';
import { BoardVolume } from '../../../../src/sim/micropython/board-volume.js';
import type { FlashWork } from '../../../../src/sim/micropython/flash-time.js';
import { VfsImage } from '../../../../src/sim/micropython/vfs-image.js';

const totalBlocks = 32;

/** A volume on a partition of 32 blocks; whatever it commits must fit there. */
function makeVolume() {
  const flash = new NorFlash();
  const region = { offset: 0x10000, sizeBytes: totalBlocks * 4096 };
  const image = new VfsImage(flash, region);
  let charges: Partial<Record<FlashWork, number>> = {};
  const volume = new BoardVolume(
    {
      totalBlocks,
      readOnly: false,
      commit: (changes) => {
        image.commit(changes);
      },
      charge: (work, count) => (charges[work] = (charges[work] ?? 0) + count),
    },
    [],
  );
  const create = (name: string): FileEntry => volume.add(volume.root, name, name, 'file') as FileEntry;
  const restored = (): string[] => new VfsImage(flash, region).read().map(({ path }) => path);
  /** What the flash chip had to do since this was last asked. */
  const charged = () => {
    const before = charges;
    charges = {};
    return before;
  };
  return { volume, create, charged, restored };
}

describe('the space on the board', () => {
  it('is used up by blocks of 4 KiB, and given back', () => {
    const { volume, create } = makeVolume();
    const free = volume.freeBlocks;
    const file = create('a');
    volume.write(file, 0, new Uint8Array(4097));
    expect(volume.freeBlocks).toBe(free - 2);
    volume.commitFile('a', file);
    expect(volume.freeBlocks).toBe(free - 2);
    volume.remove(volume.root, 'a', 'a');
    expect(volume.freeBlocks).toBe(free);
  });

  it('holds the old content beside the new one until that is complete', () => {
    const { volume, create } = makeVolume();
    const file = create('a');
    volume.write(file, 0, new Uint8Array(8192));
    volume.commitFile('a', file);
    const free = volume.freeBlocks;
    volume.truncate(file, 0);
    volume.write(file, 0, new Uint8Array(8192));
    expect(volume.freeBlocks).toBe(free - 2);
    volume.commitFile('a', file);
    expect(volume.freeBlocks).toBe(free);
  });

  it('takes what fits and no more, and what was taken can be committed', () => {
    const { volume, create, restored } = makeVolume();
    const file = create('big');
    const free = volume.freeBlocks;
    const written = volume.write(file, 0, new Uint8Array(totalBlocks * 4096));
    expect(written).toBe(free * 4096);
    expect(volume.write(file, written, Uint8Array.of(1))).toBe(0);
    volume.commitFile('big', file);
    expect(restored()).toEqual(['big']);
  });

  it('is never promised twice, with many small files either', () => {
    const { volume, create, restored } = makeVolume();
    let count = 0;
    for (; volume.hasRoomFor(`file-${count}`); count += 1) {
      const file = create(`file-${count}`);
      if (volume.write(file, 0, Uint8Array.of(1)) === 0) break;
      volume.commitFile(`file-${count}`, file);
    }
    expect(count).toBeGreaterThan(20);
    expect(restored().length).toBe(count);
  });
});

describe('the flash chip', () => {
  it('erases a block at its first byte and programs a page when it is full, the rest at the close', () => {
    const { volume, create, charged } = makeVolume();
    const file = create('a');
    expect(charged()).toEqual({ log: 1 });
    volume.write(file, 0, new Uint8Array(4000));
    expect(charged()).toEqual({ erase: 1, page: 15 });
    volume.write(file, 4000, new Uint8Array(50));
    expect(charged()).toEqual({});
    volume.write(file, 4050, new Uint8Array(40));
    expect(charged()).toEqual({});
    volume.write(file, 4090, new Uint8Array(300));
    expect(charged()).toEqual({ erase: 1, page: 2 });
    volume.commitFile('a', file);
    expect(charged()).toEqual({ page: 1, log: 1 });
  });

  it('is not troubled with what fits beside the name, until it grows', () => {
    const { volume, create, charged } = makeVolume();
    const file = create('small');
    volume.write(file, 0, new Uint8Array(128));
    volume.commitFile('small', file);
    expect(charged()).toEqual({ log: 2 });
    volume.write(file, 128, new Uint8Array(200));
    volume.commitFile('small', file);
    expect(charged()).toEqual({ erase: 1, page: 2, log: 1 });
  });

  it('copies the block that a file goes on in', () => {
    const { volume, create, charged } = makeVolume();
    const file = create('a');
    volume.write(file, 0, new Uint8Array(2560));
    volume.commitFile('a', file);
    charged();
    volume.write(file, 2560, new Uint8Array(256));
    expect(charged()).toEqual({ erase: 1, page: 11 });
  });

  it('has nothing to do for a file that is closed unchanged, and little for names', () => {
    const { volume, create, charged } = makeVolume();
    const file = create('a');
    volume.write(file, 0, new Uint8Array(8192));
    volume.commitFile('a', file);
    charged();
    volume.commitFile('a', file);
    expect(charged()).toEqual({});
    volume.rename(volume.root, 'a', 'a', volume.root, 'b', 'b');
    volume.remove(volume.root, 'b', 'b');
    expect(charged()).toEqual({ log: 2 });
    volume.add(volume.root, 'folder', 'folder', 'folder');
    expect(charged()).toEqual({ erase: 1, log: 1 });
  });
});
