import { gpioCount } from '../pins/gpio-numbers.js';
import { PinMode, type PinPanel } from '../pins/pin-panel.js';
import type { BoardConsole } from './console/board-console.js';

const risingEdge = 1;
const fallingEdge = 2;

/** The program's side of the pins: what device/sim/_pins.py asks for, and the edges that `Pin.irq` waits for. */
export class BoardPins {
  readonly #panel: PinPanel;
  readonly #console: BoardConsole;
  readonly #triggers = new Map<number, number>();
  /** What is connected, as far as edges have been looked for. */
  readonly #seen = new Map<number, number | undefined>();
  readonly #edges: number[] = [];
  #isLooking = false;

  constructor(panel: PinPanel, console: BoardConsole) {
    this.#panel = panel;
    this.#console = console;
    // Changes from before this program are none for it; outputs stay as they were over a soft reset, but PWM ends.
    panel.takeChanges();
    for (let gpio = 0; gpio < gpioCount; gpio += 1) {
      this.#seen.set(gpio, panel.connectedMv(gpio));
      if (panel.mode(gpio) === PinMode.pwm) panel.configure(gpio, { mode: PinMode.unused });
    }
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
    pin_edges: () => this.#edges.splice(0),
  };

  /** Looks what has changed outside. @returns whether there are edges that somebody waits for */
  hasEdges(): boolean {
    this.#lookForEdges();
    return this.#edges.length > 0;
  }

  #configure(gpio: number, settings: Parameters<PinPanel['configure']>[1]): void {
    const before = this.#panel.level(gpio);
    this.#panel.configure(gpio, settings);
    this.#note(gpio, before, this.#panel.level(gpio));
  }

  #lookForEdges(): void {
    // It may be broken into by itself: see `whenInterrupted` in worker.ts.
    if (this.#isLooking) return;
    this.#isLooking = true;
    for (const { gpio, connectedMv } of this.#panel.takeChanges()) {
      const before = this.#panel.levelWith(gpio, this.#seen.get(gpio));
      this.#seen.set(gpio, connectedMv);
      this.#note(gpio, before, this.#panel.levelWith(gpio, connectedMv));
    }
    this.#isLooking = false;
  }

  #note(gpio: number, before: number, after: number): void {
    const edge = before === after ? 0 : after === 1 ? risingEdge : fallingEdge;
    if ((edge & (this.#triggers.get(gpio) ?? 0)) !== 0) this.#edges.push(gpio);
  }
}
