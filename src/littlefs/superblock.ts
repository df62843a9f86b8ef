import type { BlockDevice } from './block-device.js';
import { isSame, wordAt, words } from './bytes.js';
import type { Entry } from './contents.js';
import { LittlefsError } from './littlefs-error.js';
import { TagType } from './tag.js';

/** What a file system says of itself. */
export interface Superblock {
  /** 2.0 or 2.1: the major number in the upper 16 bits. */
  readonly version: number;
  readonly blockBytes: number;
  readonly blockCount: number;
  readonly maxNameBytes: number;
  readonly maxFileBytes: number;
  readonly maxAttributeBytes: number;
}

/** Every MicroPython mounts it; from 1.22 on they make it 2.1 of themselves. */
export const version20 = 0x00020000;

/** The name of the superblock's entry. */
export const magic = new TextEncoder().encode('littlefs');

/** The limits that littlefs has by itself, and MicroPython with it. */
export function newSuperblock({ blockBytes, blockCount }: BlockDevice): Superblock {
  return {
    version: version20,
    blockBytes,
    blockCount,
    maxNameBytes: 255,
    maxFileBytes: 0x7fffffff,
    maxAttributeBytes: 1022,
  };
}

export function superblockEntry(superblock: Superblock): Entry {
  const { version, blockBytes, blockCount, maxNameBytes, maxFileBytes, maxAttributeBytes } = superblock;
  const data = words(version, blockBytes, blockCount, maxNameBytes, maxFileBytes, maxAttributeBytes);
  const structure = { type: TagType.inlineStruct, data };
  return { type: TagType.superblock, name: magic, structure, attributes: new Map() };
}

/** Throws `corrupt` for what is none, or of another kind. */
export function readSuperblock({ type, name, structure }: Entry): Superblock | undefined {
  if (type !== TagType.superblock) return undefined;
  if (!isSame(name, magic) || structure === undefined || structure.data.length < 24)
    throw new LittlefsError('corrupt', 'the superblock makes no sense', { block: 0 });
  const [
    version = 0,
    blockBytes = 0,
    blockCount = 0,
    maxNameBytes = 0,
    maxFileBytes = 0,
    maxAttributeBytes = 0,
  ] = Array.from({ length: 6 }, (_, index) => wordAt(structure.data, index));
  if (version >>> 16 !== 2 || (version & 0xffff) > 1) {
    const text = `${version >>> 16}.${version & 0xffff}`;
    throw new LittlefsError(
      'corrupt',
      `the file system is of version ${text}, and only 2.0 and 2.1 are known`,
    );
  }
  return { version, blockBytes, blockCount, maxNameBytes, maxFileBytes, maxAttributeBytes };
}
