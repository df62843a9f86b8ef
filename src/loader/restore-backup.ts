import { checkBackup, requireBackup } from '../firmware/check-firmware.js';
import type { FirmwareFile } from '../firmware/read-firmware.js';
import { PiecesInBlankFlash, changeFlash } from './change-flash.js';
import type { ChangeResult, FlashProgress } from './change-flash.js';
import type { Loader } from './loader.js';
import { word } from '../errors/word.js';

export interface RestoreOptions {
  readonly dryRun?: boolean | undefined;
  readonly onProgress?: FlashProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the whole flash equal to the backup of such a chip, writing only what differs, and checks it.
 * Throws `firmware/…` and `loader/protected` before anything was changed.
 */
export async function restoreBackup(
  loader: Loader,
  file: FirmwareFile,
  options: RestoreOptions = {},
): Promise<ChangeResult> {
  return loader.withSignal(options.signal, async () => {
    loader.requireUnlocked();
    const { flash, chip } = loader;
    const backup = requireBackup(file.recognised, file.path);
    checkBackup(backup, { ...chip, flashSizeBytes: flash.sizeBytes }, file.path);
    const regions = [{ offset: 0, sizeBytes: flash.sizeBytes }];
    return changeFlash(loader, new PiecesInBlankFlash({ bytes: file.bytes, offset: 0 }), regions, {
      onProgress: options.onProgress,
      dryRun: options.dryRun,
      aftermath: {
        state: 'The chip holds only part of the backup and may not start; it is not broken',
        mend: `Repeat the command, it goes on where it stopped: upyw restore ${word(file.path)}`,
      },
    });
  });
}
