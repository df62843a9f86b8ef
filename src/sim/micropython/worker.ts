import { workerData } from 'node:worker_threads';
import { FatLibrary } from '../../fat/fat.js';
import { BoardSockets } from '../network/board-sockets.js';
import { WifiStation } from '../network/station.js';
import { tlsCalls } from '../network/tls-files.js';
import { wifiCalls } from '../network/wifi-calls.js';
import { PinPanel } from '../pins/pin-panel.js';
import { BoardConsole, longWaitMs, stall } from './console/board-console.js';
import { BoardFlash } from '../files/board-flash.js';
import { mountFiles, type BoardFiles, type BoardFilesOptions } from '../files/board-files.js';
import type { BoardCalls } from './board-device.js';
import { closeFiles, createBoardVm } from './board-vm.js';
import { interruptHandlerName } from './interrupt-worker.js';
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
import { readStartedVm } from './started-vm.js';
import type { Vm } from './vm.js';
import type { FromWorker, WorkerStart } from './worker-messages.js';

const start = workerData as WorkerStart;
const started = readStartedVm();
const fat = await FatLibrary.load();
const shared = new SharedConsole(start.console);
const fifo = start.unpaced ? undefined : new TransmitFifo(start.baudRate);
const boardConsole = new BoardConsole(
  shared,
  () => {
    tell({ kind: 'output' });
  },
  fifo,
);
const flash = new BoardFlash(start.flash, (changes) => {
  tell({ kind: 'flash', changes });
});
const flashTime = new FlashTime(start.unpaced);
let clockOffsetS = start.clockOffsetS;
const filesOptions: BoardFilesOptions = {
  flash,
  time: flashTime,
  fat,
  isReadOnly: start.readOnly,
  compactEvery: start.compactEvery,
  nowMs: () => Date.now() + clockOffsetS * 1000,
};
let files: BoardFiles | undefined;

function tell(message: FromWorker): void {
  start.port.postMessage(message);
}

/** What lasts over soft resets. */
const panel = new PinPanel(start.pins);
const station = new WifiStation(start.air);
let uart: UartRegisters = uartResetState;
const pace = new ChipPace(start.cpuMhz);
const breakIn = new BreakIn(pace);
const lastingDevices = {
  ...wifiCalls(station),
  ...tlsCalls,
  ...flashDevices(flash, flashTime),
  ...pace.devices,
};
/** Looks after what the wire's side asks for while the program is busy. */
let whenInterrupted = (): void => undefined;
breakIn.onBreakIn = () => {
  boardConsole.takeInterrupt();
  whenInterrupted();
};
let wasSoftReset = false;
let isSwitchedOn = start.boot === 'prompt';

function setUart(registers: UartRegisters): void {
  uart = registers;
  const baudRate = consoleBaudRate(registers);
  if (baudRate !== undefined) fifo?.setBaudRate(baudRate, performance.now());
  tell({ kind: 'uart', ...registers });
}

/** What the board's own Python modules ask for. `devices` are those of this start. */
function callsOf(timers: BoardTimers, devices: BoardCalls['devices']): BoardCalls {
  return {
    reset(reason, afterMs) {
      tell({ kind: 'reset', reason, afterMs });
      for (;;) stall(1_000_000);
    },
    setUart(divider, configuration) {
      setUart({ divider, configuration });
    },
    uart: () => uart,
    resetReason: () => start.resetReason,
    wasSoftReset: () => wasSoftReset,
    mac: start.mac,
    setTimer: (dueInMs) => {
      timers.set(dueInMs);
    },
    clockOffsetS: () => clockOffsetS,
    setClockOffsetS(offsetS) {
      clockOffsetS = offsetS;
      tell({ kind: 'clock', offsetS });
    },
    devices: {
      ...lastingDevices,
      ...devices,
    },
  };
}

async function newVm(): Promise<Vm> {
  files = mountFiles(filesOptions);
  const timers = new BoardTimers((dueInMs) => {
    tell({ kind: 'timer', dueInMs });
  });
  const pins = new BoardPins(panel, boardConsole);
  const callbacks = new BoardCallbacks(pins, timers);
  const sockets = new BoardSockets(station, start.unpaced);
  const vm = await createBoardVm({
    module: start.module,
    started,
    fat,
    nowMs: filesOptions.nowMs,
    console: boardConsole,
    breakIn,
    disk: files.disk,
    sockets,
    ramBytes: start.ramBytes,
    pace,
    calls: callsOf(timers, { ...sockets.devices, ...pins.devices, ...callbacks.devices }),
  });
  pace.measure(() => {
    vm.runBetween(sampleCode);
  });
  pace.holding = { sleepMs: (durationMs) => boardConsole.hold(durationMs, timers.waitMs) };
  boardConsole.whileWaiting = () => callbacks.fireDue(vm);
  whenInterrupted = () => {
    callbacks.scheduleDue(vm);
  };
  return vm;
}

/** The order of ports/esp32/main.c: boot.py always, main.py only for the friendly REPL and after a boot.py without an error. */
function runStartFiles(front: ReplFront, mode: ReplMode): 'repl' | 'soft-reset' {
  const isThere = (name: string): boolean =>
    files?.state !== 'damaged' && files?.state !== 'none' && files?.disk.stat(name)?.type === 'file';
  const boot = isThere('boot.py') ? front.runFile('boot.py') : 'done';
  if (boot === 'soft-reset') return 'soft-reset';
  if (boot === 'failed' || mode === 'raw' || !isThere('main.py')) return 'repl';
  return front.runFile('main.py') === 'soft-reset' ? 'soft-reset' : 'repl';
}

/** What MicroPython says of its files before it looks for boot.py; of damaged ones over and over, until somebody interrupts it. */
function tellOfFiles(front: ReplFront): void {
  if (files?.state === 'damaged') front.runFile(`/${hiddenFolder}/_damaged.py`);
  if (files?.state === 'new' && !isSwitchedOn) boardConsole.writeText('Performing initial setup\r\n');
}

/** Runs the board until its thread is ended. */
async function run(): Promise<never> {
  let mode: ReplMode = 'friendly';
  for (;;) {
    const vm = await newVm();
    const front = new ReplFront(vm, boardConsole, shared);
    tellOfFiles(front);
    if (isSwitchedOn || runStartFiles(front, mode) === 'repl') {
      if (!isSwitchedOn) front.enter(mode);
      front.serve();
      mode = front.mode;
    }
    isSwitchedOn = false;
    wasSoftReset = true;
    boardConsole.whileWaiting = () => longWaitMs;
    whenInterrupted = () => undefined;
    tell({ kind: 'timer', dueInMs: undefined });
    boardConsole.attach(undefined);
    closeFiles(vm);
    boardConsole.writeText('MPY: soft reboot\r\n');
  }
}

Object.assign(globalThis, { [interruptHandlerName]: breakIn.breakIn });
await run();
