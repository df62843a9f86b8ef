import type { PortInfo } from '../port.js';

/**
 * USB-to-serial chips found on ESP32 boards, by vendor and product. From the USB ID repository (usb.ids),
 * Espressif's `usb-pids` and the Linux drivers ch341, cp210x, ftdi_sio and pl2303.
 */
const bridges: Readonly<Record<string, string>> = {
  '1a86:7522': 'CH340',
  '1a86:7523': 'CH340',
  '1a86:5523': 'CH341',
  '1a86:55d2': 'CH9101',
  '1a86:55d3': 'CH343',
  '1a86:55d4': 'CH9102',
  '10c4:ea60': 'CP210x',
  '10c4:ea70': 'CP2105',
  '10c4:ea71': 'CP2108',
  '0403:6001': 'FTDI FT232R',
  '0403:6010': 'FTDI FT2232',
  '0403:6011': 'FTDI FT4232',
  '0403:6014': 'FTDI FT232H',
  '0403:6015': 'FTDI FT231X',
  '067b:2303': 'PL2303',
  '067b:23a3': 'PL2303',
  '303a:1001': 'Espressif USB-JTAG',
  '303a:0002': 'Espressif USB-OTG',
};

/** Every product of these vendors is a board or a bridge. */
const vendors: Readonly<Record<string, string>> = {
  '303a': 'Espressif USB',
  f055: 'MicroPython USB',
};

/** The common name of the chip behind these USB ids (four lower-case hex digits each), if it is one we know. */
export function bridgeName(vendorId: string, productId: string): string | undefined {
  return bridges[`${vendorId}:${productId}`] ?? vendors[vendorId];
}

/** Whether `auto` may take this port for a board: its bridge is one that such boards carry. */
export function isLikelyBoard({ usb }: PortInfo): boolean {
  return usb !== undefined && bridgeName(usb.vendorId, usb.productId) !== undefined;
}
