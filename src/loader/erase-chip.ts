import { PiecesInBlankFlash, changeFlash } from './change-flash.js';
import type { ChangeResult, FlashProgress } from './change-flash.js';
import type { Loader } from './loader.js';

export interface EraseChipOptions {
  readonly dryRun?: boolean | undefined;
  readonly onProgress?: FlashProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Makes the whole flash 0xFF, erasing only what is not, and checks it. */
export async function eraseChip(loader: Loader, options: EraseChipOptions = {}): Promise<ChangeResult> {
  return loader.withSignal(options.signal, async () => {
    const regions = [{ offset: 0, sizeBytes: loader.flash.sizeBytes }];
    return changeFlash(loader, new PiecesInBlankFlash(), regions, {
      onProgress: options.onProgress,
      dryRun: options.dryRun,
      aftermath: {
        state: 'The chip is erased in part and does not start; it is not broken',
        mend: 'Repeat the command: upyw erase',
      },
    });
  });
}
