import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { Faults } from '../chip/faults.js';
import type { Guest, GuestHost, ResetReason } from '../guest.js';
import type { PinPanel } from '../pins/pin-panel.js';
import { HostNet } from '../network/host-net.js';
import { compiledModule } from './wasm/compiled-module.js';
import type { CpuMhz } from './clock/cpu-rates.js';
import { Activity, SharedConsole } from './console/shared-console.js';
import { panicReason, panicReport } from './panic.js';
import { consoleBaudRate } from './clock/uart-clock.js';
import { applyChanges, copyOf } from '../files/board-flash.js';
import { VmThread } from './vm-thread.js';
import type { FromWorker, WorkerStart } from './worker-messages.js';

export interface MicroPythonOptions {
  /** The file system is mounted as after `os.mount(flash, '/', readonly=True)`. */
  readonly readOnly: boolean;
  /** How much memory programs have. */
  readonly ramBytes: number;
  /** The VM takes the time that a chip of this rate does. */
  readonly cpuMhz: CpuMhz | undefined;
  readonly boot: WorkerStart['boot'];
  /** The chip's base MAC address: what `machine.unique_id()` says. */
  readonly mac: Uint8Array;
  readonly pins: PinPanel;
  readonly air: WorkerStart['air'];
  /** Programs reach this computer's loopback addresses. */
  readonly hasHostNet: boolean;
  readonly clock: BoardClock;
  readonly faults: Faults;
  /** So many bytes came while the stdin ring was full, and are gone. */
  onInputLost(sizeBytes: number): void;
  /** The VM has failed: the chip panics and reboots. */
  onPanic(reason: string): void;
}

/** The chip's clock of days and hours: what it is before or behind this computer's. */
export interface BoardClock {
  offsetS: number;
}

const ctrlC = 3;
/** How long a program has to notice Ctrl-C or a pin by itself, in a call it makes, before its thread is broken into. */
const interruptGraceMs = 20;
/** The same where it seems to have switched Ctrl-C off, to receive any byte. */
const binaryInterruptGraceMs = 500;
/** From the end of the panic handler's report to the reset: it waits for the line to be idle. */
const panicTimeMs = 10;
/** How long a program has to see to a timer by itself. */
const timerGraceMs = 5;
/** MicroPython's console, in bits per second. */
const consoleBaud = 115_200;
/** Output that may wait for the wire, in line time: what the ESP32's FIFO holds, and what the timers here are late. */
const transmitBufferMs = 40;
const transmitBufferMinBytes = 128;
const unpacedBufferBytes = 65_536;
/** The buffer is emptied piece by piece, so that the program can fill up while the line is busy. */
const transmitPieces = 4;

