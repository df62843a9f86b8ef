import { findSectorBytes } from '../../fat/fat-device.js';
import { FatError } from '../../fat/fat-error.js';
import type { FatLibrary } from '../../fat/fat.js';
import { Littlefs } from '../../littlefs/littlefs.js';
import { LittlefsError } from '../../littlefs/littlefs-error.js';
import { findFilesRegion, type FilesRegion } from '../chip/files-region.js';
import { isErased } from '../chip/flash.js';
import { sectorSizeBytes } from '../chip/timing.js';
import type { BoardFlash } from './board-flash.js';
import { noDisk, readOnlyDisk, type Disk } from './disk.js';
import { FatDisk } from './fat-disk.js';
import { FilesDevice } from './files-device.js';
import { FilesSectors } from './files-sectors.js';
import type { FlashTime } from './flash-time.js';
import { LittlefsDisk } from './littlefs-disk.js';

export interface BoardFilesOptions {
  readonly flash: BoardFlash;
  readonly time: FlashTime;
  readonly fat: FatLibrary;
  readonly isReadOnly: boolean;
  /** Creating every so-manieth file takes as long as littlefs takes when it compacts. */
  readonly compactEvery: number | undefined;
  /** The board's own time of day, in ms since 1970. */
  readonly nowMs: () => number;
}

export interface BoardFiles {
  readonly disk: Disk;
  /** `new`: made at this start; `damaged`: there is something that is no file system; `none`: there is no place for one. */
  readonly state: 'mounted' | 'new' | 'damaged' | 'none';
}

const fatSectorBytes = 512;

/** What a board has after its first start (`ports/esp32/modules/inisetup.py`). */
const bootPy = `\
# This file is executed on every boot (including wake-boot from deepsleep)
#import esp
#esp.osdebug(None)
#import webrepl
#webrepl.start()
`;

/** What MicroPython does with its files as it starts (`ports/esp32/modules/_boot.py`): mounts them, and makes a file system where all is erased. */
export function mountFiles(options: BoardFilesOptions): BoardFiles {
  const { flash, isReadOnly } = options;
  const region = findFilesRegion(flash);
  if (region === undefined) return { disk: noDisk, state: 'none' };
  const withRights = (disk: Disk): Disk => (isReadOnly ? readOnlyDisk(disk) : disk);
  const place = placesIn(region, options)[region.kind];
  const found = findDisk(region, options);
  if (found !== undefined) return { disk: withRights(found), state: 'mounted' };
  const isBlank = isErased(flash.read(region.offset, place.blockBytes));
  if (!isBlank) return { disk: noDisk, state: 'damaged' };
  place.format();
  const disk = place.mount();
  disk.makeFile('boot.py');
  const file = disk.open('boot.py', 'write');
  file.write(0, new TextEncoder().encode(bootPy));
  file.close();
  return { disk: withRights(disk), state: 'new' };
}

/** Whichever kind is there: a row has what an earlier MicroPython made, too. */
function findDisk(region: FilesRegion, options: BoardFilesOptions): Disk | undefined {
  const { littlefs, fat } = placesIn(region, options);
  for (const place of [littlefs, fat]) {
    if (!place.isThere()) continue;
    try {
      return place.mount();
    } catch (error) {
      if (!(error instanceof LittlefsError) && !(error instanceof FatError)) throw error;
    }
  }
  return undefined;
}

/** A place for files, as one kind of file system has it. */
interface Place {
  readonly blockBytes: number;
  isThere(): boolean;
  format(): void;
  mount(): Disk;
}

function placesIn(
  region: FilesRegion,
  options: BoardFilesOptions,
): Readonly<Record<FilesRegion['kind'], Place>> {
  const { flash, time, fat } = options;
  const blocks = new FilesDevice(flash, region, time);
  // As `ports/esp32/modules/flashbdev.py` has them.
  const sectors = new FilesSectors(
    flash,
    region,
    time,
    region.kind === 'fat' ? fatSectorBytes : sectorSizeBytes,
  );
  return {
    littlefs: {
      blockBytes: blocks.blockBytes,
      isThere: () => true,
      format: () => {
        Littlefs.format(blocks);
      },
      mount: () => littlefsDisk(Littlefs.mount(blocks), options),
    },
    fat: {
      blockBytes: sectors.sectorBytes,
      // FatFs is compiled when it is first asked, which takes its time.
      isThere: () => findSectorBytes(sectors.read(0, 1)) === sectors.sectorBytes,
      format: () => {
        fat.format(sectors);
      },
      mount: () => new FatDisk(fat.mount(sectors)),
    },
  };
}

function littlefsDisk(fs: Littlefs, { time, compactEvery, nowMs }: BoardFilesOptions): Disk {
  let madeFiles = 0;
  return new LittlefsDisk(fs, {
    nowMs,
    onFind: () => {
      time.find();
    },
    onMake: () => {
      madeFiles += 1;
      if (compactEvery !== undefined && madeFiles % compactEvery === 0) time.compact();
    },
  });
}
