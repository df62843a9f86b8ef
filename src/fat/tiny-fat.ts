import { Buffer } from 'node:buffer';
import type { SectorDevice } from './fat-device.js';

/**
 * MicroPython's FatFs has file systems from 50 sectors on, and a RAM disk of a program has seldom more. The newer one in js-fatfs wants 128:
 * it is shown so many, with clusters marked as bad for those that there are not.
 */
const minSectors = 50;
const usualSectors = 128;
const totalSectorsAt = 19;
const badCluster = 0xff7;
const firstCluster = 2;

const rootEntries = 512;
const entryBytes = 32;
const reservedSectors = 1;
const fatSectors = 1;
/** The first two entries of a FAT12 stand for no cluster. */
const firstEntries = [0xf8, 0xff, 0xff];

export function isTiny({ sectorCount }: SectorDevice): boolean {
  return sectorCount >= minSectors && sectorCount < usualSectors;
}

/** What FatFs is to see of a device, and so many of its clusters are not there. */
export function shownToFatFs(device: SectorDevice): {
  readonly shown: SectorDevice;
  readonly missing: number;
} {
  if (!isTiny(device)) return { shown: device, missing: 0 };
  const boot = viewOf(device.read(0, 1));
  const { sectors, fatStart, dataStart, clusterSectors, isTooSmall } = layoutOf(boot, device);
  if (!isTooSmall) return { shown: device, missing: 0 };
  const clustersOf = (count: number): number => Math.floor((count - dataStart) / clusterSectors);
  const [there, seen] = [clustersOf(sectors), clustersOf(usualSectors)];
  const change = (sector: number, bytes: Uint8Array, total: number, mark: number): Uint8Array => {
    const changed = bytes.slice();
    if (sector === 0) viewOf(changed).setUint16(totalSectorsAt, total, true);
    if (sector === fatStart)
      for (let cluster = there; cluster < seen; cluster += 1) setEntry(changed, cluster + firstCluster, mark);
    return changed;
  };
  const each = (first: number, count: number, work: (sector: number, at: number) => void): void => {
    for (let nth = 0; nth < count; nth += 1) work(first + nth, nth * device.sectorBytes);
  };
  const shown: SectorDevice = {
    sectorBytes: device.sectorBytes,
    sectorCount: usualSectors,
    read: (first, count) => {
      const bytes = new Uint8Array(count * device.sectorBytes);
      each(first, count, (sector, at) => {
        if (sector < sectors) bytes.set(change(sector, device.read(sector, 1), usualSectors, badCluster), at);
      });
      return bytes;
    },
    write: (first, bytes) => {
      each(first, bytes.length / device.sectorBytes, (sector, at) => {
        const one = bytes.subarray(at, at + device.sectorBytes);
        if (sector < sectors) device.write(sector, change(sector, one, sectors, 0));
      });
    },
    sync: () => {
      device.sync();
    },
  };
  return { shown, missing: seen - there };
}

function layoutOf(boot: DataView, device: SectorDevice) {
  const fatStart = boot.getUint16(14, true);
  const fats = boot.getUint8(16) * boot.getUint16(22, true);
  const root = (boot.getUint16(17, true) * entryBytes) / device.sectorBytes;
  const sectors = boot.getUint16(totalSectorsAt, true);
  const isFat = boot.getUint16(510, true) === 0xaa55 && boot.getUint8(16) === 1 && boot.getUint8(13) > 0;
  return {
    sectors,
    fatStart,
    dataStart: fatStart + fats + root,
    clusterSectors: boot.getUint8(13),
    isTooSmall: isFat && sectors > 0 && sectors < usualSectors,
  };
}

/** A FAT12 has 12 bits for each cluster, two of them in three bytes. */
function setEntry(fat: Uint8Array, cluster: number, value: number): void {
  const at = Math.floor((cluster * 3) / 2);
  const [low = 0, high = 0] = fat.subarray(at, at + 2);
  const isOdd = cluster % 2 === 1;
  fat[at] = isOdd ? (low & 0x0f) | ((value & 0x0f) << 4) : value & 0xff;
  fat[at + 1] = isOdd ? value >> 4 : (high & 0xf0) | (value >> 8);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A FAT12 as MicroPython makes it on a disk that is too small for FatFs' newer versions: one FAT, clusters of a sector. */
export function formatTiny(device: SectorDevice): void {
  const { sectorBytes } = device;
  const rootSectors = (rootEntries * entryBytes) / sectorBytes;
  device.write(0, bootSector(device));
  device.write(reservedSectors, padded(firstEntries, sectorBytes));
  const empty = new Uint8Array(sectorBytes);
  for (let sector = 0; sector < rootSectors; sector += 1)
    device.write(reservedSectors + fatSectors + sector, empty);
  device.sync();
}

/** By Microsoft's specification of FAT (2000), page 7 on. */
function bootSector({ sectorBytes, sectorCount }: SectorDevice): Uint8Array {
  const sector = Buffer.alloc(sectorBytes);
  sector.set([0xeb, 0xfe, 0x90]);
  sector.write('MSDOS5.0', 3, 'latin1');
  sector.writeUInt16LE(sectorBytes, 11);
  sector.writeUInt8(1, 13);
  sector.writeUInt16LE(reservedSectors, 14);
  sector.writeUInt8(1, 16);
  sector.writeUInt16LE(rootEntries, 17);
  sector.writeUInt16LE(sectorCount, 19);
  sector.writeUInt8(0xf8, 21);
  sector.writeUInt16LE(fatSectors, 22);
  sector.writeUInt16LE(63, 24);
  sector.writeUInt16LE(255, 26);
  sector.writeUInt8(0x80, 36);
  sector.writeUInt8(0x29, 38);
  sector.write('NO NAME    FAT     ', 43, 'latin1');
  sector.set([0x55, 0xaa], 510);
  return sector;
}

function padded(bytes: readonly number[], sizeBytes: number): Uint8Array {
  const result = new Uint8Array(sizeBytes);
  result.set(bytes);
  return result;
}
