import { findSuperblock } from '../littlefs/find-superblock.js';
import { parseImage } from './esp-image.js';
import { findFilesPlace } from './files-place.js';
import { findBootloader } from './find-bootloader.js';
import { isBlank } from './is-blank.js';
import { bootPartition, parsePartitionTable } from './partition-table.js';
import type { Partition } from './partition-table.js';
import type { Firmware, FullBackup, PartialBackup } from './recognised.js';

/**
 * What a file as long as a chip is. Undefined where it does not begin as a flash does.
 * @param merged the same file as a firmware, where it could be one
 */
export function recogniseBackup(
  bytes: Uint8Array,
  merged: Firmware | undefined,
): FullBackup | PartialBackup | Firmware | undefined {
  const start = findBootloader(bytes, 0);
  const table = parsePartitionTable(bytes);
  if (table !== undefined && isCutOff(bytes, table.partitions)) {
    return merged ?? { kind: 'partial-backup', sizeBytes: bytes.length };
  }
  if (start === undefined && table === undefined && !isBlank(bytes)) return undefined;
  const appPartition = table === undefined ? undefined : bootPartition(table.partitions);
  return {
    kind: 'backup',
    sizeBytes: bytes.length,
    chip: start?.chip,
    partitions: table?.partitions ?? [],
    app: appPartition === undefined ? undefined : parseImage(bytes, appPartition.offset).image,
    merged,
  };
}

/** Whether a file that is as long as a smaller chip holds the beginning of a larger one. */
function isCutOff(bytes: Uint8Array, partitions: readonly Partition[]): boolean {
  if (partitions.some(({ offset, sizeBytes }) => offset + sizeBytes > bytes.length)) return true;
  const files = findFilesPlace(partitions, bytes.length);
  // MicroPython without a row for its files has them behind the last row.
  if (files === undefined)
    return bootPartition(partitions) !== undefined && hasMicroPython(bytes, partitions);
  const found = findSuperblock(bytes.subarray(files.offset, files.offset + files.sizeBytes));
  return found !== undefined && found.blockBytes * found.blockCount > files.sizeBytes;
}

function hasMicroPython(bytes: Uint8Array, partitions: readonly Partition[]): boolean {
  const app = bootPartition(partitions);
  return app !== undefined && parseImage(bytes, app.offset).image?.micropython !== undefined;
}