/** MicroPython on the chip: the VM in a thread of its own, its UART, its files in flash. */
export class MicroPythonGuest implements Guest {
  readonly #host: GuestHost;
  readonly #onInputLost: (sizeBytes: number) => void;
  readonly #onPanic: (reason: string) => void;
  readonly #console = new SharedConsole();
  readonly #port: MessagePort;
  readonly #thread: VmThread;
  readonly #clock: BoardClock;
  readonly #pins: PinPanel;
  /** Input that no stdin ring could hold, while the wire has no rate that would have slowed the sender down. */
  #waiting: Uint8Array[] = [];
  readonly #hostNet: HostNet | undefined;
  #isTransmitting = false;
  #isInterrupting = false;
  #isWatchingPins = false;
  #isBreakingIn = false;
  #timerWatch: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(host: GuestHost, reason: ResetReason, options: MicroPythonOptions) {
    this.#host = host;
    this.#clock = options.clock;
    this.#pins = options.pins;
    this.#onInputLost = (sizeBytes) => {
      options.onInputLost(sizeBytes);
    };
    this.#onPanic = (reason) => {
      options.onPanic(reason);
    };
    this.#setBaudRate(consoleBaud);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const netChannel = options.hasHostNet ? new MessageChannel() : undefined;
    this.#hostNet = netChannel && new HostNet(netChannel.port1);
    const start: WorkerStart = {
      module: compiledModule(),
      console: this.#console.memory,
      port: port2,
      flash: copyOf(host.flash, options.faults),
      readOnly: options.readOnly,
      ramBytes: options.ramBytes,
      unpaced: host.unpaced,
      cpuMhz: options.cpuMhz,
      baudRate: consoleBaud,
      compactEvery: options.faults.compactEvery,
      resetReason: reason,
      mac: [...options.mac],
      boot: options.boot,
      pins: options.pins.memory,
      air: options.air,
      hostNet: netChannel?.port2,
      clockOffsetS: options.clock.offsetS,
    };
    this.#thread = VmThread.run(start, (error) => {
      this.#panic(error);
    });
    this.#console.askForOutput();
    this.#port.on('message', (message: FromWorker) => {
      this.#handle(message);
      this.#transmit();
    });
  }

  receive(bytes: Uint8Array): void {
    if (this.#isStopped) return;
    this.#waiting.push(bytes);
    this.#deliver();
    if (bytes.includes(ctrlC)) this.#watchInterrupt();
  }

  /** Something was connected to a pin: a program that waits looks now, one that is busy when it can be broken into. */
  pinsChanged(): void {
    if (this.#isWatchingPins || this.#isStopped) return;
    this.#isWatchingPins = true;
    this.#console.received.nudge();
    setTimeout(() => {
      this.#isWatchingPins = false;
      if (this.#isStopped || !this.#pins.hasChanges) return;
      void this.#breakIn();
      this.pinsChanged();
    }, interruptGraceMs).unref();
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#drainMessages();
    this.#isStopped = true;
    clearTimeout(this.#timerWatch);
    this.#port.close();
    this.#hostNet?.close();
    await this.#thread.switchOff(this.#console);
  }

  /** Moves input into the stdin ring. What does not fit is lost, but for what a person may have typed or pasted. */
  #deliver(): void {
    for (let bytes = this.#waiting.shift(); bytes !== undefined; bytes = this.#waiting.shift()) {
      this.#console.askForRoom();
      const taken = this.#console.received.push(bytes, this.#console.receiveLimit);
      if (taken === bytes.length) continue;
      if (!losesInput(this.#console.activity)) {
        this.#waiting.unshift(bytes.subarray(taken));
        return;
      }
      this.#onInputLost(bytes.length - taken);
    }
  }

  /** Hands output to the wire, as much as the transmitter takes; the rest waits in the ring and holds the program up. */
  #transmit(): void {
    if (this.#isTransmitting || this.#isStopped) return;
    let bytes: Uint8Array;
    do {
      this.#console.askForOutput();
      bytes = this.#console.transmitted.peek(Math.ceil(this.#console.transmitLimit / transmitPieces));
      // What was committed before these bytes were printed must be in flash before they are heard. Among the messages may
      // also be the one that tells of output which came after this look: nobody would look again.
    } while (this.#drainMessages() && bytes.length === 0);
    if (bytes.length === 0) return;
    this.#isTransmitting = true;
    this.#host.transmit(bytes, () => {
      this.#isTransmitting = false;
      if (this.#isStopped) return;
      this.#console.transmitted.release(bytes.length);
      this.#transmit();
    });
  }

  /** @returns whether there were any. */
  #drainMessages(): boolean {
    for (let any = false; ; any = true) {
      const received = receiveMessageOnPort(this.#port) as { message: FromWorker } | undefined;
      if (received === undefined) return any;
      this.#handle(received.message);
    }
  }

  #handle(message: FromWorker): void {
    if (this.#isStopped) return;
    switch (message.kind) {
      case 'output':
        this.#deliver();
        break;
      case 'flash':
        applyChanges(this.#host.flash, message.changes);
        break;
      case 'uart':
        this.#setBaudRate(consoleBaudRate(message));
        break;
      case 'timer':
        this.#watchTimer(message.dueInMs);
        break;
      case 'clock':
        this.#clock.offsetS = message.offsetS;
        break;
      case 'reset':
        this.#host.after(message.afterMs, () => {
          this.#host.reset(message.reason);
        });
    }
  }

  #setBaudRate(baudRate: number | undefined): void {
    if (baudRate === undefined) return;
    this.#host.setBaudRate(baudRate);
    const bufferBytes = Math.round((baudRate / 10_000) * transmitBufferMs);
    this.#console.transmitLimit = this.#host.unpaced
      ? unpacedBufferBytes
      : Math.max(transmitBufferMinBytes, bufferBytes);
  }

  #watchInterrupt(): void {
    if (this.#isInterrupting) return;
    this.#isInterrupting = true;
    const graceMs = this.#console.interruptChar < 0 ? binaryInterruptGraceMs : interruptGraceMs;
    setTimeout(() => {
      void this.#interrupt();
    }, graceMs).unref();
  }

  /** A timer that goes off while the program is busy breaks into it; one that is seen to is set anew, or ends. */
  #watchTimer(dueInMs: number | undefined): void {
    clearTimeout(this.#timerWatch);
    if (dueInMs === undefined) return;
    this.#timerWatch = setTimeout(() => {
      if (this.#isStopped) return;
      void this.#breakIn();
      this.#watchTimer(0);
    }, dueInMs + timerGraceMs).unref();
  }

  /** Has a busy program look what is due. */
  async #breakIn(): Promise<void> {
    if (this.#isBreakingIn || !this.#isRunning) return;
    this.#isBreakingIn = true;
    await this.#thread.interrupt();
    this.#isBreakingIn = false;
  }

  get #isRunning(): boolean {
    return this.#console.activity === Activity.RunningFriendly || losesInput(this.#console.activity);
  }

  async #interrupt(): Promise<void> {
    if (!this.#isStopped && this.#isRunning && this.#console.received.includes(ctrlC)) {
      await this.#thread.interrupt();
    }
    this.#isInterrupting = false;
  }

  /** A failure of the VM itself: what it had printed comes out, then the chip's panic handler speaks and reboots. */
  #panic(error: Error): void {
    if (this.#isStopped) return;
    this.#drainMessages();
    this.#onPanic(panicReason(error));
    const { transmitted } = this.#console;
    const printed = transmitted.peek(transmitted.length);
    if (!this.#isTransmitting) this.#host.transmit(printed);
    this.#host.transmit(new TextEncoder().encode(panicReport(error)), () => {
      this.#host.after(panicTimeMs, () => {
        this.#host.reset('software');
      });
    });
  }
}

function losesInput(activity: Activity): boolean {
  return activity === Activity.RawPaste || activity === Activity.RunningRaw;
}
