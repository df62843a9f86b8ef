import { describe, expect, it } from 'vitest';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import type { FileEntry } from '../../../../src/sim/micropython/board-tree.js';
import { BoardVolume } from '../../../../src/sim/micropython/board-volume.js';
import { VfsImage } from '../../../../src/sim/micropython/vfs-image.js';

const totalBlocks = 32;

/** A volume on a partition of 32 blocks; whatever it commits must fit there. */
function makeVolume() {
  const flash = new NorFlash();
  const region = { offset: 0x10000, sizeBytes: totalBlocks * 4096 };
  const image = new VfsImage(flash, region);
  const charges: string[] = [];
  const volume = new BoardVolume(
    {
      totalBlocks,
      readOnly: false,
      commit: (changes) => {
        image.commit(changes);
      },
      charge: (kind) => charges.push(kind),
    },
    [],
  );
  const create = (name: string): FileEntry => volume.add(volume.root, name, name, 'file') as FileEntry;
  const restored = (): string[] => new VfsImage(flash, region).read().map(({ path }) => path);
  return { volume, create, charges, restored };
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

  it('costs the chip a block’s time for each 4 KiB and for the rest', () => {
    const { volume, create, charges } = makeVolume();
    const file = create('a');
    volume.write(file, 0, new Uint8Array(5000));
    volume.write(file, 5000, new Uint8Array(4000));
    volume.commitFile('a', file);
    expect(charges).toEqual(['block', 'block', 'block']);
  });
});
