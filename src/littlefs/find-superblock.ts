import { ImageDevice, usualBlockBytes } from './block-device.js';
import { isSame } from './bytes.js';
import { LittlefsError } from './littlefs-error.js';
import { readBlock } from './read-block.js';
import { type Superblock, magic, readSuperblock } from './superblock.js';

/** MicroPython's first. */
const blockSizes = [usualBlockBytes, 128, 256, 512, 1024, 2048, 8192, 16_384, 32_768, 65_536];
/** Behind the revision and the first tag, in block 0 or in block 1, whichever is whole. */
const magicOffset = 8;

/** Two blocks of the largest size: more is not looked at. */
export const superblockSpan = 2 * 65_536;

/** How a file system that was found is divided. */
export type Division = Pick<Superblock, 'blockBytes' | 'blockCount'>;

/**
 * The file system that begins at the beginning of an image, by its superblock's own word. Undefined where there is none; where there was one, and its
 * superblock cannot be read, as MicroPython would have it.
 */
export function findSuperblock(image: Uint8Array): Division | undefined {
  const marked = blockSizes.filter((size) => isMarked(image, 0) || isMarked(image, size));
  const found = marked.map((size) => superblockWith(image, size)).find((each) => each !== undefined);
  if (found !== undefined) return found;
  const [blockBytes] = marked;
  return blockBytes === undefined
    ? undefined
    : { blockBytes, blockCount: Math.floor(image.length / blockBytes) };
}

function isMarked(image: Uint8Array, start: number): boolean {
  return isSame(image.subarray(start + magicOffset, start + magicOffset + magic.length), magic);
}

/** What stands in the younger of the first two blocks, if they are so large. */
function superblockWith(image: Uint8Array, blockBytes: number): Superblock | undefined {
  const device = new ImageDevice(image, blockBytes);
  const blocks = [0, 1].flatMap((block) => readBlock(device, block) ?? []);
  const [first, second] = blocks;
  const isSecondYounger = first && second && ((second.revision - first.revision) | 0) > 0;
  const youngest = isSecondYounger === true ? second : (first ?? second);
  try {
    const superblock = youngest?.contents.entries.map(readSuperblock).find((each) => each !== undefined);
    return superblock?.blockBytes === blockBytes ? superblock : undefined;
  } catch (error) {
    if (error instanceof LittlefsError) return undefined;
    throw error;
  }
}
