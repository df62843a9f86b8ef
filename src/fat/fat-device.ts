/** A disk as FAT sees it: sectors that can be written over, of 512, 1024, 2048 or 4096 bytes. What a call throws ends the operation that it is for. */
export interface SectorDevice {
  readonly sectorBytes: number;
  readonly sectorCount: number;
  /** The bytes themselves or a copy: they are not changed. */
  read(sector: number, count: number): Uint8Array;
  /** Whole sectors. The bytes are only there until the call returns. */
  write(sector: number, bytes: Uint8Array): void;
  sync(): void;
}

/** A disk's image in memory, changed in place; a last piece that is no whole sector is left alone. */
export class ImageSectors implements SectorDevice {
  readonly sectorCount: number;

  constructor(
    readonly image: Uint8Array,
    readonly sectorBytes = 512,
  ) {
    this.sectorCount = Math.floor(image.length / sectorBytes);
  }

  read(sector: number, count: number): Uint8Array {
    return this.image.subarray(sector * this.sectorBytes, (sector + count) * this.sectorBytes);
  }

  write(sector: number, bytes: Uint8Array): void {
    this.image.set(bytes, sector * this.sectorBytes);
  }

  sync(): void {
    // Memory has nothing behind it.
  }
}

/**
 * The sector size of a FAT file system that begins at the beginning of an image, by its boot sector's own word. Undefined where there is none: a
 * jump, a sector size that there is, a signature and the name of a FAT stand in every boot sector.
 */
export function findSectorBytes(image: Uint8Array): number | undefined {
  if (image.length < 512) return undefined;
  const view = new DataView(image.buffer, image.byteOffset, image.length);
  const sectorBytes = view.getUint16(11, true);
  const isJump = image[0] === 0xeb || image[0] === 0xe9;
  const isSigned = view.getUint16(510, true) === 0xaa55;
  const isNamed = [54, 82].some((at) => new TextDecoder().decode(image.subarray(at, at + 3)) === 'FAT');
  return isJump && isSigned && isNamed && [512, 1024, 2048, 4096].includes(sectorBytes)
    ? sectorBytes
    : undefined;
}
