import type { PortLines } from '../port.js';
import { TaskChain } from '../port-writer.js';

/** The one call of serialport's binding that lines need. */
export interface LineDevice {
  set(settings: { dtr: boolean; rts: boolean; brk: boolean; lowLatency: boolean }): Promise<void>;
}

/** DTR and RTS of a serial device, changed one call at a time, each call naming both. */
export class SerialLines {
  readonly #device: LineDevice;
  readonly #platform: NodeJS.Platform;
  readonly #changes = new TaskChain();
  #now: PortLines = { dtr: false, rts: false };

  constructor(device: LineDevice, platform: NodeJS.Platform) {
    this.#device = device;
    this.#platform = platform;
  }

  /** Changes what is named, keeps the rest. */
  set(lines: Partial<PortLines>): Promise<void> {
    return this.#changes.run(() => {
      this.#now = { ...this.#now, ...lines };
      return this.#apply(this.#now);
    });
  }

  /** Lets both go. False where there are no lines: a pseudo-terminal answers with exactly this. */
  async release(): Promise<boolean> {
    try {
      await this.set({ dtr: false, rts: false });
      return true;
    } catch (error) {
      if (error instanceof Error && error.message.includes('Inappropriate ioctl for device')) return false;
      throw error;
    }
  }

  /**
   * serialport takes what is not named as asserted, and turns low latency off (FTDI: 16 ms instead of 1) unless told each
   * time. Linux changes both lines at once. Windows' binding cannot: it sets RTS, then DTR. That order suits usbser, which tells the device
   * of RTS only with the next change of DTR, and its driver for Espressif's USB-JTAG, which passes DTR on only with RTS (espflash,
   * `connection/reset.rs`): hence twice. Between the two calls the usual circuit sees both lines off or both on, which are the same to it:
   * EN begins to rise a moment before IO0 is low, and its capacitor makes up for that.
   */
  async #apply({ dtr, rts }: PortLines): Promise<void> {
    const settings = { dtr, rts, brk: false, lowLatency: true };
    await this.#device.set(settings);
    if (this.#platform === 'win32') await this.#device.set(settings);
  }
}
