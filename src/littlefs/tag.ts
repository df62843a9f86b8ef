/** The kinds of entries in a metadata block: the upper 3 of 11 bits are the family, the others tell more. */
export const TagType = {
  file: 0x001,
  folder: 0x002,
  superblock: 0x0ff,
  folderStruct: 0x200,
  inlineStruct: 0x201,
  ctzStruct: 0x202,
  attribute: 0x300,
  create: 0x401,
  delete: 0x4ff,
  checksum: 0x500,
  forwardChecksum: 0x5ff,
  softTail: 0x600,
  hardTail: 0x601,
  moveState: 0x7ff,
} as const;

/** The family of a type. */
export const family = (type: number): number => type & 0x700;

/** The id of what belongs to no file. */
export const noId = 0x3ff;
/** The length of what is no more. */
const goneLength = 0x3ff;

export const tagBytes = 4;
/** Before the first tag of a block, as if there were this one. */
export const firstTag = 0xffffffff;
const invalidBit = 0x80000000;

/** A tag: valid bit, type (11 bits), id (10 bits), length (10 bits). */
export interface Tag {
  readonly type: number;
  readonly id: number;
  /** Of the data behind it. */
  readonly sizeBytes: number;
  /** What it names is taken away; it has no data. */
  readonly isGone: boolean;
}

export function packTag(type: number, id: number, sizeBytes: number | 'gone'): number {
  return ((type << 20) | (id << 10) | (sizeBytes === 'gone' ? goneLength : sizeBytes)) >>> 0;
}

/** Undefined where the valid bit says that there is none. */
export function unpackTag(tag: number): Tag | undefined {
  if ((tag & invalidBit) !== 0) return undefined;
  const length = tag & 0x3ff;
  const isGone = length === goneLength;
  return { type: (tag >>> 20) & 0x7ff, id: (tag >>> 10) & 0x3ff, sizeBytes: isGone ? 0 : length, isGone };
}

/**
 * The tag with which the next commit's first one is combined: the lowest bit of a checksum's type turns the valid bit round, so that whatever
 * stands behind the commit is no valid tag.
 */
export function afterChecksum(tag: number): number {
  return ((tag & ~invalidBit) ^ (((tag >>> 20) & 1) << 31)) >>> 0;
}
