import { UpywError } from '../errors.js';
import { throwIfInterrupted } from './interrupt.js';
import type { LineSequence, Port } from './port.js';

/**
 * Restarts the board into its firmware by the classic two-transistor circuit (ESP32-DevKitC schematic): RTS pulls EN low,
 * DTR stays off so that IO0 is high when EN rises.
 */
export const hardReset: LineSequence = [
  { dtr: false, rts: true, waitMs: 100 },
  { dtr: false, rts: false },
];

/**
 * Restarts the board into its ROM loader by the same circuit: IO0 is pulled low in the moment EN is let go.
 * The last step is repeated, as espflash does (`connection/reset.rs`, UnixTightReset): some drivers drop one.
 */
export const enterLoader: LineSequence = [
  { dtr: false, rts: true, waitMs: 100 },
  { dtr: true, rts: false, waitMs: 50 },
  { dtr: false, rts: false },
  { dtr: false },
];

/** `enterLoader` for boards whose EN rises slowly (a large capacitor): IO0 is held low for half a second. */
export const enterLoaderSlowly: LineSequence = [
  { dtr: false, rts: true, waitMs: 100 },
  { dtr: true, rts: false, waitMs: 500 },
  { dtr: false, rts: false },
  { dtr: false },
];

/** The USB-Serial-JTAG peripheral (303a:1001) has no circuit, it watches the lines itself. espflash, `reset_after_flash`. */
export const usbJtagReset: LineSequence = [
  { dtr: false, waitMs: 100 },
  { dtr: false, rts: true, waitMs: 100 },
  { rts: false },
];

/** The peripheral must see both lines asserted on the way, never both off. espflash, `UsbJtagSerialReset`. */
export const usbJtagEnterLoader: LineSequence = [
  { dtr: false, rts: false, waitMs: 100 },
  { dtr: true, rts: false, waitMs: 100 },
  { dtr: true, rts: true },
  { dtr: false, rts: true, waitMs: 100 },
  { dtr: false, rts: false },
];

/**
 * Plays a sequence. When it is interrupted or a step fails, the lines are released before the error goes on, so that the
 * board is never left in reset. Throws `port/no-lines`, `run/interrupted`, or what `setLines` throws.
 */
export async function playLines(port: Port, steps: LineSequence, signal?: AbortSignal): Promise<void> {
  if (!port.capabilities.lines) throw new UpywError('port/no-lines', { port: port.name });
  try {
    for (const { waitMs = 0, ...lines } of steps) {
      throwIfInterrupted(signal);
      await port.setLines(lines);
      throwIfInterrupted(signal);
      if (waitMs > 0) await hold(waitMs, signal);
    }
  } catch (error) {
    await port.setLines({ dtr: false, rts: false }).catch(() => undefined);
    throw error;
  }
}

function hold(timeMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(new UpywError('run/interrupted', {}));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, timeMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
