import { findPartitions } from '../chip/files-region.js';
import type { BoardFlash } from './board-flash.js';
import type { FlashTime } from './flash-time.js';

/** What `esp32.Partition` (device/sim/esp32.py) asks of the flash chip, with the time that it takes. Bytes are in hexadecimal. */
export function flashDevices(
  flash: BoardFlash,
  time: FlashTime,
): Readonly<Record<string, (...args: unknown[]) => unknown>> {
  return {
    partitions: () =>
      findPartitions(flash).map(({ type, subtype, offset, sizeBytes, label }) => [
        type,
        subtype,
        offset,
        sizeBytes,
        label,
      ]),
    flash_read: (offset, sizeBytes) => {
      time.read(Number(sizeBytes));
      return hexOf(flash.read(Number(offset), Number(sizeBytes)));
    },
    flash_write: (offset, hex) => {
      const bytes = bytesOf(String(hex));
      time.program(bytes.length);
      flash.program(Number(offset), bytes);
      flash.flush();
    },
    flash_erase: (offset, sizeBytes) => {
      time.erase(Number(sizeBytes));
      flash.erase(Number(offset), Number(sizeBytes));
      flash.flush();
    },
  };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}
