import type { Board } from '../../board/board.js';

/** For `--json`: at how many bits per second files went, where any did. */
export function transferRate({ transferBaudRate }: Board): { readonly baud?: number } {
  return transferBaudRate === undefined ? {} : { baud: transferBaudRate };
}
