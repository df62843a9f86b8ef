import { isNativeUsb } from './native-usb.js';
import type { Port } from './port.js';
import {
  enterLoader,
  enterLoaderSlowly,
  hardReset,
  usbJtagEnterLoader,
  usbJtagReset,
} from './reset-lines.js';
import type { LineSequence } from './port.js';

type Wired = Pick<Port, 'usb' | 'sequences'>;

/** The USB-Serial-JTAG peripheral of newer chips. */
export function isUsbJtag(port: Wired): boolean {
  return isNativeUsb(port) && port.usb?.productId === '1001';
}

/** What restarts the board on a port into its firmware. */
export function resetSequence(port: Wired): LineSequence {
  return port.sequences?.reset ?? (isUsbJtag(port) ? usbJtagReset : hardReset);
}

/** What brings the board on a port into its ROM loader: one way after the other, since boards differ in how fast EN rises. */
export function loaderSequences(port: Wired): readonly [LineSequence, ...LineSequence[]] {
  const own = port.sequences?.loader;
  if (own !== undefined) return [own, own];
  if (isUsbJtag(port)) return [usbJtagEnterLoader, usbJtagEnterLoader];
  return [enterLoader, enterLoaderSlowly, enterLoader];
}
