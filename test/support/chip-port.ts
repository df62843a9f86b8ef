import { UpywError } from '../../src/errors.js';
import { NorFlash } from '../../src/sim/chip/flash.js';
import { chipIdentity } from '../../src/sim/chip/identity.js';
import { startRom } from '../../src/sim/chip/loader/rom.js';
import type { Flash, Guest, GuestHost } from '../../src/sim/guest.js';
import { PortListeners } from '../../src/transport/port-listeners.js';
import type { Port, PortLines, UsbIdentity } from '../../src/transport/port.js';

export interface ChipPortOptions {
  /** The lines reach the chip. */
  autoReset?: boolean;
  silentStub?: boolean;
  /** Rates above this one garble everything. */
  maxBaudRate?: number;
  /** Milliseconds that bytes take, each way. */
  latencyMs?: number;
  /** What the chip says is held back and arrives in pieces this far apart, as from a USB adapter. */
  latencyTimerMs?: number;
  sizeBytes?: number;
  /** `false`: there are no DTR and RTS, as on a raw socket. */
  lines?: boolean;
  usb?: UsbIdentity;
}

/** What was done to the flash. */
export interface FlashEvent {
  readonly kind: 'erase' | 'program';
  readonly offset: number;
  readonly sizeBytes: number;
}

/**
 * The virtual chip's ROM and stub right behind a port: no wire time, no process, no MicroPython. Bytes can be looked at,
 * changed and dropped on the way, in both directions.
 */
export class ChipPort implements Port {
  readonly name = 'chip';
  readonly kind = 'sim';
  readonly capabilities: Port['capabilities'];
  readonly usb?: UsbIdentity;
  baudRate = 115_200;
  readonly flash: NorFlash;
  readonly flashEvents: FlashEvent[] = [];
  /** Line changes as they came, `dtr rts` as `1 0`. */
  readonly lineLog: string[] = [];
  readonly baudRates: number[] = [];
  /** Changes what the chip or the computer gets. */
  toChip: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  toComputer: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  readonly #listeners = new PortListeners();
  readonly #options: ChipPortOptions;
  readonly #inLoader = { guest: undefined as Guest | undefined };
  #chipBaudRate = 115_200;
  #lines: PortLines = { dtr: false, rts: false };
  #generation = 0;
  readonly #held: Uint8Array[] = [];

  constructor(options: ChipPortOptions = {}) {
    this.#options = options;
    this.capabilities = { lines: options.lines !== false, baudRate: true };
    if (options.usb !== undefined) this.usb = options.usb;
    this.flash = new NorFlash(undefined, options.sizeBytes);
  }

  subscribe(...[listener]: Parameters<Port['subscribe']>): () => void {
    return this.#listeners.subscribe(listener);
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#listeners.closed) return Promise.reject(this.#listeners.lostError(this.name));
    const sent = this.#garbled() ? bytes.map(() => 0x5a) : this.toChip(Uint8Array.from(bytes));
    this.#later(() => this.#inLoader.guest?.receive(sent));
    return Promise.resolve();
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  setBaudRate(baudRate: number): Promise<void> {
    this.baudRate = baudRate;
    this.baudRates.push(baudRate);
    return Promise.resolve();
  }

  setLines(lines: Partial<PortLines>): Promise<void> {
    const before = this.#lines;
    this.#lines = { ...before, ...lines };
    this.lineLog.push(`${Number(this.#lines.dtr)} ${Number(this.#lines.rts)}`);
    if (this.#options.autoReset !== false && before.rts && !this.#lines.rts) {
      this.reset(this.#lines.dtr ? 'loader' : 'firmware');
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#listeners.end();
    return Promise.resolve();
  }

  /** What a person does with the buttons. */
  reset(into: 'loader' | 'firmware'): void {
    this.#generation++;
    void this.#inLoader.guest?.stop();
    this.#inLoader.guest = undefined;
    this.#chipBaudRate = 115_200;
    if (into === 'loader') {
      const options = { identity: chipIdentity(''), silentStub: this.#options.silentStub === true };
      this.#inLoader.guest = startRom(options)(this.#host(), 'external');
    } else {
      this.#deliver(new TextEncoder().encode('rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n'));
    }
  }

  /** The cable is pulled. */
  unplug(): void {
    this.#generation++;
    this.#listeners.end(new UpywError('port/lost', { port: this.name }));
  }

  /** Whether the chip is in its loader now. */
  get isInLoader(): boolean {
    return this.#inLoader.guest !== undefined;
  }

  #host(): GuestHost {
    const generation = this.#generation;
    const isCurrent = (): boolean => generation === this.#generation;
    return {
      flash: this.#recordingFlash(),
      unpaced: true,
      get nowMs() {
        return performance.now();
      },
      transmit: (bytes, onSent) => {
        if (isCurrent()) this.#deliver(bytes);
        setImmediate(() => onSent?.());
      },
      setBaudRate: (baudRate) => {
        this.#chipBaudRate = baudRate;
      },
      after: (_timeMs, fn) => {
        setImmediate(() => {
          if (isCurrent()) fn();
        });
      },
      reset: () => {
        this.reset('firmware');
      },
    };
  }

  #recordingFlash(): Flash {
    const { flash, flashEvents } = this;
    return {
      sizeBytes: flash.sizeBytes,
      read: (offset, length) => flash.read(offset, length),
      programmed: () => flash.programmed(),
      program: (offset, bytes) => {
        flashEvents.push({ kind: 'program', offset, sizeBytes: bytes.length });
        flash.program(offset, bytes);
      },
      erase: (offset, sizeBytes) => {
        flashEvents.push({ kind: 'erase', offset, sizeBytes });
        flash.erase(offset, sizeBytes);
      },
      close: () => undefined,
    };
  }

  #deliver(bytes: Uint8Array): void {
    const sent = this.#garbled() ? bytes.map(() => 0xa5) : this.toComputer(Uint8Array.from(bytes));
    const { latencyTimerMs } = this.#options;
    if (latencyTimerMs === undefined) {
      this.#later(() => {
        this.#listeners.deliver(sent);
      });
      return;
    }
    this.#held.push(sent);
    if (this.#held.length > 1) return;
    setTimeout(() => {
      this.#listeners.deliver(new Uint8Array(Buffer.concat(this.#held.splice(0))));
    }, latencyTimerMs);
  }

  #garbled(): boolean {
    return this.baudRate !== this.#chipBaudRate || this.baudRate > (this.#options.maxBaudRate ?? Infinity);
  }

  #later(action: () => void): void {
    const { latencyMs = 0 } = this.#options;
    if (latencyMs === 0) setImmediate(action);
    else setTimeout(action, latencyMs);
  }
}
