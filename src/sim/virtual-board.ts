import { checkBoot, startBootLoop } from './chip/boot.js';
import { startCrashLoop } from './chip/crash-loop.js';
import { romBanner, romBaudRate } from './chip/loader/rom-banner.js';
import { startRom } from './chip/loader/rom.js';
import { convertOldFiles, findOldFiles } from './chip/old-files.js';
import type { BoardLink } from './board-link.js';
import { withFlashFaults } from './chip/flash-faults.js';
import { guardFlash } from './chip/flash-guard.js';
import { WireFaults } from './chip/wire-faults.js';
import type { Flash, Guest, GuestHost, ResetReason } from './guest.js';
import {
  MicroPythonGuest,
  type BoardClock,
  type MicroPythonOptions,
} from './micropython/micropython-guest.js';
import type { Air } from './network/access-point.js';
import { PinPanel } from './pins/pin-panel.js';
import type { PinReport } from './pins/pin-report.js';
import { chipPins, type Lines } from './reset-circuit.js';
import type { VirtualBoardOptions } from './virtual-board-options.js';
import { ChipClock } from './wire/chip-clock.js';
import { SerialLine } from './wire/serial-line.js';
import { UsbAdapter } from './wire/usb-adapter.js';

/** From EN let go until the chip reads its strapping pins, on a board with the usual capacitor. */
export const strappingDelayMs = 8;

/** MicroPython's clock starts at 2000-01-01, in seconds since 1970. */
const clockStartS = 946_684_800;

/** From reset to boot.py: ROM, bootloader and the start of MicroPython, as measured on a board with an empty boot.py. */
const startTimeMs = 1000;

/**
 * An ESP32 board on a USB cable: the wire, the chip with its flash, and the program that runs on it. It is switched on when made,
 * and waits at MicroPython's prompt as if it had been on for long (a chip that cannot start fails to, over and over).
 *
 * Faithful to a real one, because a client may depend on it: every byte on the wire, its pace and its garbling at wrong rates; EN and
 * IO0 by DTR and RTS; what the ROM prints; flash that only erasing sets to ones, with its times; friendly, paste, raw and raw-paste
 * REPL with windows, the 260 byte stdin ring and its losses; Ctrl-C; the time that files take, with the CPU blocked meanwhile; soft and
 * hard reset with boot.py and main.py; littlefs, with its space, its times and what survives a power cut; the console's
 * baud rate registers; pins, their interrupts and analog inputs; timers; the clock; how Wi-Fi connects, and fails to.
 *
 * Not faithful: MicroPython runs at the computer's speed (or about a chip's, see `ChipPace`) and with double floats; memory is collected where that can be done
 * (`BoardHeap`); a syntax error in raw-paste mode shows at the end of the code, not in its middle; buses, sensors and the like are stand-ins (device/sim); the network
 * ends inside the board, or (`HostNet`) at this computer's loopback; only UART0 is connected to anything; NVS and RTC memory end with the VM.
 */
export class VirtualBoard implements BoardLink {
  readonly #options: VirtualBoardOptions;
  readonly #clock = new ChipClock();
  readonly #adapter: UsbAdapter;
  readonly #flash: Flash;
  readonly #wireFaults: WireFaults;
  readonly #toChip: SerialLine;
  readonly #toHost: SerialLine;
  #lines: Lines = { dtr: false, rts: false };
  #guest: Guest | undefined;
  readonly #dayClock: BoardClock = { offsetS: 0 };
  readonly #pins = new PinPanel();
  /** Counts resets: what an earlier program still wanted to do counts no more. */
  #run = 0;
  #cancelStart: (() => void) | undefined;
  /** Programs that are being ended. */
  readonly #ending = new Set<Promise<void>>();
  /** How long the chip waits before it reads IO0; longer where lines arrive late (over the network). */
  strappingDelayMs = strappingDelayMs;

