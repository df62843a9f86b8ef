import { readFirmware } from '../firmware/read-firmware.js';
import type { Port } from '../transport/port.js';
import { backupFlash } from './backup-flash.js';
import type { BackupOptions, BackupResult } from './backup-flash.js';
import type { ChangeResult } from './change-flash.js';
import { readChipContents } from './chip-contents.js';
import type { ChipContents } from './chip-contents.js';
import type { ChipDescription, ChipIdentity, FlashChip } from './chip-facts.js';
import { connectLoader } from './connect-loader.js';
import { eraseChip } from './erase-chip.js';
import type { EraseChipOptions } from './erase-chip.js';
import { flashFirmware } from './flash-firmware.js';
import type { FlashFirmwareOptions, FlashFirmwareResult } from './flash-firmware.js';
import type { Loader } from './loader.js';
import type { LoaderOptions } from './loader-options.js';
import { restoreBackup } from './restore-backup.js';
import type { RestoreOptions } from './restore-backup.js';
import { verifyFlash } from './verify-flash.js';
import type { VerifyOptions, VerifyResult } from './verify-flash.js';

/**
 * An ESP32 in its serial loader, for programs: what `Board` is for MicroPython. Its operations are those of the commands of
 * the same names; files are named by their path. One operation at a time.
 */
export class Chip {
  readonly #loader: Loader;

  private constructor(loader: Loader) {
    this.#loader = loader;
  }

  /** Brings the board on `port` into its loader. Throws `loader/…`, `port/…`, `run/interrupted`. */
  static async connect(port: Port, options: LoaderOptions = {}): Promise<Chip> {
    return new Chip(await connectLoader(port, options));
  }

  get identity(): ChipIdentity {
    return this.#loader.chip;
  }

  get description(): ChipDescription {
    return this.#loader.description;
  }

  get flash(): FlashChip {
    return this.#loader.flash;
  }

  /** What is on it, as far as its first bytes tell. */
  contents(): Promise<ChipContents> {
    return readChipContents(this.#loader);
  }

  /** Makes the chip hold this firmware and nothing else; what differs is written, and all of it is checked. */
  async flashFirmware(path: string, options: FlashFirmwareOptions = {}): Promise<FlashFirmwareResult> {
    return flashFirmware(this.#loader, await readFirmware(path), options);
  }

  /** Copies the flash to a file, which appears when it is complete. */
  backup(path: string, options: BackupOptions = {}): Promise<BackupResult> {
    return backupFlash(this.#loader, path, options);
  }

  /** Makes the chip what a backup says. */
  async restore(path: string, options: RestoreOptions = {}): Promise<ChangeResult> {
    return restoreBackup(this.#loader, await readFirmware(path), options);
  }

  /** Leaves nothing on it. */
  erase(options: EraseChipOptions = {}): Promise<ChangeResult> {
    this.#loader.requireUnlocked();
    return eraseChip(this.#loader, options);
  }

  /** Throws `loader/differs` unless the chip holds this firmware or backup. */
  async verify(path: string, options: VerifyOptions = {}): Promise<VerifyResult> {
    return verifyFlash(this.#loader, await readFirmware(path), options);
  }

  /** Restarts the board into what is on it. The port stays the caller's to close. */
  disconnect(): Promise<void> {
    return this.#loader.leave();
  }
}
