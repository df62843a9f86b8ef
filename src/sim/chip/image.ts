import { createHash } from 'node:crypto';

/** ESP-IDF, "App Image Format" and `esp_app_format.h`: header with its extension, then one header per segment. */
export const imageHeaderSizeBytes = 24;
export const segmentHeaderSizeBytes = 8;
const digestSizeBytes = 32;
const maxSegments = 16;
/** `ESP_CHIP_ID_ESP32`. */
const esp32ChipId = 0;

export interface ImageSegment {
  readonly loadAddress: number;
  /** Length in multiples of 4 bytes. */
  readonly data: Uint8Array;
}

/** What is wrong with an image, with the values that the bootloader prints about it. */
export type ImageProblem =
  | { readonly kind: 'magic'; readonly found: number }
  | { readonly kind: 'chip'; readonly found: number }
  | { readonly kind: 'segments' }
  | { readonly kind: 'checksum'; readonly calculated: number; readonly stored: number }
  | { readonly kind: 'digest' };

export interface CheckedImage {
  readonly problem?: ImageProblem;
  readonly entry: number;
  /** Header to digest. */
  readonly sizeBytes: number;
  readonly segments: readonly { readonly loadAddress: number; readonly sizeBytes: number }[];
}

/** Puts an image together: header, segments, padding, checksum in the last byte of a 16-byte row, SHA-256. */
export function buildImage(entry: number, segments: readonly ImageSegment[]): Uint8Array {
  const bodySizeBytes = segments.reduce(
    (size, segment) => size + segmentHeaderSizeBytes + segment.data.length,
    imageHeaderSizeBytes,
  );
  const checkedSizeBytes = Math.ceil((bodySizeBytes + 1) / 16) * 16;
  const image = new Uint8Array(checkedSizeBytes + digestSizeBytes);
  writeHeader(image, entry, segments.length);
  const view = new DataView(image.buffer);
  let at = imageHeaderSizeBytes;
  for (const segment of segments) {
    view.setUint32(at, segment.loadAddress, true);
    view.setUint32(at + 4, segment.data.length, true);
    image.set(segment.data, at + segmentHeaderSizeBytes);
    at += segmentHeaderSizeBytes + segment.data.length;
  }
  image[checkedSizeBytes - 1] = checksum(segments.map((segment) => segment.data));
  image.set(createHash('sha256').update(image.subarray(0, checkedSizeBytes)).digest(), checkedSizeBytes);
  return image;
}

/** DIO, 40 MHz, 4 MB, no write-protect pin, ESP32, any revision, digest appended: as MicroPython's own images have it. */
function writeHeader(image: Uint8Array, entry: number, segmentCount: number): void {
  const view = new DataView(image.buffer);
  image.set([0xe9, segmentCount, 0x02, 0x20]);
  view.setUint32(4, entry, true);
  view.setUint8(8, 0xee);
  view.setUint16(12, esp32ChipId, true);
  view.setUint16(17, 399, true);
  view.setUint8(23, 1);
}

/**
 * Judges an image the way ROM and second-stage bootloader do.
 * @param area the flash from the image's first byte to the end of the space it may take
 */
export function checkImage(area: Uint8Array): CheckedImage {
  const view = new DataView(area.buffer, area.byteOffset, area.length);
  const entry = view.getUint32(4, true);
  const failed = (problem: ImageProblem): CheckedImage => ({ problem, entry, sizeBytes: 0, segments: [] });
  if (view.getUint8(0) !== 0xe9) return failed({ kind: 'magic', found: view.getUint32(0, true) });
  const chipId = view.getUint16(12, true);
  if (chipId !== esp32ChipId) return failed({ kind: 'chip', found: chipId });
  const segments = readSegments((at, sizeBytes) => area.subarray(at, at + sizeBytes), area.length);
  if (segments === undefined) return failed({ kind: 'segments' });
  const checkedSizeBytes = checkedBytes(segments);
  const sizeBytes = checkedSizeBytes + digestSizeBytes;
  if (sizeBytes > area.length) return failed({ kind: 'segments' });
  const problem = checkSums(area, segments, checkedSizeBytes, view.getUint8(23) === 1);
  return { ...(problem && { problem }), entry, sizeBytes, segments };
}

interface PlacedSegment {
  readonly loadAddress: number;
  readonly sizeBytes: number;
  readonly offset: number;
}

/** How much of its room an image takes, by its headers; all of it where they say more. */
export function imageSpan(read: ReadFlash, roomBytes: number): number {
  const segments = readSegments(read, roomBytes);
  if (segments === undefined) return roomBytes;
  return Math.min(roomBytes, checkedBytes(segments) + digestSizeBytes);
}

/** Up to the checksum, which ends a row of 16 bytes. */
function checkedBytes(segments: readonly PlacedSegment[]): number {
  const last = segments.at(-1);
  const bodySizeBytes = last === undefined ? imageHeaderSizeBytes : last.offset + last.sizeBytes;
  return Math.ceil((bodySizeBytes + 1) / 16) * 16;
}

type ReadFlash = (offset: number, sizeBytes: number) => Uint8Array;

function readSegments(read: ReadFlash, roomBytes: number): PlacedSegment[] | undefined {
  const [, count = 0] = read(0, imageHeaderSizeBytes);
  if (count === 0 || count > maxSegments) return undefined;
  const segments: PlacedSegment[] = [];
  let at = imageHeaderSizeBytes;
  for (let index = 0; index < count; index++) {
    if (at + segmentHeaderSizeBytes > roomBytes) return undefined;
    const header = read(at, segmentHeaderSizeBytes);
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    const segment = {
      loadAddress: view.getUint32(0, true),
      sizeBytes: view.getUint32(4, true),
      offset: at + segmentHeaderSizeBytes,
    };
    at = segment.offset + segment.sizeBytes;
    if (at > roomBytes) return undefined;
    segments.push(segment);
  }
  return segments;
}

function checkSums(
  area: Uint8Array,
  segments: readonly PlacedSegment[],
  checkedSizeBytes: number,
  hasDigest: boolean,
): ImageProblem | undefined {
  const stored = area[checkedSizeBytes - 1] ?? 0;
  const calculated = checksum(
    segments.map(({ offset, sizeBytes }) => area.subarray(offset, offset + sizeBytes)),
  );
  if (calculated !== stored) return { kind: 'checksum', calculated, stored };
  if (!hasDigest) return undefined;
  const digest = createHash('sha256').update(area.subarray(0, checkedSizeBytes)).digest();
  const kept = area.subarray(checkedSizeBytes, checkedSizeBytes + digestSizeBytes);
  return digest.equals(kept) ? undefined : { kind: 'digest' };
}

function checksum(parts: readonly Uint8Array[]): number {
  let sum = 0xef;
  for (const part of parts) for (const byte of part) sum ^= byte;
  return sum;
}
