/** A region of the flash chip, in bytes from the start of the chip. */
export interface FlashRegion {
  readonly offset: number;
  readonly sizeBytes: number;
}

/**
 * The flash chip as guests see it. Programming only clears bits and erasing sets them, as on the real one;
 * every change is on disk when the call returns, so that a killed process loses nothing that was done.
 */
export interface Flash {
  readonly sizeBytes: number;
  /** A copy of the bytes at `offset`. */
  read(offset: number, length: number): Uint8Array;
  /** Where the sectors begin that were programmed since they were erased: all others read as 0xFF. */
  programmed(): number[];
  /** ANDs `bytes` into what is there; any offset, any length. */
  program(offset: number, bytes: Uint8Array): void;
  /** Sets to 0xFF; offset and length in multiples of 4096. */
  erase(offset: number, length: number): void;
  /** Lets go of the file behind it. */
  close(): void;
}

/** Why the chip starts anew; decides what the ROM prints and what `machine.reset_cause()` says. */
export type ResetReason = 'power-on' | 'external' | 'software' | 'watchdog' | 'deep-sleep';

/** What a program running on the virtual chip (mask ROM, stub, MicroPython) may do. */
export interface GuestHost {
  readonly flash: Flash;
  /** No wire time and no chip time: `after` waits for nothing. */
  readonly unpaced: boolean;
  /** Puts bytes into UART0's transmitter; they leave in order, at the chip's rate. `onSent` runs when the last one has left. */
  transmit(bytes: Uint8Array, onSent?: () => void): void;
  /** The chip's side of the line, in bits per second, at once: what is still queued leaves at the new rate. */
  setBaudRate(baudRate: number): void;
  /** The chip's clock. While something happens on wire or chip it is exactly the time of that, however late it comes to run. */
  readonly nowMs: number;
  /** Runs `fn` after so much chip time (0 when unpaced; what lies in the past, at once); in order; cancelled by a reset. */
  after(chipTimeMs: number, fn: () => void): void;
  /** The chip resets itself; the guest is stopped and the strapping pins are read again. */
  reset(reason: ResetReason): void;
}

/** A program on the virtual chip. */
export interface Guest {
  /** Bytes that arrived at UART0's receiver, garbled already where the rates differ. */
  receive(bytes: Uint8Array): void;
  /** Something was connected to a pin of the chip, or taken away. */
  pinsChanged?(): void;
  /** Ends the program at once, as a reset does. After it the guest calls its host no more. */
  stop(): Promise<void> | void;
}

/** Starts a program on the chip; `reason` is what brought the chip up. */
export type GuestStarter = (host: GuestHost, reason: ResetReason) => Guest;
