import type { Flash, Guest, GuestStarter, ResetReason } from '../guest.js';
import { type CheckedImage, checkImage, type ImageProblem, imageSpan } from './image.js';
import {
  parsePartitionTable,
  type Partition,
  partitionTableOffset,
  partitionTableSizeBytes,
} from './partition-table.js';
import type { Silicon } from './identity.js';
import { romBanner, romBaudRate } from './loader/rom-banner.js';

const bootloaderOffset = 0x1000;

/** What ROM and bootloader make of a flash. */
export interface BootVerdict {
  /** Whether an application starts: bootloader, partition table and application are all right. */
  readonly bootable: boolean;
  /** What they print after the banner, before the application starts or the chip resets itself. */
  readonly output: string;
  /** How a chip that cannot start goes on: a line over and over, then a reset. */
  readonly failure?: { readonly repeatedLine?: string; readonly reset: ResetReason };
}

/** Follows the boot from the image at 0x1000 over the partition table to the application, and stops at what is not right. */
export function checkBoot(flash: Flash): BootVerdict {
  const bootloader = checkImage(readImage(flash, bootloaderOffset, partitionTableOffset - bootloaderOffset));
  if (bootloader.problem !== undefined) return romRefuses(bootloader, bootloader.problem);
  const loaded = describeLoad(bootloader);
  const table = parsePartitionTable(flash.read(partitionTableOffset, partitionTableSizeBytes));
  if (table === undefined) {
    return bootloaderRefuses(loaded, [
      'flash_parts: partition table is damaged or missing',
      'boot: Failed to verify partition table',
      'boot: load partition table error!',
    ]);
  }
  const app = findApp(table, flash.sizeBytes);
  if (app === undefined) {
    return bootloaderRefuses(loaded, ['boot: No bootable app partitions in the partition table']);
  }
  const { problem } = checkImage(readImage(flash, app.offset, app.sizeBytes));
  if (problem === undefined) return { bootable: true, output: loaded };
  return bootloaderRefuses(loaded, [
    describeAppProblem(problem, app),
    'boot: Factory app partition is not bootable',
    'boot: No bootable app partitions in the partition table',
  ]);
}

/** The image at a place that has room for so many bytes, without the room behind it. */
function readImage(flash: Flash, offset: number, roomBytes: number): Uint8Array {
  return flash.read(
    offset,
    imageSpan((at, sizeBytes) => flash.read(offset + at, sizeBytes), roomBytes),
  );
}

/** The factory application, else the first of those for updates: what runs as long as no update was chosen. */
function findApp(table: readonly Partition[], flashSizeBytes: number): Partition | undefined {
  const fits = ({ offset, sizeBytes }: Partition): boolean => offset + sizeBytes <= flashSizeBytes;
  const apps = table.filter((partition) => partition.type === 0 && fits(partition));
  return apps.find(({ subtype }) => subtype === 0x00) ?? apps.find(({ subtype }) => subtype === 0x10);
}

/** An empty chip, or one where something else lies at 0x1000: the ROM says so again and again until its watchdog bites. */
function romRefuses({ entry }: CheckedImage, problem: ImageProblem): BootVerdict {
  switch (problem.kind) {
    case 'magic':
      return refusal('', `invalid header: 0x${hex(problem.found)}`);
    case 'checksum':
      return refusal(
        `csum err:0x${hex(problem.stored, 2)}!=0x${hex(problem.calculated, 2)}\r\nets_main.c 371 \r\n`,
      );
    case 'chip':
    case 'segments':
    case 'digest':
      return refusal(`entry 0x${hex(entry)}\r\nets_main.c 371 \r\n`);
  }
}

function refusal(output: string, repeatedLine?: string): BootVerdict {
  return {
    bootable: false,
    output,
    failure: { reset: 'watchdog', ...(repeatedLine !== undefined && { repeatedLine }) },
  };
}

function bootloaderRefuses(loaded: string, errors: readonly string[]): BootVerdict {
  const lines = errors.map((line, index) => `\x1b[0;31mE (${60 + 6 * index}) ${line}\x1b[0m\r\n`);
  return { bootable: false, output: loaded + lines.join(''), failure: { reset: 'software' } };
}

/** Wording of ESP-IDF's bootloader (`esp_image_format.c`, `bootloader_common.c`). */
function describeAppProblem(problem: ImageProblem, app: Partition): string {
  switch (problem.kind) {
    case 'magic':
      return `esp_image: image at 0x${app.offset.toString(16)} has invalid magic byte (nothing flashed here?)`;
    case 'chip':
      return `boot_comm: mismatch chip ID, expected 0, found ${problem.found}`;
    case 'segments':
      return `esp_image: image at 0x${app.offset.toString(16)} has invalid segments`;
    case 'checksum':
      return `esp_image: Checksum failed. Calculated 0x${hex(problem.calculated, 2)} read 0x${hex(problem.stored, 2)}`;
    case 'digest':
      return 'esp_image: Image hash failed - image is corrupt';
  }
}

function describeLoad({ entry, segments }: CheckedImage): string {
  const loads = segments.map(
    ({ loadAddress, sizeBytes }) => `load:0x${hex(loadAddress)},len:${sizeBytes}\r\n`,
  );
  return [
    'configsip: 0, SPIWP:0xee\r\n',
    'clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00\r\n',
    'mode:DIO, clock div:2\r\n',
    ...loads,
    `entry 0x${hex(entry)}\r\n`,
  ].join('');
}

function hex(value: number, digits = 8): string {
  return value.toString(16).padStart(digits, '0');
}

/** As seen on the mask ROM of a revision 3; its watchdog bites about once a second. */
const lineEveryMs = 5;
const resetAfterMs = 960;

/** Runs on a chip that cannot start: prints why, and resets the chip about once a second, until something is written to it. */
export function startBootLoop(verdict: BootVerdict, silicon: Silicon): GuestStarter {
  return (host, reason): Guest => {
    const { repeatedLine, reset } = verdict.failure ?? { reset: 'watchdog' };
    const print = (text: string): void => {
      host.transmit(new TextEncoder().encode(text));
    };
    host.setBaudRate(romBaudRate);
    print(romBanner(silicon, reason, 'run') + verdict.output);
    // In real time even where chip time stands still: the loop has no end, and must leave room for whoever is to end it.
    const line =
      repeatedLine === undefined ? undefined : setInterval(print, lineEveryMs, `${repeatedLine}\r\n`);
    const stop = (): void => {
      clearInterval(line);
      clearTimeout(watchdog);
    };
    const watchdog = setTimeout(() => {
      stop();
      host.reset(reset);
    }, resetAfterMs);
    line?.unref();
    watchdog.unref();
    return { receive: () => undefined, stop };
  };
}
