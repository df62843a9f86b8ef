import { type BlockDevice, isErasedUnit } from './block-device.js';
import { alignUp, viewOf, wordAt } from './bytes.js';
import { checksum, checksumStart } from './checksum.js';
import { type Contents, ContentsBuilder } from './contents.js';
import { type Tag, TagType, afterChecksum, firstTag, tagBytes, unpackTag } from './tag.js';

/** One of the two blocks of a piece of metadata, as far as its commits are whole. */
export interface MetadataBlock {
  readonly block: number;
  readonly revision: number;
  readonly contents: Contents;
  /** Where the next commit begins, in bytes. */
  readonly endOffset: number;
  /** What the next commit's first tag is combined with. */
  readonly lastTag: number;
  /** Whether what stands behind the last commit is erased, so that another one can go there. */
  readonly hasRoom: boolean;
  /** Whether the last commit tells that by a checksum, as all do from version 2.1 on. */
  readonly hasForwardChecksum: boolean;
}

interface ForwardChecksum {
  readonly sizeBytes: number;
  readonly value: number;
}

/** Reads a block's log, commit by commit. Undefined where not even the first one is whole. */
export function readBlock(device: BlockDevice, block: number): MetadataBlock | undefined {
  const bytes = device.read(block, 0, device.blockBytes);
  const view = viewOf(bytes);
  const builder = new ContentsBuilder();
  let found: MetadataBlock | undefined;
  let lastTag = firstTag;
  let offset = 4;
  let commitStart = 0;
  let forward: ForwardChecksum | undefined;
  while (offset + tagBytes <= bytes.length) {
    const packed = (view.getUint32(offset) ^ lastTag) >>> 0;
    const tag = unpackTag(packed);
    const dataStart = offset + tagBytes;
    if (tag === undefined || dataStart + tag.sizeBytes > bytes.length) break;
    const data = bytes.subarray(dataStart, dataStart + tag.sizeBytes);
    if (isChecksum(tag)) {
      const seen = checksum(bytes.subarray(commitStart, dataStart), checksumStart);
      if (data.length < 4 || wordAt(data, 0) !== seen) break;
      offset = commitStart = dataStart + tag.sizeBytes;
      lastTag = afterChecksum(packed);
      found = {
        block,
        revision: wordAt(bytes, 0),
        contents: builder.contents,
        endOffset: offset,
        lastTag,
        hasRoom: isErased(device, bytes, offset, forward),
        hasForwardChecksum: forward !== undefined,
      };
      forward = undefined;
      continue;
    }
    if (tag.type === TagType.forwardChecksum) {
      forward = { sizeBytes: wordAt(data, 0), value: wordAt(data, 1) };
    } else
      builder.apply({ type: tag.type, id: tag.id, data: tag.isGone ? undefined : Uint8Array.from(data) });
    lastTag = packed;
    offset = dataStart + tag.sizeBytes;
  }
  return found;
}

function isChecksum({ type }: Tag): boolean {
  return (type & 0x780) === TagType.checksum;
}

/**
 * Whether a commit can go behind this one. Where nothing was said of it (version 2.0) the next unit to program has to look erased; what
 * another commit left behind when it was cut off does not.
 */
function isErased(
  device: BlockDevice,
  bytes: Uint8Array,
  offset: number,
  forward: ForwardChecksum | undefined,
): boolean {
  const { programBytes } = device;
  if (offset !== alignUp(offset, programBytes) || offset + programBytes > bytes.length) return false;
  const next = bytes.subarray(offset, offset + (forward?.sizeBytes ?? programBytes));
  if (forward === undefined) return isErasedUnit(device, next);
  return next.length === forward.sizeBytes && checksum(next) === forward.value;
}
