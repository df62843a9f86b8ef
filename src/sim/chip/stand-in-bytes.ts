/** A word list as long as the common instruction patterns of a compiler's output; size and skew set how well it deflates. */
const patternCount = 128;
const freshBytesShare = 0.26;

/**
 * Bytes that deflate about as well as the ESP32's machine code does (to some 65 %): three-byte patterns, the common ones
 * far more often than the rare, between bytes without a pattern. The same seed gives the same bytes.
 */
export function makeCodeLikeBytes(sizeBytes: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = makeRandom(seed);
  const patterns = Array.from({ length: patternCount }, () => random());
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  while (at < sizeBytes) {
    const value = random();
    const chance = (value & 0xffff) / 0x10000;
    if (chance < freshBytesShare) {
      bytes[at++] = value >>> 24;
      continue;
    }
    const rank = Math.floor(((value >>> 16) / 0x10000) ** 2 * patternCount);
    const pattern = patterns[rank] ?? 0;
    for (let index = 0; index < 3 && at < sizeBytes; index++) bytes[at++] = pattern >>> (8 * index);
  }
  return bytes;
}

/** Marsaglia's xorshift32: small, fast and the same everywhere. */
function makeRandom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