  constructor(options: VirtualBoardOptions) {
    this.#options = options;
    this.#adapter = new UsbAdapter(this.#clock, options.latencyMs, (bytes) => {
      options.events.onData(bytes);
    });
    this.#flash = guardFlash(withFlashFaults(options.flash, options.faults), (error) => {
      this.#vanish(error);
    });
    this.#wireFaults = new WireFaults(options.faults);
    const line = { clock: this.#clock, baudRate: romBaudRate, unpaced: options.unpaced };
    this.#toChip = new SerialLine(line, (bytes, baudRate) => {
      this.#receive(bytes, baudRate);
    });
    this.#toHost = new SerialLine(line, (bytes, baudRate) => {
      this.#adapter.receive(this.#wireFaults.toHost(bytes, baudRate));
    });
    for (const [gpio, mv] of Object.entries(options.connectedMv ?? {})) this.#pins.connect(Number(gpio), mv);
    this.#pins.resetProgram();
    this.#startProgram('power-on', 'prompt');
    const { buttonsAfterMs } = options.faults;
    if (buttonsAfterMs !== undefined)
      this.#clock.schedule(this.#clock.nowMs + buttonsAfterMs, this.#pushButtons);
  }

  /** Bytes from the host; `onSent` runs when they have left the wire. */
  write(bytes: Uint8Array, onSent: () => void): void {
    this.#adapter.send(() => {
      this.#toChip.send(bytes, onSent);
    });
  }

  /** The host's rate, for both directions, from now on. */
  setBaudRate(baudRate: number): void {
    this.#toChip.transmitRate = baudRate;
    this.#toHost.receiveRate = baudRate;
  }

  setLines({ dtr, rts }: Lines): void {
    const { noAutoReset, swappedLines, invertedDtr = false, invertedRts = false } = this.#options.faults;
    if (noAutoReset === true) return;
    const wired = { dtr: dtr !== invertedDtr, rts: rts !== invertedRts };
    const lines = swappedLines === true ? { dtr: wired.rts, rts: wired.dtr } : wired;
    const before = chipPins(this.#lines);
    this.#lines = lines;
    const { enabled } = chipPins(lines);
    if (before.enabled && !enabled) this.#halt();
    if (!before.enabled && enabled) {
      this.#cancelStart = this.#clock.schedule(this.#clock.nowMs + this.strappingDelayMs, () => {
        this.#start('external');
      });
    }
  }

  /** Connects a voltage to a pin, from outside; undefined takes it away. */
  connectPin(gpio: number, connectedMv: number | undefined): void {
    this.#pins.connect(gpio, connectedMv);
    this.#guest?.pinsChanged?.();
  }

  readPin(gpio: number): PinReport {
    return this.#pins.report(gpio);
  }

  /** Switches the board off: its RAM is gone, its flash is as it is. */
  async close(): Promise<void> {
    this.#halt();
    await Promise.all(this.#ending);
    this.#clock.stop();
    this.#options.flash.close();
  }

  #receive(bytes: Uint8Array, baudRate: number): void {
    const arrived = this.#wireFaults.toChip(bytes, baudRate);
    this.#guest?.receive(arrived.bytes);
    if (arrived.isPowerLost) this.#vanish();
  }

  /** Nothing runs any more, and the port hears of it. */
  #vanish(reason?: Error): void {
    this.#halt();
    this.#options.events.onGone(reason);
  }

  /** Somebody holds BOOT and taps EN. */
  readonly #pushButtons = (): void => {
    this.#halt();
    this.#startLoader('external');
  };

  /** EN low: everything stops. */
  #halt(): void {
    this.#run += 1;
    this.#pins.resetProgram();
    this.#cancelStart?.();
    this.#toHost.cut();
    const ending = Promise.resolve(this.#guest?.stop());
    this.#guest = undefined;
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }

  /** The strapping pins decide what runs. */
  #start(reason: ResetReason): void {
    if (chipPins(this.#lines).io0High) this.#startProgram(reason, 'run');
    else this.#startLoader(reason);
  }

  #startLoader(reason: ResetReason): void {
    const { identity, faults } = this.#options;
    const start = startRom({ identity, silentStub: faults.silentStub === true });
    this.#guest = start(this.#host(), reason);
  }

  #startProgram(reason: ResetReason, boot: 'run' | 'prompt'): void {
    const host = this.#host();
    const verdict = checkBoot(this.#flash);
    if (!verdict.bootable) {
      this.#guest = startBootLoop(verdict, this.#options.identity.silicon)(host, reason);
      return;
    }
    const { crashes } = this.#options.faults;
    if (crashes !== undefined) {
      this.#guest = startCrashLoop(crashes, verdict.output, this.#options.identity.silicon)(host, reason);
      return;
    }
    host.setBaudRate(romBaudRate);
    // A backup of a board that was made by an earlier version.
    const oldFiles = findOldFiles(this.#flash);
    if (oldFiles !== undefined) convertOldFiles(this.#flash, oldFiles);
    if (hasLostPower(reason)) this.#dayClock.offsetS = clockStartS - Math.floor(Date.now() / 1000);
    if (boot === 'prompt') {
      this.#guest = new MicroPythonGuest(host, reason, this.#programOptions(boot));
      return;
    }
    host.transmit(
      new TextEncoder().encode(romBanner(this.#options.identity.silicon, reason, 'run') + verdict.output),
    );
    if (this.#options.faults.noStart === true) return;
    host.after(startTimeMs, () => {
      this.#guest = new MicroPythonGuest(host, reason, this.#programOptions(boot));
    });
  }

  #programOptions(boot: MicroPythonOptions['boot']): MicroPythonOptions {
    const {
      readOnly,
      ramBytes,
      cpuMhz,
      hasHostNet = false,
      identity,
      faults,
      accessPoints,
      unpaced,
      onInputLost = () => undefined,
      onPanic = () => undefined,
    } = this.#options;
    const air: Air = {
      ...(accessPoints && { accessPoints }),
      noDhcp: faults.noDhcp === true,
      noNtp: faults.noNtp === true,
      ...(faults.wifiJoinMs !== undefined && { joinMs: faults.wifiJoinMs }),
      unpaced,
    };
    const chip = { mac: identity.mac, pins: this.#pins, clock: this.#dayClock };
    return {
      readOnly,
      ramBytes,
      cpuMhz,
      hasHostNet,
      boot,
      air,
      ...chip,
      faults,
      onInputLost,
      onPanic,
    };
  }

  /** The chip as one program sees it, until the next reset. */
  #host(): GuestHost {
    const run = this.#run;
    const isCurrent = (): boolean => run === this.#run;
    const clock = this.#clock;
    return {
      flash: this.#flash,
      unpaced: this.#options.unpaced,
      get nowMs() {
        return clock.nowMs;
      },
      transmit: (bytes, onSent) => {
        if (isCurrent()) this.#toHost.send(bytes, onSent);
      },
      setBaudRate: (baudRate) => {
        if (!isCurrent()) return;
        this.#toHost.transmitRate = baudRate;
        this.#toChip.receiveRate = baudRate;
      },
      after: (chipTimeMs, fn) => {
        const waitMs = this.#options.unpaced ? 0 : chipTimeMs;
        this.#clock.schedule(this.#clock.nowMs + waitMs, () => {
          if (isCurrent()) fn();
        });
      },
      reset: (reason) => {
        if (!isCurrent()) return;
        this.#halt();
        this.#start(reason);
      },
    };
  }
}

/** Whether the reset goes through the EN pin: it stops the clock too, which goes on over all other ones. */
function hasLostPower(reason: ResetReason): boolean {
  return reason === 'power-on' || reason === 'external';
}
