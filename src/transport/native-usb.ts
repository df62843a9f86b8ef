import type { Port } from './port.js';

/** Espressif: there is no adapter, the chip itself is at the other end. */
const espressif = '303a';

/** Whether the port is the chip's own USB: it goes away with the chip, and a reset by its lines can leave it dead. */
export function isNativeUsb({ usb }: Pick<Port, 'usb'>): boolean {
  return usb?.vendorId === espressif;
}

/** For the details of an error whose next step it changes. */
export function nativeUsb(port: Pick<Port, 'usb'>): { readonly nativeUsb?: true } {
  return isNativeUsb(port) ? { nativeUsb: true } : {};
}
