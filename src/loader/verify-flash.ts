import { UpywError } from '../errors.js';
import { requireFirmware } from '../firmware/check-firmware.js';
import type { FirmwareFile } from '../firmware/read-firmware.js';
import { PiecesInBlankFlash } from './change-flash.js';
import type { FlashProgress } from './change-flash.js';
import { compareFlash } from './compare-flash.js';
import type { Loader } from './loader.js';
import { sumSizes } from './regions.js';
import type { Region } from './regions.js';

export interface VerifyOptions {
  /** Where the file belongs, for one that does not tell. */
  readonly offset?: number | undefined;
  readonly onProgress?: FlashProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifyResult {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Compares the flash with a file, by digests. Throws `loader/differs` with how much, and where it begins. */
export async function verifyFlash(
  loader: Loader,
  file: FirmwareFile,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  return loader.withSignal(options.signal, async () => {
    const { path, bytes } = file;
    const offset = options.offset ?? offsetOf(file);
    if (offset + bytes.length > loader.flash.sizeBytes) {
      const neededBytes = offset + bytes.length;
      const availableBytes = loader.flash.sizeBytes;
      throw new UpywError('firmware/too-large', { path, what: 'the file', neededBytes, availableBytes });
    }
    const region = { offset, sizeBytes: bytes.length };
    let doneBytes = 0;
    const changes = await compareFlash(
      loader,
      new PiecesInBlankFlash({ bytes, offset }),
      [region],
      (sizeBytes) => {
        doneBytes += sizeBytes;
        options.onProgress?.('verify', doneBytes, bytes.length);
      },
    );
    const differing: Region[] = [...changes.erase, ...changes.write].sort((a, b) => a.offset - b.offset);
    const [first] = differing;
    if (first !== undefined) {
      const differingBytes = sumSizes(differing);
      throw new UpywError('loader/differs', { path, differingBytes, firstOffset: first.offset });
    }
    return { offset, sizeBytes: bytes.length };
  });
}

function offsetOf({ recognised, path }: FirmwareFile): number {
  return recognised.kind === 'backup' ? 0 : requireFirmware(recognised, path).flashOffset;
}
