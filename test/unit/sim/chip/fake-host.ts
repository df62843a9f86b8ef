import { NorFlash } from '../../../../src/sim/chip/flash.js';
import type { Flash, GuestHost, ResetReason } from '../../../../src/sim/guest.js';

/** The far side of a guest: takes what it sends, and lets chip time pass at once while adding it up. */
export class FakeHost implements GuestHost {
  readonly flash: Flash;
  readonly unpaced: boolean = true;
  readonly resets: ResetReason[] = [];
  /** Rate changes, each with the number of bytes sent before it. */
  readonly baudRates: { baudRate: number; afterBytes: number }[] = [];
  sent: number[] = [];
  chipTimeMs = 0;
  onSent: (() => void) | undefined;

  constructor(flash: Flash = new NorFlash()) {
    this.flash = flash;
  }

  transmit(bytes: Uint8Array, onSent?: () => void): void {
    for (const byte of bytes) this.sent.push(byte);
    this.onSent?.();
    if (onSent !== undefined) setImmediate(onSent);
  }

  setBaudRate(baudRate: number): void {
    this.baudRates.push({ baudRate, afterBytes: this.sent.length });
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
