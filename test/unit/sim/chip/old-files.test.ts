import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ImageDevice } from '../../../../src/littlefs/block-device.js';
import { Littlefs } from '../../../../src/littlefs/littlefs.js';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import { convertOldFiles, findOldFiles } from '../../../../src/sim/chip/old-files.js';
import { programNewBoard } from '../../../../src/sim/chip/stand-in.js';

const region = { offset: 0x200000, sizeBytes: 0x200000 };
const blockBytes = 4096;

const text = (content: string) => new TextEncoder().encode(content);

/** A board with files as version 0.1 kept them: what is superseded is still there. */
function oldBoard(files: Readonly<Record<string, Uint8Array | undefined>>): NorFlash {
  const flash = new NorFlash();
  programNewBoard(flash);
  const parts: Uint8Array[] = [];
  let next = 40;
  for (const [path, content] of Object.entries(files)) {
    const name = text(path);
    const blocks: number[] = [];
    for (let at = 0; at < (content?.length ?? 0); at += blockBytes) {
      flash.program(region.offset + next * blockBytes, content?.subarray(at, at + blockBytes) ?? text(''));
      blocks.push(next);
      // Blocks of a file need not be in a row.
      next += 2;
    }
    const head = new Uint8Array(8);
    const view = new DataView(head.buffer);
    view.setUint8(0, content === undefined ? 2 : 1);
    view.setUint16(2, name.length, true);
    view.setUint32(4, content?.length ?? 0, true);
    parts.push(head, name, new Uint8Array(Uint32Array.from(blocks).buffer));
  }
  const index = new Uint8Array(Buffer.concat(parts));
  flash.program(region.offset + 7 * blockBytes, index);
  superblock(flash, 0, 3, new Uint8Array(0), 5);
  superblock(flash, 1, 4, index, 7);
  return flash;
}

function superblock(flash: NorFlash, block: number, sequence: number, index: Uint8Array, at: number): void {
  const bytes = new Uint8Array(index.length > 0 ? 32 : 28);
  const view = new DataView(bytes.buffer);
  bytes.set(text('UPYWVFS1'));
  view.setUint32(12, sequence, true);
  view.setUint32(16, index.length, true);
  view.setUint32(20, crc32(index), true);
  view.setUint32(24, index.length > 0 ? 1 : 0, true);
  if (index.length > 0) view.setUint32(28, at, true);
  view.setUint32(8, crc32(bytes.subarray(12)), true);
  flash.program(region.offset + block * blockBytes, bytes);
}

describe('a board of an earlier version', () => {
  it('has its files on a littlefs afterwards, and everything else as it was', () => {
    const large = Uint8Array.from({ length: 20_000 }, (_, index) => index >> 3);
    const flash = oldBoard({
      lib: undefined,
      'lib/ž.py': text('x = 1\n'),
      'large.bin': large,
      empty: text(''),
      'lib/none': undefined,
    });
    const firmware = flash.read(0, region.offset);
    const found = findOldFiles(flash);
    expect(found).toEqual({ kind: 'littlefs', ...region });
    convertOldFiles(flash, region);
    expect(findOldFiles(flash)).toBeUndefined();
    expect(Buffer.compare(flash.read(0, region.offset), firmware)).toBe(0);
    const fs = Littlefs.mount(new ImageDevice(flash.read(region.offset, region.sizeBytes)));
    expect(fs.list().map(({ name, type }) => `${name} ${type}`)).toEqual([
      'empty file',
      'large.bin file',
      'lib folder',
    ]);
    expect(fs.list('lib').map(({ name }) => name)).toEqual(['none', 'ž.py']);
    expect(Buffer.compare(fs.read('large.bin'), large)).toBe(0);
    expect(fs.read('lib/ž.py')).toEqual(text('x = 1\n'));
    expect(fs.read('empty')).toHaveLength(0);
  });

  it('is no other board', () => {
    expect(findOldFiles(new NorFlash())).toBeUndefined();
    const flash = new NorFlash();
    programNewBoard(flash);
    expect(findOldFiles(flash)).toBeUndefined();
  });
});
