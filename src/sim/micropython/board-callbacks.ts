import type { BoardPins } from './board-pins.js';
import type { BoardTimers } from './clock/board-timers.js';
import { longWaitMs } from './console/board-console.js';
import type { Vm } from './vm.js';

/**
 * Runs the callbacks of `Pin.irq` and `machine.Timer` as scheduled callbacks run on a board: at once while the program waits (sleeps,
 * polls, or is at the prompt), and after its next few steps in one that computes.
 */
export class BoardCallbacks {
  readonly #pins: BoardPins;
  readonly #timers: BoardTimers;
  /** Where MicroPython keeps `micropython.schedule` and the function that runs what is due. */
  #addresses = { schedule: 0, runDue: 0 };
  #isScheduled = false;

  constructor(pins: BoardPins, timers: BoardTimers) {
    this.#pins = pins;
    this.#timers = timers;
  }

  readonly devices: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    callbacks: (schedule, runDue) => {
      this.#addresses = { schedule: Number(schedule), runDue: Number(runDue) };
    },
    callbacks_run: () => {
      this.#isScheduled = false;
    },
  };

  /** For when the VM waits. @returns milliseconds until there may be more to do */
  fireDue(vm: Vm): number {
    if (this.#isDue) vm.runBetween('__import__("machine")._run_due(None)');
    return Math.min(longWaitMs, Math.max(1, this.#timers.waitMs));
  }

  /** For when the VM is busy. Does what an interrupt may do, and no more. */
  scheduleDue(vm: Vm): void {
    const { schedule, runDue } = this.#addresses;
    if (!this.#isDue || this.#isScheduled || schedule === 0) return;
    this.#isScheduled = true;
    // mp_obj_fun_builtin_fixed_t { type, function }: micropython.schedule(runDue, runDue)
    const index = new Uint32Array(vm.exports.memory.buffer)[schedule / 4 + 1] ?? 0;
    vm.exports.__indirect_function_table.get(index)(runDue, runDue);
  }

  get #isDue(): boolean {
    // Both are asked: the pins have to look.
    const hasEdges = this.#pins.hasEdges();
    return hasEdges || this.#timers.waitMs <= 0;
  }
}
