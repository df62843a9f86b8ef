/** Who a chip is. */
export interface ChipIdentity {
  /** `ESP32`, `ESP32-S3`, … */
  readonly name: string;
  /** Major × 100 + minor; undefined where esptool-js does not tell it in full. */
  readonly revision: number | undefined;
  /** `24:0a:12:34:56:78`: also the station address of its Wi-Fi. */
  readonly mac: string;
  /** Why this chip takes no foreign firmware: `flash encryption`, `secure boot`; undefined for an open one. */
  readonly lock: string | undefined;
}

/** What `upyw chip` adds: a few more questions to the chip. */
export interface ChipDescription {
  /** `ESP32-D0WDQ6 (revision 1)` */
  readonly model: string;
  readonly features: readonly string[];
  readonly crystalMhz: number;
}

/** The flash chip beside it. */
export interface FlashChip {
  /** JEDEC id, manufacturer in the high byte: 0xc84016 is a GD25Q32. */
  readonly id: number;
  readonly manufacturer: string | undefined;
  readonly sizeBytes: number;
}
