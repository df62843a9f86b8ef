import { gpioCount } from '../pins/gpio.js';
import { PinMode, type PinPanel } from '../pins/pin-panel.js';
import type { BoardConsole } from './board-console.js';
import { runBetween } from './run-between.js';
import type { Vm } from './vm.js';

const risingEdge = 1;
const fallingEdge = 2;

/**
 * The program's side of the pins: what device/sim/_pins.py asks for, and the callbacks of `Pin.irq`. Those run as scheduled
 * callbacks do on a board: while the program waits at once, and in a program that computes after the next few steps.
 */
export class BoardPins {
  readonly #panel: PinPanel;
  readonly #console: BoardConsole;
  readonly #triggers = new Map<number, number>();
  /** What is connected, as far as edges have been looked for. */
  readonly #seen = new Map<number, number | undefined>();
  #edges: number[] = [];
  #isFiring = false;
  /** Where MicroPython keeps `micropython.schedule` and the function that runs the callbacks. */
  #schedule = { scheduler: 0, callback: 0 };

  constructor(panel: PinPanel, console: BoardConsole) {
    this.#panel = panel;
    this.#console = console;
    // Changes from before this program are none for it.
    panel.takeChanges();
    for (let gpio = 0; gpio < gpioCount; gpio += 1) this.#seen.set(gpio, panel.connectedMv(gpio));
  }

  readonly devices: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    pin_init: (gpio, mode, pull, latch) => {
      this.#configure(Number(gpio), {
        ...(typeof mode === 'number' && { mode }),
        ...(typeof pull === 'number' && { pull }),
        ...(typeof latch === 'number' && { latch }),
      });
    },
    pin_set: (gpio, latch) => {
      this.#configure(Number(gpio), { latch: Number(latch) });
    },
    pin_latch: (gpio) => this.#panel.latch(Number(gpio)),
    pin_level: (gpio) => {
      // A loop that looks at a pin again and again is waiting: it may nap, and callbacks run.
      this.#console.ticksMs();
      return this.#panel.level(Number(gpio));
    },
    pin_mv: (gpio) => {
      this.#console.ticksMs();
      return this.#panel.connectedMv(Number(gpio));
    },
    pin_pwm: (gpio, pwmHz, pwmDuty) => {
      this.#configure(Number(gpio), { mode: PinMode.pwm, pwmHz: Number(pwmHz), pwmDuty: Number(pwmDuty) });
    },
    pin_dac: (gpio, dacMv) => {
      this.#configure(Number(gpio), { mode: PinMode.dac, dacMv: Number(dacMv) });
    },
    pin_irq: (gpio, trigger) => {
      this.#lookForEdges();
      if (Number(trigger) === 0) this.#triggers.delete(Number(gpio));
      else this.#triggers.set(Number(gpio), Number(trigger));
    },
    pin_callback: (scheduler, callback) => {
      this.#schedule = { scheduler: Number(scheduler), callback: Number(callback) };
    },
    pin_edges: () => this.#edges.splice(0),
  };

  /** Runs the callbacks that are due; for when the VM waits. */
  fireDue(vm: Vm): void {
    this.#lookForEdges();
    if (this.#edges.length === 0 || this.#isFiring) return;
    this.#isFiring = true;
    runBetween(vm.exports, '__import__("_pins")._fire(None)');
    this.#isFiring = false;
  }

  /** Has the callbacks that are due run soon; for when the VM is busy. Does what an interrupt may do, and no more. */
  scheduleDue(vm: Vm): void {
    this.#lookForEdges();
    const { scheduler, callback } = this.#schedule;
    if (this.#edges.length === 0 || this.#isFiring || scheduler === 0) return;
    // mp_obj_fun_builtin_fixed_t { type, function }: micropython.schedule(callback, callback)
    const index = new Uint32Array(vm.exports.memory.buffer)[scheduler / 4 + 1] ?? 0;
    vm.exports.__indirect_function_table.get(index)(callback, callback);
  }

  #configure(gpio: number, settings: Parameters<PinPanel['configure']>[1]): void {
    const before = this.#panel.level(gpio);
    this.#panel.configure(gpio, settings);
    this.#note(gpio, before, this.#panel.level(gpio));
  }

  #lookForEdges(): void {
    for (const { gpio, connectedMv } of this.#panel.takeChanges()) {
      const before = this.#panel.levelWith(gpio, this.#seen.get(gpio));
      this.#seen.set(gpio, connectedMv);
      this.#note(gpio, before, this.#panel.levelWith(gpio, connectedMv));
    }
  }

  #note(gpio: number, before: number, after: number): void {
    const edge = before === after ? 0 : after === 1 ? risingEdge : fallingEdge;
    if ((edge & (this.#triggers.get(gpio) ?? 0)) !== 0) this.#edges.push(gpio);
  }
}
