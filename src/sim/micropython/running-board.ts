import type { FatLibrary } from '../../fat/fat.js';
import { BoardSockets } from '../network/board-sockets.js';
import { HostSockets } from '../network/host-sockets.js';
import { WifiStation } from '../network/station.js';
import { tlsCalls } from '../network/tls-files.js';
import { wifiCalls } from '../network/wifi-calls.js';
import { PinPanel } from '../pins/pin-panel.js';
import { BoardConsole, longWaitMs, stall } from './console/board-console.js';
import { BoardFlash } from '../files/board-flash.js';
import { mountFiles, type BoardFiles, type BoardFilesOptions } from '../files/board-files.js';
import type { BoardCalls } from './board-device.js';
import { closeFiles, createBoardVm } from './board-vm.js';
import { BreakIn } from './break-in.js';
import { ChipPace, sampleCode } from './clock/chip-pace.js';
import { BoardCallbacks } from './board-callbacks.js';
import { BoardPins } from './board-pins.js';
import { BoardTimers } from './clock/board-timers.js';
import { hiddenFolder } from './python-modules.js';
import { flashDevices } from '../files/flash-devices.js';
import { FlashTime } from '../files/flash-time.js';
import { ReplFront, type ReplMode } from './console/repl-front.js';
import { SharedConsole } from './console/shared-console.js';
import { TransmitFifo } from './console/transmit-fifo.js';
import { consoleBaudRate, uartResetState, type UartRegisters } from './clock/uart-clock.js';
import type { StartedVm } from './started-vm.js';
import type { Vm } from './vm.js';
import type { FromWorker, WorkerStart } from './worker-messages.js';

/** What a thread has ready for each board that it runs. */
export interface ThreadParts {
  readonly started: StartedVm;
  readonly fat: FatLibrary;
}

/** A board that is on: its VM, from reset to reset, and what lasts over soft resets. It has its thread to itself. */
export class RunningBoard {
  readonly breakIn: BreakIn;
  readonly #start: WorkerStart;
  readonly #parts: ThreadParts;
  readonly #shared: SharedConsole;
  readonly #fifo: TransmitFifo | undefined;
  readonly #console: BoardConsole;
  readonly #filesOptions: BoardFilesOptions;
  readonly #panel: PinPanel;
  readonly #station: WifiStation;
  readonly #hostSockets: HostSockets | undefined;
  readonly #pace: ChipPace;
  readonly #lastingDevices: BoardCalls['devices'];
  #files: BoardFiles | undefined;
  #clockOffsetS: number;
  #uart: UartRegisters = uartResetState;
  /** Looks after what the wire's side asks for while the program is busy. */
  #whenInterrupted = (): void => undefined;
  #wasSoftReset = false;
  #isSwitchedOn: boolean;

  constructor(start: WorkerStart, parts: ThreadParts) {
    this.#start = start;
    this.#parts = parts;
    this.#shared = new SharedConsole(start.console);
    this.#fifo = start.unpaced ? undefined : new TransmitFifo(start.baudRate);
    const bootMs = performance.now();
    const uptimeMs = (): number => performance.now() - bootMs;
    const wake = (): void => {
      this.#tell({ kind: 'output' });
    };
    this.#console = new BoardConsole(this.#shared, wake, this.#fifo, uptimeMs);
    const flash = new BoardFlash(start.flash, (changes) => {
      this.#tell({ kind: 'flash', changes });
    });
    const flashTime = new FlashTime(start.unpaced);
    this.#clockOffsetS = start.clockOffsetS;
    this.#filesOptions = {
      flash,
      time: flashTime,
      fat: parts.fat,
      isReadOnly: start.readOnly,
      compactEvery: start.compactEvery,
      nowMs: () => Date.now() + this.#clockOffsetS * 1000,
    };
    this.#panel = new PinPanel(start.pins);
    this.#station = new WifiStation(start.air);
    this.#hostSockets = start.hostNet && new HostSockets(start.hostNet);
    this.#pace = new ChipPace(start.cpuMhz, uptimeMs);
    this.breakIn = new BreakIn(this.#pace);
    this.#lastingDevices = {
      ...wifiCalls(this.#station),
      ...tlsCalls,
      ...flashDevices(flash, flashTime),
      ...this.#pace.devices,
    };
    this.breakIn.onBreakIn = () => {
      if (this.#console.takeInterrupt()) this.#pace.forgive();
      this.#whenInterrupted();
    };
    this.#isSwitchedOn = start.boot === 'prompt';
  }

  /** Runs until the board is switched off ({@link SwitchedOff}), or its thread is ended. */
  async run(): Promise<never> {
    let mode: ReplMode = 'friendly';
    for (;;) {
      const vm = await this.#newVm();
      const front = new ReplFront(vm, this.#console, this.#shared);
      this.#tellOfFiles(front);
      if (this.#isSwitchedOn || this.#runStartFiles(front, mode) === 'repl') {
        if (!this.#isSwitchedOn) front.enter(mode);
        front.serve();
        mode = front.mode;
      }
      this.#endVm(vm);
    }
  }

  #endVm(vm: Vm): void {
    this.#isSwitchedOn = false;
    this.#wasSoftReset = true;
    this.#console.whileWaiting = () => longWaitMs;
    this.#whenInterrupted = () => undefined;
    this.#tell({ kind: 'timer', dueInMs: undefined });
    this.#console.attach(undefined);
    closeFiles(vm);
    this.#console.writeText('MPY: soft reboot\r\n');
  }

  #tell(message: FromWorker): void {
    this.#start.port.postMessage(message);
  }

  #setUart(registers: UartRegisters): void {
    this.#uart = registers;
    const baudRate = consoleBaudRate(registers);
    if (baudRate !== undefined) this.#fifo?.setBaudRate(baudRate, performance.now());
    this.#tell({ kind: 'uart', ...registers });
  }

