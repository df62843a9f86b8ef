import { createHash } from 'node:crypto';
import { parseAppDescription, toHex } from './app-description.js';
import type { AppDescription } from './app-description.js';
import { imageHeaderSizeBytes, maxSegments, parseImageHeader } from './image-header.js';
import type { ImageHeader } from './image-header.js';
import { findMicroPython } from './micropython-version.js';
import type { MicroPythonVersion } from './micropython-version.js';

export interface ImageSegment {
  /** Where it is loaded to or mapped at. */
  readonly address: number;
  readonly sizeBytes: number;
  /** Of its data, from the start of the image. */
  readonly fileOffset: number;
}

/** A value that the image carries, and the same computed from its bytes. */
export interface CheckedValue<Value> {
  readonly stored: Value;
  readonly computed: Value;
  readonly valid: boolean;
}

/** A bootloader or an application, whole from its magic byte to its last check byte. */
export interface EspImage extends ImageHeader {
  /** Of the magic byte in the bytes that were parsed. */
  readonly offset: number;
  /** Up to and including the appended SHA-256, if there is one. */
  readonly sizeBytes: number;
  readonly segments: readonly ImageSegment[];
  /** XOR of all segment bytes, seeded 0xEF. */
  readonly checksum: CheckedValue<number>;
  readonly sha256: CheckedValue<string> | undefined;
  readonly app: AppDescription | undefined;
  /** Undefined for all that is not MicroPython. */
  readonly micropython: MicroPythonVersion | undefined;
}

/** Why bytes are no image. */
export type ImageProblem =
  | { readonly kind: 'no-header' }
  | { readonly kind: 'implausible'; readonly what: string }
  | { readonly kind: 'truncated'; readonly neededBytes: number };

export type ParsedImage =
  | { readonly image: EspImage; readonly problem?: never }
  | { readonly image?: never; readonly problem: ImageProblem };

/** No ESP32 maps more than this of one image. */
const maxSegmentSizeBytes = 0x1000000;

/**
 * Parses the image at `offset` (ESP-IDF, "App Image Format"). Wrong check values are not a problem here: the caller
 * sees them in `checksum` and `sha256`.
 */
export function parseImage(bytes: Uint8Array, offset = 0): ParsedImage {
  const header = parseImageHeader(bytes, offset);
  if (header === undefined) return { problem: { kind: 'no-header' } };
  if (header.segmentCount === 0 || header.segmentCount > maxSegments) {
    return { problem: { kind: 'implausible', what: `${header.segmentCount} segments` } };
  }
  const walked = walkSegments(bytes, offset, header.segmentCount);
  if ('kind' in walked) return { problem: walked };

  // The checksum is the last byte of a 16-byte row; at least one padding byte or the checksum itself follows the data.
  const checksumEnd = (walked.endOffset + 16) & ~15;
  const sizeBytes = checksumEnd + (header.hashAppended ? 32 : 0);
  if (bytes.length < offset + sizeBytes)
    return { problem: { kind: 'truncated', neededBytes: offset + sizeBytes } };
  const image = bytes.subarray(offset, offset + sizeBytes);
  return {
    image: {
      ...header,
      offset,
      sizeBytes,
      segments: walked.segments,
      checksum: checked(image[checksumEnd - 1] ?? 0, xorOfSegments(image, walked.segments)),
      sha256: header.hashAppended
        ? checked(toHex(image.subarray(checksumEnd)), sha256Hex(image.subarray(0, checksumEnd)))
        : undefined,
      ...describeContent(image, walked.segments),
    },
  };
}

/** An application's first segment is its constants, with its description at their start. */
function describeContent(
  image: Uint8Array,
  [constants]: readonly ImageSegment[],
): Pick<EspImage, 'app' | 'micropython'> {
  if (constants === undefined) return { app: undefined, micropython: undefined };
  const { fileOffset, sizeBytes } = constants;
  const app = parseAppDescription(image, fileOffset);
  const micropython =
    app === undefined ? undefined : findMicroPython(image.subarray(fileOffset, fileOffset + sizeBytes));
  return { app, micropython };
}

/** Whether every check value that the image carries is right. */
export function isIntact(image: EspImage): boolean {
  return image.checksum.valid && (image.sha256?.valid ?? true);
}

function walkSegments(
  bytes: Uint8Array,
  offset: number,
  count: number,
): { segments: ImageSegment[]; endOffset: number } | ImageProblem {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset);
  const segments: ImageSegment[] = [];
  let position = imageHeaderSizeBytes;
  for (let index = 0; index < count; index++) {
    if (view.byteLength < position + 8) return { kind: 'truncated', neededBytes: offset + position + 8 };
    const address = view.getUint32(position, true);
    const sizeBytes = view.getUint32(position + 4, true);
    if (sizeBytes > maxSegmentSizeBytes) {
      return { kind: 'implausible', what: `segment ${index} of ${sizeBytes} bytes` };
    }
    segments.push({ address, sizeBytes, fileOffset: position + 8 });
    position += 8 + sizeBytes;
  }
  if (view.byteLength < position) return { kind: 'truncated', neededBytes: offset + position };
  return { segments, endOffset: position };
}

function xorOfSegments(image: Uint8Array, segments: readonly ImageSegment[]): number {
  let state = 0xef;
  for (const { fileOffset, sizeBytes } of segments) {
    for (let index = fileOffset; index < fileOffset + sizeBytes; index++) state ^= image[index] ?? 0;
  }
  return state;
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function checked<Value>(stored: Value, computed: Value): CheckedValue<Value> {
  return { stored, computed, valid: stored === computed };
}
