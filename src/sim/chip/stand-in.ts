import type { Flash } from '../guest.js';
import { buildImage, imageHeaderSizeBytes, type ImageSegment, segmentHeaderSizeBytes } from './image.js';
import { buildPartitionTable, type Partition, partitionTableOffset } from './partition-table.js';
import { makeCodeLikeBytes } from './stand-in-bytes.js';

/** Where a MicroPython `.bin` for the ESP32 begins in flash. */
const standInOffset = 0x1000;
/**
 * The lines of the prompt's banner, as they are in MicroPython's constants: whose version that is only they tell, since the names in
 * the application descriptor are empty in its builds. The second tells anyone a stand-in from MicroPython.
 */
const standInTexts = ['MicroPython v1.27.0 on 2025-12-10', '; upyw stand-in with ESP32'] as const;
/** About where they are in the builds of 1.17 to 1.23. */
const textsAt = 0xa000;

const appOffset = 0x10000;
const mapPageSizeBytes = 0x10000;
const defaultAppSizeBytes = 0x30000;

/** The layout of MicroPython's builds for the ESP32 from 1.26 on: its files are behind the last of them, without a row. */
const standInPartitions: readonly Partition[] = [
  { label: 'nvs', type: 1, subtype: 0x02, offset: 0x9000, sizeBytes: 0x6000 },
  { label: 'phy_init', type: 1, subtype: 0x01, offset: 0xf000, sizeBytes: 0x1000 },
  { label: 'factory', type: 0, subtype: 0x00, offset: appOffset, sizeBytes: 0x1f0000 },
];

export interface StandInOptions {
  /** About how large the application image is to be; MicroPython 1.26 has 1.67 MB. */
  readonly appSizeBytes?: number;
  /** Changes every byte of the code in it, and nothing else. */
  readonly seed?: number;
}

/**
 * Makes a firmware file in the form in which MicroPython publishes its own (`ESP32_GENERIC-….bin`, to be written at 0x1000):
 * bootloader, partition table, application, all valid and the same each time. It runs nowhere but on the virtual board,
 * where MicroPython stands ready behind any valid application. About 256 kB, and deflates about as well as real firmware does.
 */
export function buildStandIn(options: StandInOptions = {}): Uint8Array {
  const { appSizeBytes = defaultAppSizeBytes, seed = 1 } = options;
  const app = buildApp(appSizeBytes, seed);
  const firmware = new Uint8Array(appOffset - standInOffset + app.length).fill(0xff);
  firmware.set(buildBootloader(seed));
  firmware.set(buildPartitionTable(standInPartitions), partitionTableOffset - standInOffset);
  firmware.set(app, appOffset - standInOffset);
  return firmware;
}

/** Made once per process: that takes longer than all else of making a board. */
let firmwareOfNewBoards: Uint8Array | undefined;

/** Programs what a new board comes with into a blank flash: the stand-in, and an erased file system. */
export function programNewBoard(flash: Flash): void {
  firmwareOfNewBoards ??= buildStandIn();
  flash.program(standInOffset, firmwareOfNewBoards);
}

/** Segments as ESP-IDF's second-stage bootloader has them, in about its size. */
function buildBootloader(seed: number): Uint8Array {
  return buildImage(0x400805f0, [
    { loadAddress: 0x3fff0030, data: makeCodeLikeBytes(0x18e8, seed + 1) },
    { loadAddress: 0x40078000, data: makeCodeLikeBytes(0x3c20, seed + 2) },
    { loadAddress: 0x40080400, data: makeCodeLikeBytes(0x0fa0, seed + 3) },
  ]);
}

/**
 * Constants and code that run from flash are mapped by pages of 64 KiB, so they lie at the same offset within a page in the file
 * as in memory; what fills the gap is loaded into RAM.
 */
function buildApp(sizeBytes: number, seed: number): Uint8Array {
  const constantsSizeBytes = Math.max(0x4000, (sizeBytes >> 2) & ~0xf);
  const constants = makeCodeLikeBytes(constantsSizeBytes, seed + 4);
  constants.set(buildDescriptor());
  constants.set(buildTexts(), Math.min(textsAt, constantsSizeBytes - 0x1000));
  const segments: ImageSegment[] = [{ loadAddress: 0x3f400020, data: constants }];
  const afterConstants = imageHeaderSizeBytes + segmentHeaderSizeBytes + constantsSizeBytes;
  const codeHeaderAt = Math.ceil(afterConstants / mapPageSizeBytes) * mapPageSizeBytes + 0x18;
  const ramSizeBytes = codeHeaderAt - afterConstants - segmentHeaderSizeBytes;
  segments.push({ loadAddress: 0x40080000, data: makeCodeLikeBytes(ramSizeBytes, seed + 5) });
  const codeSizeBytes = Math.max(0x4000, (sizeBytes - codeHeaderAt - 0x40) & ~0x3);
  segments.push({ loadAddress: 0x400d0020, data: makeCodeLikeBytes(codeSizeBytes, seed + 6) });
  return buildImage(0x40081214, segments);
}

/** `esp_app_desc_t`, the first 256 bytes of the first segment; without names, as MicroPython's builds have it. */
function buildDescriptor(): Uint8Array {
  const descriptor = new Uint8Array(256);
  const put = (text: string, at: number): void => {
    descriptor.set(new TextEncoder().encode(text), at);
  };
  new DataView(descriptor.buffer).setUint32(0, 0xabcd5432, true);
  put('12:00:00', 80);
  put('Jan  1 2026', 96);
  put('none', 112);
  return descriptor;
}

/** Each with its terminating zero, at a multiple of four. */
function buildTexts(): Uint8Array {
  const texts = standInTexts.map((text) => text.padEnd(Math.ceil((text.length + 1) / 4) * 4, '\0'));
  return new TextEncoder().encode(texts.join(''));
}
