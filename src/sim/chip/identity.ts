/** ESP32-D0WDQ6 of revision 1, or ESP32-D0WDQ6-V3 of revision 3, which boards have since about 2020. */
export const silicons = ['v1', 'v3'] as const;
export type Silicon = (typeof silicons)[number];

/** What distinguishes one chip from another of its kind. */
export interface ChipIdentity {
  readonly silicon: Silicon;
  /** Base MAC address, six bytes, as in the chip's eFuses. */
  readonly mac: Uint8Array;
}

/** Espressif's own prefix, as real chips have it. */
const vendorPrefix = [0x24, 0x0a, 0x12] as const;

/** A virtual chip's MAC address: the same for the same board name, on every machine; the board without a name has 24:0a:12:34:56:78. */
export function chipIdentity(boardName: string, silicon: Silicon = 'v1'): ChipIdentity {
  if (boardName === '' || boardName === 'default') {
    return { silicon, mac: Uint8Array.of(...vendorPrefix, 0x34, 0x56, 0x78) };
  }
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(boardName)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  // An ESP32 owns four addresses in a row, so a base address ends in a multiple of four.
  return { silicon, mac: Uint8Array.of(...vendorPrefix, hash >>> 24, hash >>> 16, hash & 0xfc) };
}

/** The CRC-8 that stands with the MAC address in the eFuses: `esp_rom_efuse_mac_address_crc8` of ESP-IDF. */
export function macChecksum(mac: Uint8Array): number {
  let crc = 0;
  for (const byte of mac) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8c : crc >>> 1;
  }
  return crc;
}
