import type { FileStore } from '../board/file-store.js';

/** For `--json`: at how many bits per second files went, where any did. */
export function transferRate({ transferBaudRate }: FileStore): { readonly baud?: number } {
  return transferBaudRate === undefined ? {} : { baud: transferBaudRate };
}
