import { findSuperblock } from '../littlefs/find-superblock.js';
import { isBlank } from './is-blank.js';
import { parsePartitionTable, partitionTableOffset } from './partition-table.js';
import type { FlashPart } from './recognised.js';

/** Rows and their end; what a build writes to a file is 0xc00 bytes long, what is read from a chip a sector. */
const maxTableBytes = 0x1000;
/** Where Arduino's and PlatformIO's tables have `otadata`. */
const usualOtaDataOffset = 0xe000;
const usualNvsOffset = 0x9000;

/** Names the parts of a flash that are no images. */
export function recognisePart(bytes: Uint8Array): FlashPart | undefined {
  if (bytes.length <= maxTableBytes && parsePartitionTable(bytes, 0)?.valid === true) {
    return part('a partition table', partitionTableOffset, true);
  }
  if (isOtaData(bytes)) {
    return part('the choice between two applications (otadata, boot_app0.bin)', usualOtaDataOffset);
  }
  if (isNvs(bytes)) return part('the settings of a chip (NVS)', usualNvsOffset);
  if (findSuperblock(bytes) !== undefined) return part('the image of a file system (littlefs)');
  if (isFat(bytes)) return part('the image of a file system (FAT)');
  return undefined;
}

function part(name: string, usualOffset?: number, fixed = false): FlashPart {
  return { kind: 'part', part: name, usualOffset, fixed };
}

/**
 * Two sectors, each with a counter, a label of 20 bytes, a state and the CRC-32 of the counter (ESP-IDF, `esp_ota_select_entry_t`). Of a
 * counter of 1 the CRC is 0x4743989a; one is 0xFF where it was never used.
 */
function isOtaData(bytes: Uint8Array): boolean {
  if (bytes.length !== 0x2000) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return (
    view.getUint32(0, true) === 1 &&
    view.getUint32(28, true) === 0x4743989a &&
    isBlank(bytes.subarray(32, 0x1000))
  );
}

/** Pages of 4 KiB: state (active or full), sequence number, version 0xFE or 0xFF, 19 bytes 0xFF (ESP-IDF, "NVS: Structure of a page"). */
function isNvs(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length % 0x1000 !== 0) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isPage = [0xfffffffe, 0xfffffffc].includes(view.getUint32(0, true)) && view.getUint8(8) >= 0xfe;
  return isPage && isBlank(bytes.subarray(9, 28));
}

/** A boot sector, with the name of the format in it. */
function isFat(bytes: Uint8Array): boolean {
  if (bytes.length < 512 || bytes[510] !== 0x55 || bytes[511] !== 0xaa) return false;
  return new TextDecoder('latin1').decode(bytes.subarray(0, 96)).includes('FAT');
}
