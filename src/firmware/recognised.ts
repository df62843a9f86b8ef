import type { ChipFamily } from './chips.js';
import type { EspImage } from './esp-image.js';
import type { Partition } from './partition-table.js';

/** Bootloader, partition table and application in one file, as MicroPython publishes it. */
export interface Firmware {
  readonly kind: 'firmware';
  /** Of the file. */
  readonly sizeBytes: number;
  readonly chip: ChipFamily;
  /** Where in the flash the first byte of the file belongs. */
  readonly flashOffset: number;
  readonly bootloader: EspImage;
  readonly partitions: readonly Partition[];
  readonly appPartition: Partition;
  readonly app: EspImage;
}

/** All bytes of a chip, from 0 to its end. */
export interface FullBackup {
  readonly kind: 'backup';
  readonly sizeBytes: number;
  /** Undefined when nothing that could start was on it. */
  readonly chip: ChipFamily | undefined;
  readonly partitions: readonly Partition[];
  readonly app: EspImage | undefined;
  /** The same as a firmware, where nothing was ever noted in it: a firmware that was merged to the size of a chip is no different. */
  readonly merged: Firmware | undefined;
}

/** The beginning of a chip's backup, cut off somewhere behind its application. */
export interface PartialBackup {
  readonly kind: 'partial-backup';
  readonly sizeBytes: number;
}

/** One image alone: an application for an update over the air, or a bootloader. */
export interface SingleImage {
  readonly kind: 'application' | 'bootloader';
  readonly chip: ChipFamily;
  readonly image: EspImage;
}

/** Begins like a firmware and is broken further on. */
export interface DamagedFile {
  readonly kind: 'damaged';
  readonly chip: ChipFamily | undefined;
  readonly part: 'bootloader' | 'partition table' | 'application' | 'image';
  readonly problem: string;
  /** Of the file. */
  readonly sizeBytes: number;
  /** Set when the file merely ends too early. */
  readonly neededBytes?: number;
}

/** What belongs to a firmware or is kept beside it in flash. */
export interface FlashPart {
  readonly kind: 'part';
  /** Reads on in "it is only …": `a partition table`. */
  readonly part: string;
  /** Where it is on most boards; undefined where that differs. */
  readonly usualOffset: number | undefined;
  /** It is looked for at its usual place and nowhere else. */
  readonly fixed: boolean;
}

export interface OtherFile {
  readonly kind: 'other';
  /** Reads on in "it is …": `a web page, so the download went wrong`. */
  readonly looksLike: string;
}

export type Recognised =
  Firmware | FullBackup | PartialBackup | SingleImage | DamagedFile | FlashPart | OtherFile;
