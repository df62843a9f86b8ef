import type { Lines } from './reset-circuit.js';

/** What a port hears from its board. */
export interface BoardEvents {
  /** Bytes that reach the host. */
  onData(bytes: Uint8Array): void;
  /** The board is gone, without having been closed: unplugged, unless a reason says otherwise. */
  onGone(reason?: Error): void;
}

/** A board that is switched on, in this process or in another one, as its port sees it. */
export interface BoardLink {
  /** `onSent` runs when the bytes have left this computer. */
  write(bytes: Uint8Array, onSent: () => void): void;
  /** The rate of this side, both directions, from now on. */
  setBaudRate(baudRate: number): void;
  setLines(lines: Lines): void;
  close(): Promise<void>;
}
