import type { Port } from '../../transport/port.js';

/** What every bridge on an ESP32 board carries; the second for cables and clones that do not. */
export const raisedRates: readonly number[] = [921_600, 460_800];
/** Espressif's and MicroPython's own USB ports have no UART behind them. */
const nativeUsbVendors = ['303a', 'f055'];

/** Whether a UART that is ours to set is at the other end. */
export function isUart({ kind, capabilities, usb }: Port): boolean {
  return kind !== 'socket' && capabilities.baudRate && !nativeUsbVendors.includes(usb?.vendorId ?? '');
}
