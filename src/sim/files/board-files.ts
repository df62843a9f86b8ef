import { Littlefs } from '../../littlefs/littlefs.js';
import { LittlefsError } from '../../littlefs/littlefs-error.js';
import { findFilesRegion } from '../chip/files-region.js';
import { isErased } from '../chip/flash.js';
import type { BoardFlash } from './board-flash.js';
import { noDisk, readOnlyDisk, type Disk } from './disk.js';
import { FilesDevice } from './files-device.js';
import type { FlashTime } from './flash-time.js';
import { LittlefsDisk } from './littlefs-disk.js';

export interface BoardFilesOptions {
  readonly flash: BoardFlash;
  readonly time: FlashTime;
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
  const { flash, time } = options;
  const region = findFilesRegion(flash);
  if (region === undefined) return { disk: noDisk, state: 'none' };
  const device = new FilesDevice(flash, region, time);
  try {
    return { disk: boardDisk(Littlefs.mount(device), options), state: 'mounted' };
  } catch (error) {
    if (!(error instanceof LittlefsError)) throw error;
  }
  const isBlank = isErased(flash.read(region.offset, device.blockBytes));
  if (!isBlank) return { disk: noDisk, state: 'damaged' };
  Littlefs.format(device);
  const fs = Littlefs.mount(device);
  const disk = boardDisk(fs, { ...options, isReadOnly: false });
  disk.makeFile('boot.py');
  const file = disk.open('boot.py', 'write');
  file.write(0, new TextEncoder().encode(bootPy));
  file.close();
  return { disk: boardDisk(fs, options), state: 'new' };
}

function boardDisk(fs: Littlefs, { time, isReadOnly, compactEvery, nowMs }: BoardFilesOptions): Disk {
  let madeFiles = 0;
  const disk = new LittlefsDisk(fs, {
    nowMs,
    onFind: () => {
      time.find();
    },
    onMake: () => {
      madeFiles += 1;
      if (compactEvery !== undefined && madeFiles % compactEvery === 0) time.compact();
    },
  });
  return isReadOnly ? readOnlyDisk(disk) : disk;
}
