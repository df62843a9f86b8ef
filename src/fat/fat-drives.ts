import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as FatFsModule from 'js-fatfs';
import type { DiskIO, FatFs, FatFsOptions } from 'js-fatfs';
import type { SectorDevice } from './fat-device.js';
import { fatProblem } from './fat-error.js';

/** What js-fatfs exports: a value, since the package is loaded with the first drive. */
export type FatFsNames = typeof FatFsModule;

/** js-fatfs is built with so many drives. */
const driveCount = 10;

/** Node has it, its types have not. */
interface WebAssemblyCalls {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => object;
}

/** What Emscripten's generated code can be given beside its options: who makes the instance, and hands it over later. */
interface InstantiateOption {
  instantiateWasm(imports: object, done: (instance: object) => void): object;
}

/**
 * FatFs with its drives, each of which leads to a device. It is compiled when it is first used, without waiting: whoever cannot wait then (the
 * virtual board's thread) has this module loaded before.
 */
export class FatDrives {
  readonly #devices = new Map<number, SectorDevice>();
  readonly names: FatFsNames;
  #load: () => FatFs = () => {
    throw new Error('FatFs is not prepared');
  };
  #loaded: FatFs | undefined;
  #next = 0;
  #problem: { readonly error: unknown } | undefined;

  private constructor(names: FatFsNames) {
    this.names = names;
  }

  static async prepare(): Promise<FatDrives> {
    const names = await import('js-fatfs');
    const drives = new FatDrives(names);
    const deviceOf = (drive: number): SectorDevice | undefined => drives.#devices.get(drive);
    const diskio = diskOf(names, deviceOf, (error) => {
      drives.#problem ??= { error };
    });
    return new Promise((resolve, reject) => {
      const options: FatFsOptions & InstantiateOption = {
        diskio,
        instantiateWasm: (imports, done) => {
          drives.#load = () => {
            done(newInstance(imports));
            // Emscripten puts its functions into its options.
            return options as unknown as FatFs;
          };
          resolve(drives);
          return {};
        },
      };
      // Its own promise is kept with the instance, so perhaps never.
      names.create(options).catch(reject);
    });
  }

  get fatFs(): FatFs {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  /** A drive for a device; of more than there are, the one that was given out first is taken away from whoever has it. */
  connect(device: SectorDevice): number {
    const free = Array.from({ length: driveCount }, (_, drive) => drive).find(
      (drive) => !this.#devices.has(drive),
    );
    const drive = free ?? this.#next++ % driveCount;
    this.#devices.set(drive, device);
    return drive;
  }

  disconnect(drive: number): void {
    this.#devices.delete(drive);
  }

  /** Does one call of FatFs; what the device has thrown meanwhile is thrown. */
  call(work: (fatFs: FatFs) => number): number {
    this.#problem = undefined;
    const result = work(this.fatFs);
    const problem = this.#problem as { readonly error: unknown } | undefined;
    if (problem !== undefined) throw problem.error;
    return result;
  }

  /** Throws what a result other than "ok" says. */
  check(result: number, path?: string): void {
    if (result !== this.names.FR_OK) throw fatProblem(this.names, result, path);
  }
}

function newInstance(imports: object): object {
  const library = createRequire(import.meta.url).resolve('js-fatfs');
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyCalls };
  const module = new WebAssembly.Module(readFileSync(library.replace(/\.js$/, '.wasm')));
  return new WebAssembly.Instance(module, imports);
}

function diskOf(
  names: FatFsNames,
  deviceOf: (drive: number) => SectorDevice | undefined,
  onProblem: (error: unknown) => void,
): DiskIO {
  const attempt = (drive: number, work: (device: SectorDevice) => void): number => {
    const device = deviceOf(drive);
    if (device === undefined) return names.RES_ERROR;
    try {
      work(device);
      return names.RES_OK;
    } catch (error) {
      onProblem(error);
      return names.RES_ERROR;
    }
  };
  return {
    initialize: (_, drive) => (deviceOf(drive) === undefined ? names.STA_NODISK : names.RES_OK),
    status: (_, drive) => (deviceOf(drive) === undefined ? names.STA_NODISK : names.RES_OK),
    read: (fatFs, drive, address, sector, count) =>
      attempt(drive, (device) => {
        fatFs.HEAPU8.set(device.read(sector >>> 0, count), address);
      }),
    write: (fatFs, drive, address, sector, count) =>
      attempt(drive, (device) => {
        device.write(sector >>> 0, fatFs.HEAPU8.subarray(address, address + count * device.sectorBytes));
      }),
    ioctl: (fatFs, drive, command, address) =>
      attempt(drive, (device) => {
        if (command === names.GET_SECTOR_COUNT) fatFs.setValue(address, device.sectorCount, 'i32');
        else if (command === names.GET_SECTOR_SIZE) fatFs.setValue(address, device.sectorBytes, 'i16');
        else if (command === names.GET_BLOCK_SIZE) fatFs.setValue(address, 1, 'i32');
        else device.sync();
      }),
  };
}
