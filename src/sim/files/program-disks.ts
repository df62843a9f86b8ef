import type { FatLibrary } from '../../fat/fat.js';
import { Littlefs } from '../../littlefs/littlefs.js';
import { toBoardErrno } from '../micropython/board-errno.js';
import type { EmscriptenFs } from '../micropython/wasm/emscripten.js';
import { BoardFs, errnoOf } from './board-fs.js';
import type { Disk, DiskEntry } from './disk.js';
import { FatDisk } from './fat-disk.js';
import { LittlefsDisk } from './littlefs-disk.js';
import { type BlockGeometry, BlockError, PythonBlocks } from './python-blocks.js';

/** Where Emscripten's own tree holds the file systems that programs have mounted: device/sim/vfs.py opens files there. */
const mountsPath = '/disks';
/** Linux's numbers, which MicroPython raises. */
const Errno = { noDevice: 19 } as const;

export interface ProgramDisksOptions {
  readonly fs: EmscriptenFs;
  readonly fat: FatLibrary;
  /** The board's own time of day, in ms since 1970. */
  readonly nowMs: () => number;
  /** Runs Python in between. */
  readonly runBetween: (source: string) => void;
  readonly onCloseError: (wasiErrno: number) => void;
  /** The VM's memory as it is now. */
  readonly memory: () => Int8Array;
}

type Kind = 'lfs2' | 'fat';

/** What `vfs.VfsFat` and `vfs.VfsLfs2` (device/sim/vfs.py) are made of: the file systems of this project on block devices in Python. */
export class ProgramDisks {
  readonly #options: ProgramDisksOptions;
  readonly #blocks: PythonBlocks;
  readonly #disks = new Map<number, Disk>();

  constructor(options: ProgramDisksOptions) {
    this.#options = options;
    this.#blocks = new PythonBlocks(() => {
      options.runBetween('__import__("vfs")._serve()');
    });
    const { fs } = options;
    fs.registerDevice(fs.makedev(93, 0), this.#blocks.file);
    fs.mkdev('/dev/blocks', 0o666, fs.makedev(93, 0));
    fs.mkdir(mountsPath);
  }

  /** Each answers with what it is asked for in a list, or with an error's number. */
  get devices(): Readonly<Record<string, (...args: unknown[]) => unknown>> {
    const asked =
      (work: (...args: unknown[]) => unknown) =>
      (...args: unknown[]) =>
        this.#answer(() => work(...args));
    const disk = (number: unknown): Disk => {
      const found = this.#disks.get(Number(number));
      if (found === undefined) throw new BlockError(Errno.noDevice);
      return found;
    };
    return {
      ...this.#blocks.devices,
      disk_format: asked((kind, number, blockBytes, blockCount, programBytes) => {
        this.#format(kind as Kind, geometryOf(number, blockBytes, blockCount), Number(programBytes));
      }),
      disk_mount: asked((kind, number, blockBytes, blockCount, programBytes, hasTimes) => {
        const geometry = geometryOf(number, blockBytes, blockCount);
        this.#mount(
          geometry.number,
          this.#diskOf(kind as Kind, geometry, Number(programBytes), hasTimes === true),
        );
      }),
      disk_list: asked((number, path) => disk(number).list(String(path)).map(told)),
      disk_stat: asked((number, path) => {
        const entry = disk(number).stat(String(path));
        return entry && told(entry);
      }),
      disk_space: asked((number) => {
        const { blockBytes, blockCount, usedBlocks } = disk(number).space();
        return [blockBytes, blockCount, blockCount - usedBlocks];
      }),
      disk_mkdir: asked((number, path) => {
        disk(number).makeFolder(String(path));
      }),
      disk_remove: asked((number, path) => {
        disk(number).remove(String(path));
      }),
      disk_rename: asked((number, from, to) => {
        disk(number).rename(String(from), String(to));
      }),
    };
  }

  #format(kind: Kind, geometry: BlockGeometry, programBytes: number): void {
    if (kind === 'fat') this.#options.fat.format(this.#blocks.sectorDevice(geometry));
    else Littlefs.format(this.#blocks.blockDevice(geometry, programBytes));
  }

  #diskOf(kind: Kind, geometry: BlockGeometry, programBytes: number, hasTimes: boolean): Disk {
    const { fat, nowMs } = this.#options;
    if (kind === 'fat') return new FatDisk(fat.mount(this.#blocks.sectorDevice(geometry)));
    const fs = Littlefs.mount(this.#blocks.blockDevice(geometry, programBytes));
    return new LittlefsDisk(fs, { nowMs: hasTimes ? nowMs : undefined });
  }

  #mount(number: number, disk: Disk): void {
    const { fs, onCloseError, memory } = this.#options;
    const mountPoint = `${mountsPath}/${number}`;
    if (!this.#disks.has(number)) fs.mkdir(mountPoint);
    this.#disks.set(number, disk);
    fs.mount(new BoardFs(fs, { disk, mountPoint, onCloseError, memory }), {}, mountPoint);
  }

  #answer(work: () => unknown): unknown {
    try {
      return [work() ?? null];
    } catch (error) {
      if (error instanceof BlockError) return error.boardErrno;
      const wasiErrno = errnoOf(error);
      if (wasiErrno === undefined) throw error;
      return toBoardErrno(wasiErrno);
    }
  }
}

function geometryOf(number: unknown, blockBytes: unknown, blockCount: unknown): BlockGeometry {
  return { number: Number(number), blockBytes: Number(blockBytes), blockCount: Number(blockCount) };
}

function told({ name, type, sizeBytes, modifiedMs }: DiskEntry): readonly unknown[] {
  return [name, type === 'folder', sizeBytes, Math.floor(modifiedMs / 1000)];
}
