const magic = new TextEncoder().encode('littlefs');
const blockSizeBytes = 0x1000;
/** From the start of either block of the superblock pair (littlefs, SPEC.md): magic, and behind a tag version, block size and block count. */
const magicOffset = 8;
const blockSizeOffset = 24;

/** How large the littlefs is that begins here, by its superblock; undefined where none does. */
export function littlefsSize(bytes: Uint8Array): number | undefined {
  for (const start of [0, blockSizeBytes]) {
    const block = bytes.subarray(start, start + blockSizeBytes);
    if (block.length < blockSizeBytes || !magic.every((byte, index) => block[magicOffset + index] === byte)) {
      continue;
    }
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    const sizeBytes = view.getUint32(blockSizeOffset, true) * view.getUint32(blockSizeOffset + 4, true);
    if (view.getUint32(blockSizeOffset, true) === blockSizeBytes) return sizeBytes;
  }
  return undefined;
}
