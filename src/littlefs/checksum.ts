import { crc32 } from 'node:zlib';

/** Where every checksum of littlefs begins. */
export const checksumStart = 0xffffffff;

/** CRC-32 with the polynomial 0x04c11db7, reflected, without the inversion at its end that zlib makes. */
export function checksum(bytes: Uint8Array, before: number = checksumStart): number {
  return ~crc32(bytes, ~before >>> 0) >>> 0;
}