  /** What the board's own Python modules ask for. `devices` are those of this start. */
  #callsOf(timers: BoardTimers, devices: BoardCalls['devices']): BoardCalls {
    return {
      reset: (reason, afterMs) => {
        this.#tell({ kind: 'reset', reason, afterMs });
        for (;;) stall(1_000_000);
      },
      setUart: (divider, configuration) => {
        this.#setUart({ divider, configuration });
      },
      uart: () => this.#uart,
      resetReason: () => this.#start.resetReason,
      wasSoftReset: () => this.#wasSoftReset,
      mac: this.#start.mac,
      setTimer: (dueInMs) => {
        timers.set(dueInMs);
      },
      clockOffsetS: () => this.#clockOffsetS,
      setClockOffsetS: (offsetS) => {
        this.#clockOffsetS = offsetS;
        this.#tell({ kind: 'clock', offsetS });
      },
      devices: {
        ...this.#lastingDevices,
        ...devices,
      },
    };
  }

  async #newVm(): Promise<Vm> {
    this.#files = mountFiles(this.#filesOptions);
    const timers = new BoardTimers((dueInMs) => {
      this.#tell({ kind: 'timer', dueInMs });
    });
    const pins = new BoardPins(this.#panel, this.#console);
    const callbacks = new BoardCallbacks(pins, timers);
    const sockets = new BoardSockets(this.#station, this.#start.unpaced, this.#hostSockets);
    const vm = await createBoardVm({
      module: this.#start.module,
      started: this.#parts.started,
      fat: this.#parts.fat,
      nowMs: this.#filesOptions.nowMs,
      console: this.#console,
      breakIn: this.breakIn,
      disk: this.#files.disk,
      sockets,
      ramBytes: this.#start.ramBytes,
      pace: this.#pace,
      calls: this.#callsOf(timers, { ...sockets.devices, ...pins.devices, ...callbacks.devices }),
    });
    this.#pace.measure(() => {
      vm.runBetween(sampleCode);
    });
    this.#pace.holding = { sleepMs: (durationMs) => this.#console.hold(durationMs, timers.waitMs) };
    this.#console.whileWaiting = () => callbacks.fireDue(vm);
    this.#whenInterrupted = () => {
      callbacks.scheduleDue(vm);
    };
    return vm;
  }

  /** The order of ports/esp32/main.c: boot.py always, main.py only for the friendly REPL and after a boot.py without an error. */
  #runStartFiles(front: ReplFront, mode: ReplMode): 'repl' | 'soft-reset' {
    const isThere = (name: string): boolean =>
      this.#files?.state !== 'damaged' &&
      this.#files?.state !== 'none' &&
      this.#files?.disk.stat(name)?.type === 'file';
    const boot = isThere('boot.py') ? front.runFile('boot.py') : 'done';
    if (boot === 'soft-reset') return 'soft-reset';
    if (boot === 'failed' || mode === 'raw' || !isThere('main.py')) return 'repl';
    return front.runFile('main.py') === 'soft-reset' ? 'soft-reset' : 'repl';
  }

  /** What MicroPython says of its files before it looks for boot.py; of damaged ones over and over, until somebody interrupts it. */
  #tellOfFiles(front: ReplFront): void {
    if (this.#files?.state === 'damaged') front.runFile(`/${hiddenFolder}/_damaged.py`);
    if (this.#files?.state === 'new' && !this.#isSwitchedOn)
      this.#console.writeText('Performing initial setup\r\n');
  }
}
