/** Where every checksum of littlefs begins. */
export const checksumStart = 0xffffffff;

/** The checksum of each byte. Node has this, too, but loading zlib takes longer than all checksums of a folder. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb88320;
  return value;
});

/** CRC-32 with the polynomial 0x04c11db7, reflected, without the inversion at its end that zlib makes. */
export function checksum(bytes: Uint8Array, before: number = checksumStart): number {
  let value = before;
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
  return value >>> 0;
}
