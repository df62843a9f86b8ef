import { chipByImageId } from './chips.js';
import type { ChipFamily } from './chips.js';

/** First byte of every ESP image. */
export const imageMagic = 0xe9;
/** `esp_image_header_t`: 8 bytes that all chips share and 16 that came with the ESP32. */
export const imageHeaderSizeBytes = 24;
/** ESP-IDF, `ESP_IMAGE_MAX_SEGMENTS`. */
export const maxSegments = 16;

export type FlashMode = 'qio' | 'qout' | 'dio' | 'dout';

/** The fixed part of an image (ESP-IDF, `esp_app_format.h`). */
export interface ImageHeader {
  readonly segmentCount: number;
  readonly flashMode: FlashMode | undefined;
  /** The flash size that the image was built for. */
  readonly flashSizeBytes: number | undefined;
  /** Raw code of the flash clock: what it stands for differs from chip to chip. */
  readonly flashFrequencyCode: number;
  readonly entryAddress: number;
  /** 0xee: disabled. */
  readonly wpPin: number;
  readonly chipId: number;
  /** Undefined for an id that no known chip has. */
  readonly chip: ChipFamily | undefined;
  /** Oldest silicon it runs on, major × 100 + minor; likewise the newest (65535 and 0 mean any). */
  readonly minRevision: number;
  readonly maxRevision: number;
  readonly hashAppended: boolean;
}

const flashModes: readonly FlashMode[] = ['qio', 'qout', 'dio', 'dout'];

/** Reads the header at `offset`; undefined when there is no magic byte or not enough bytes. */
export function parseImageHeader(bytes: Uint8Array, offset: number): ImageHeader | undefined {
  if (bytes.length < offset + imageHeaderSizeBytes || bytes[offset] !== imageMagic) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, imageHeaderSizeBytes);
  const sizeCode = view.getUint8(3) >> 4;
  const chipId = view.getUint16(12, true);
  return {
    segmentCount: view.getUint8(1),
    flashMode: flashModes[view.getUint8(2)],
    flashSizeBytes: sizeCode <= 7 ? 0x100000 << sizeCode : undefined,
    flashFrequencyCode: view.getUint8(3) & 0x0f,
    entryAddress: view.getUint32(4, true),
    wpPin: view.getUint8(8),
    chipId,
    chip: chipByImageId(chipId),
    minRevision: view.getUint16(15, true),
    maxRevision: view.getUint16(17, true),
    hashAppended: view.getUint8(23) === 1,
  };
}
