import { type BlockDevice, erased } from './block-device.js';
import { alignUp, isNowhere, isSame, words } from './bytes.js';
import { checksum, checksumStart } from './checksum.js';
import { type Change, type Contents, changesFor, tailChange } from './contents.js';
import { isZero } from './global-state.js';
import { TagType, afterChecksum, noId, packTag, tagBytes } from './tag.js';

/** What a commit needs beside its changes: the forward checksum, the checksum, each with its tag. */
const endingBytes = tagBytes + 8 + tagBytes + 4;

export interface CommitPlace {
  readonly block: number;
  readonly offset: number;
  readonly lastTag: number;
}

export interface CommitOptions {
  /** Of a block's first commit, which begins with it. */
  readonly revision?: number;
  /** Whether the version on the disk (2.1) knows the checksum of what is not written yet. */
  readonly hasForwardChecksum: boolean;
}

/** How many bytes changes take up in a block. */
export function sizeOf(changes: readonly Change[]): number {
  return changes.reduce((sum, { data }) => sum + tagBytes + (data?.length ?? 0), 0);
}

/** How many bytes a commit takes up in a block, from where it begins. */
export function commitBytes(
  { programBytes }: BlockDevice,
  offset: number,
  changes: readonly Change[],
): number {
  return alignUp(offset + sizeOf(changes) + endingBytes, programBytes) - offset;
}

/** Everything that a piece of metadata says, as one commit says it. */
export function changesOf({ entries, tail, isTailHard, delta }: Contents): Change[] {
  return [
    ...entries.flatMap((entry, id) => changesFor(entry, id)),
    ...(isNowhere(tail) ? [] : [tailChange(tail, isTailHard)]),
    ...(isZero(delta) ? [] : [{ type: TagType.moveState, id: noId, data: delta }]),
  ];
}

/**
 * Programs one commit. The caller has seen to it that there is room, and that what is there is erased. Returns where the next one goes; undefined
 * where the block does not hold what was written.
 */
export function writeCommit(
  device: BlockDevice,
  { block, offset, lastTag }: CommitPlace,
  changes: readonly Change[],
  { revision, hasForwardChecksum }: CommitOptions,
): { readonly endOffset: number; readonly lastTag: number } | undefined {
  const start = revision === undefined ? offset : offset - 4;
  const size = commitBytes(device, offset, changes) + (offset - start);
  const log = new LogWriter(size, lastTag);
  if (revision !== undefined) log.bytes(words(revision));
  for (const { type, id, data } of changes) log.entry(packTag(type, id, data?.length ?? 'gone'), data);
  const endOffset = start + size;
  const next = device.read(block, endOffset, Math.min(device.programBytes, device.blockBytes - endOffset));
  if (hasForwardChecksum && next.length === device.programBytes) {
    const forward = words(next.length, checksum(next));
    log.entry(packTag(TagType.forwardChecksum, noId, forward.length), forward);
  }
  // Whatever stands behind this commit has to be no valid tag.
  const isFirstBitClear = next.length > 0 && ((next[0] ?? erased) & 0x80) === 0;
  log.end(TagType.checksum | (isFirstBitClear ? 1 : 0));
  device.program(block, start, log.written);
  const isKept = isSame(device.read(block, start, size), log.written);
  return isKept ? { endOffset, lastTag: log.lastTag } : undefined;
}

/** A commit as it grows; what is not written of it stays erased. */
class LogWriter {
  readonly written: Uint8Array;
  lastTag: number;
  readonly #view: DataView;
  #at = 0;

  constructor(sizeBytes: number, lastTag: number) {
    this.written = new Uint8Array(sizeBytes).fill(erased);
    this.#view = new DataView(this.written.buffer);
    this.lastTag = lastTag;
  }

  bytes(bytes: Uint8Array): void {
    this.written.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  entry(tag: number, data: Uint8Array | undefined): void {
    this.#tag(tag);
    if (data !== undefined) this.bytes(data);
  }

  /** The checksum covers its own tag, and its length all that is left. */
  end(type: number): void {
    const tag = packTag(type, noId, this.written.length - this.#at - tagBytes);
    this.#tag(tag);
    this.bytes(words(checksum(this.written.subarray(0, this.#at), checksumStart)));
    this.lastTag = afterChecksum(tag);
  }

  #tag(tag: number): void {
    this.#view.setUint32(this.#at, (tag ^ this.lastTag) >>> 0);
    this.#at += tagBytes;
    this.lastTag = tag;
  }
}
