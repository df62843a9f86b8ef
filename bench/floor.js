import { constants, deflateRawSync } from 'node:zlib';

const blockBytes = 4096;
const pageBytes = 256;
/** As the virtual board charges them (src/sim/micropython/flash-time.ts). */
const flashMs = { erase: 45, page: 0.6, log: 2, readBlock: 1 };

/**
 * The time below which nothing can get: the bytes that must travel, ten bits each, and what the board's flash takes for a file that is
 * written, read back and renamed.
 * @param {Uint8Array[]} files
 * @param {{ baudRate: number, compressed?: boolean }} line
 */
export function putFloorMs(files, { baudRate, compressed = false }) {
  const wireBytes = files.reduce((sum, file) => sum + (compressed ? deflatedBytes(file) : file.length), 0);
  return wireMs(wireBytes, baudRate) + files.reduce((sum, file) => sum + writeMs(file.length), 0);
}

/**
 * @param {Uint8Array[]} files
 * @param {{ baudRate: number }} line
 */
export function getFloorMs(files, { baudRate }) {
  const sizeBytes = files.reduce((sum, file) => sum + file.length, 0);
  return wireMs(sizeBytes, baudRate) + (sizeBytes / blockBytes) * flashMs.readBlock;
}

/** @param {number} bytes @param {number} baudRate */
function wireMs(bytes, baudRate) {
  return (bytes * 10_000) / baudRate;
}

/** With the window of 4 KiB that a board has RAM for. @param {Uint8Array} bytes */
function deflatedBytes(bytes) {
  const level = constants.Z_BEST_COMPRESSION;
  return Math.min(bytes.length, deflateRawSync(bytes, { level, windowBits: 12, memLevel: 9 }).length);
}

/** Created, written, closed, read back, renamed. @param {number} sizeBytes */
function writeMs(sizeBytes) {
  const erased = Math.ceil(sizeBytes / blockBytes) * flashMs.erase;
  const programmed = Math.ceil(sizeBytes / pageBytes) * flashMs.page;
  return erased + programmed + 3 * flashMs.log + (sizeBytes / blockBytes) * flashMs.readBlock;
}
