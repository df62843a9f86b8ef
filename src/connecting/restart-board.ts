import type { Board } from '../board/board.js';
import type { Port } from '../transport/port.js';
import { isNativeUsb } from '../transport/native-usb.js';
import { playLines } from '../transport/reset-lines.js';
import { resetSequence } from '../transport/reset-sequences.js';

/** A way to start a board anew. */
export interface Restart {
  readonly restart: () => Promise<void>;
  /** What the board says at its start, where it says other things before. */
  readonly startSign?: string;
}

/**
 * By the reset line, as the EN button does it; where there is none, or where the port would go away with the board
 * (Espressif's own USB port), by MicroPython. The board is let go in both cases.
 */
export async function prepareRestart(port: Port, board: Board, signal: AbortSignal): Promise<Restart> {
  if (port.capabilities.lines && !isNativeUsb(port)) {
    // Now, so that its prompt is not taken for what the board says later.
    await board.disconnect();
    return { restart: () => playLines(port, resetSequence(port), signal) };
  }
  return { restart: () => board.softReset({ signal }), startSign: 'soft reboot' };
}
