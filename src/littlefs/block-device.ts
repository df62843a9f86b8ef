/**
 * Flash memory as littlefs sees it. An erased block is programmed from its beginning on, each byte once; offsets and sizes of programs are
 * multiples of `programBytes`. What a program or an erase that was cut off leaves may be anything.
 */
export interface BlockDevice {
  readonly blockBytes: number;
  readonly blockCount: number;
  readonly programBytes: number;
  /** The bytes themselves or a copy: they are not changed. */
  read(block: number, offset: number, sizeBytes: number): Uint8Array;
  program(block: number, offset: number, bytes: Uint8Array): void;
  erase(block: number): void;
  /** What was programmed is to outlive a loss of power. */
  sync(): void;
}

/** As MicroPython has them on an ESP32 (`extmod/vfs_lfs.c`, `ports/esp32/modules/flashbdev.py`). */
export const usualBlockBytes = 4096;
export const usualProgramBytes = 32;

/** What an erase makes of each byte. */
export const erased = 0xff;

/** Whether a whole unit that can be programmed is here, as an erase leaves it. */
export function isErasedUnit({ programBytes }: BlockDevice, bytes: Uint8Array): boolean {
  return bytes.length === programBytes && bytes.every((byte) => byte === erased);
}

/** A flash image in memory. */
export class ImageDevice implements BlockDevice {
  readonly blockCount: number;
  readonly programBytes = usualProgramBytes;

  /** @param image Is changed in place; a last piece that is no whole block is left alone. */
  constructor(
    readonly image: Uint8Array,
    readonly blockBytes = usualBlockBytes,
  ) {
    this.blockCount = Math.floor(image.length / blockBytes);
  }

  read(block: number, offset: number, sizeBytes: number): Uint8Array {
    const start = block * this.blockBytes + offset;
    return this.image.subarray(start, start + sizeBytes);
  }

  program(block: number, offset: number, bytes: Uint8Array): void {
    this.image.set(bytes, block * this.blockBytes + offset);
  }

  erase(block: number): void {
    const start = block * this.blockBytes;
    this.image.fill(erased, start, start + this.blockBytes);
  }

  sync(): void {
    // Memory has nothing behind it.
  }
}
