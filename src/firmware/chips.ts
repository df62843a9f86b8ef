/** What an image file and a chip must agree on. */
export interface ChipFamily {
  /** Espressif's name, as esptool-js reports it. */
  readonly name: string;
  /** Field `chip_id` of the extended image header (bytes 12 and 13). */
  readonly imageChipId: number;
  /** Where the mask ROM looks for the bootloader, in bytes from the start of the flash. */
  readonly bootloaderOffset: number;
}

/** The ESP32 families whose images are understood. A test holds this table to esptool-js's chip targets. */
export const chipFamilies: readonly ChipFamily[] = [
  { name: 'ESP32', imageChipId: 0, bootloaderOffset: 0x1000 },
  { name: 'ESP32-S2', imageChipId: 2, bootloaderOffset: 0x1000 },
  { name: 'ESP32-C3', imageChipId: 5, bootloaderOffset: 0x0 },
  { name: 'ESP32-S3', imageChipId: 9, bootloaderOffset: 0x0 },
  { name: 'ESP32-C2', imageChipId: 12, bootloaderOffset: 0x0 },
  { name: 'ESP32-C6', imageChipId: 13, bootloaderOffset: 0x0 },
  { name: 'ESP32-H2', imageChipId: 16, bootloaderOffset: 0x0 },
  { name: 'ESP32-P4', imageChipId: 18, bootloaderOffset: 0x2000 },
  { name: 'ESP32-C61', imageChipId: 20, bootloaderOffset: 0x0 },
  { name: 'ESP32-C5', imageChipId: 23, bootloaderOffset: 0x2000 },
  { name: 'ESP32-H21', imageChipId: 25, bootloaderOffset: 0x0 },
  { name: 'ESP32-H4', imageChipId: 28, bootloaderOffset: 0x2000 },
  { name: 'ESP32-E22', imageChipId: 31, bootloaderOffset: 0x0 },
  { name: 'ESP32-S31', imageChipId: 32, bootloaderOffset: 0x2000 },
];

export function chipByImageId(imageChipId: number): ChipFamily | undefined {
  return chipFamilies.find((chip) => chip.imageChipId === imageChipId);
}

export function chipByName(name: string): ChipFamily | undefined {
  return chipFamilies.find((chip) => chip.name === name);
}
