/** The second status byte of the ROM ("Serial Protocol", ROM loader errors); the first is then 1. */
export const romError = {
  invalidMessage: 0x05,
  failed: 0x06,
  badChecksum: 0x07,
  flashWrite: 0x08,
  flashRead: 0x09,
  flashReadLength: 0x0a,
  deflate: 0x0b,
} as const;

export interface RomResult {
  readonly value?: number;
  readonly data?: Uint8Array;
  readonly error?: number;
}
