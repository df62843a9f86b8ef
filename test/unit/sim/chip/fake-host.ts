import { NorFlash } from '../../../../src/sim/chip/flash.js';
import type { Flash, GuestHost, ResetReason } from '../../../../src/sim/guest.js';

/** The far side of a guest: takes what it sends, and lets chip time pass at once while adding it up. */
export class FakeHost implements GuestHost {
  readonly flash: Flash;
  readonly unpaced = true;
  readonly resets: ResetReason[] = [];
  readonly baudRates: number[] = [];
  sent: number[] = [];
  chipTimeMs = 0;

  constructor(flash: Flash = new NorFlash()) {
    this.flash = flash;
  }

  transmit(bytes: Uint8Array, onSent?: () => void): void {
    for (const byte of bytes) this.sent.push(byte);
    if (onSent !== undefined) setImmediate(onSent);
  }

  setBaudRate(baudRate: number): void {
    this.baudRates.push(baudRate);
  }

  after(chipTimeMs: number, fn: () => void): void {
    this.chipTimeMs += chipTimeMs;
    setImmediate(fn);
  }

  reset(reason: ResetReason): void {
    this.resets.push(reason);
  }

  sentText(): string {
    return String.fromCharCode(...this.sent);
  }
}
