/** How a port is reached; also the keys of the opener table in `world.ts`. */
export type PortKind = 'serial' | 'socket' | 'rfc2217' | 'sim';

/**
 * The two modem lines that matter on an ESP32 board. `true` means asserted (the pin is low).
 * Classic circuit: RTS asserted holds EN low (reset), DTR asserted holds IO0 low (loader); both at once cancel out.
 */
export interface PortLines {
  readonly dtr: boolean;
  readonly rts: boolean;
}

/** USB identity as the operating system reports it; ids are four lower-case hex digits. */
export interface UsbIdentity {
  readonly vendorId: string;
  readonly productId: string;
  readonly serialNumber?: string;
}

/** Lines to set together, then a time to hold them: the holding is what the board feels, not a wait for anything. */
export interface LineStep extends Partial<PortLines> {
  readonly waitMs?: number;
}

export type LineSequence = readonly LineStep[];

/** In place of the usual ones: what restarts a board, and what brings it into its loader. */
export interface ResetSequences {
  readonly reset?: LineSequence | undefined;
  readonly loader?: LineSequence | undefined;
}

export interface PortListener {
  /** Bytes as they arrive. Chunk boundaries mean nothing. The array is the listener's to keep. */
  data(bytes: Uint8Array): void;
  /** Called once. No reason: we closed it. A reason (`port/lost`): the far end went away. */
  close(reason?: Error): void;
}

/**
 * An open byte stream to a board, whatever carries it. Made by an opener; handed in everywhere, imported nowhere.
 * All failures are `UpywError`s with a `port/…` code. Writes are ordered and may be issued without waiting.
 */
export interface Port {
  /** As the user named it, for messages: `/dev/ttyUSB0`, `COM3`, `sim:desk1`, `rfc2217://host:2217`. */
  readonly name: string;
  readonly kind: PortKind;
  /** Bits per second; 10 bits carry a byte. */
  readonly baudRate: number;
  /** Whether `setLines` and `setBaudRate` reach anything (a raw socket and a pseudo-terminal have no lines). */
  readonly capabilities: { readonly lines: boolean; readonly baudRate: boolean };
  readonly usb?: UsbIdentity;
  /** Its board was switched on for it, and goes off with it: whatever an earlier command did to its RAM is gone. */
  readonly isFresh?: boolean;
  /** How its board is reset, where that is wired in a way of its own. */
  readonly sequences?: ResetSequences;

  /** Starts delivery to `listener`; returns what stops it. Bytes that arrive while nobody listens are dropped. */
  subscribe(listener: PortListener): () => void;
  /** Resolves when the bytes are handed to the operating system (not yet on the wire). */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when all written bytes have left this computer. */
  drain(): Promise<void>;
  /** Drains, then changes the rate of this side. */
  setBaudRate(baudRate: number): Promise<void>;
  /** Changes the lines that are named and keeps the others; throws `port/no-lines` where there are none. */
  setLines(lines: Partial<PortLines>): Promise<void>;
  /** Only of a port that is recorded: what passes until the function it returns is called stays out of the record. */
  conceal?(): () => void;
  /** Idempotent. Leaves both lines deasserted, so that the board runs on. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly baudRate: number;
  /** Gives up opening; an open port is not affected. */
  readonly signal?: AbortSignal;
}

/** Opens one kind of port. `address` is the name without its shortcut resolved: `/dev/ttyUSB0`, `rfc2217://host:port`, `sim:…`. */
export type PortOpener = (address: string, options: OpenOptions) => Promise<Port>;

export type PortOpeners = Readonly<Record<PortKind, PortOpener>>;

/** One serial port of this computer, as `upyw list` shows it. */
export interface PortInfo {
  readonly path: string;
  readonly usb?: UsbIdentity;
  /** The USB-to-serial chip by its common name: `CH340`, `CP210x`, `FTDI`, `Espressif USB-JTAG`, … */
  readonly bridge?: string;
  readonly manufacturer?: string;
  /** Where on the USB it is plugged in, hub by hub: `1-4.2.3`. */
  readonly location?: string;
}
