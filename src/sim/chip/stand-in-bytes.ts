/** Found by trial: so many patterns of such lengths deflate as MicroPython's image does, with Node's zlib and with pako. */
const patternCount = 600;
const shortestPatternBytes = 3;
const longestPatternBytes = 6;
const freshBytesShare = 0.65;
const rankSkew = 1.5;

/**
 * Bytes that deflate about as well as the ESP32's machine code does (to some 66 %): short patterns, the common ones more often than the
 * rare, between bytes without a pattern. The same seed gives the same bytes.
 */
export function makeCodeLikeBytes(sizeBytes: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = makeRandom(seed);
  const patterns = Array.from({ length: patternCount }, () => makePattern(random));
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  while (at < sizeBytes) {
    const value = random();
    if ((value & 0xffff) / 0x10000 < freshBytesShare) {
      bytes[at++] = value >>> 24;
      continue;
    }
    const rank = Math.floor(((value >>> 16) / 0x10000) ** rankSkew * patternCount);
    const pattern = (patterns[rank] ?? new Uint8Array(1)).subarray(0, sizeBytes - at);
    bytes.set(pattern, at);
    at += pattern.length;
  }
  return bytes;
}

function makePattern(random: () => number): Uint8Array {
  const length = shortestPatternBytes + (random() % (longestPatternBytes - shortestPatternBytes + 1));
  return Uint8Array.from({ length }, () => random() >>> 24);
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
