import { ChipPace } from './clock/chip-pace.js';

/**
 * Lets the wire's side break into the VM's thread (`interruptWorker`), but only between two steps of the VM itself. V8 runs what
 * breaks in at any loop, so also in the middle of what the VM has asked for: a ring whose counters are half changed. There it
 * waits until the VM goes on.
 */
export class BreakIn {
  readonly #pace: ChipPace;
  /** What is looked after: Ctrl-C, timers, pins. */
  onBreakIn: () => void = () => undefined;
  #isInVm = false;
  #isWaiting = false;

  constructor(pace = new ChipPace()) {
    this.#pace = pace;
  }

  /** The inspector calls this, anywhere. */
  readonly breakIn = (): void => {
    if (this.#isInVm) this.onBreakIn();
    else this.#isWaiting = true;
  };

  /** The VM runs within `action`. */
  runVm<T>(action: () => T): T {
    const was = this.#isInVm;
    this.#enterVm();
    try {
      return action();
    } finally {
      this.#isInVm = was;
      if (!was) this.#pace.leave();
    }
  }

  /** The VM has called for `action`. */
  serveVm<T>(action: () => T): T {
    const was = this.#isInVm;
    this.#isInVm = false;
    this.#pace.leave();
    this.#pace.pay();
    try {
      return action();
    } finally {
      if (was) this.#enterVm();
    }
  }

  #enterVm(): void {
    this.#isInVm = true;
    this.#pace.enter();
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#isInVm = false;
    try {
      this.onBreakIn();
    } finally {
      this.#isInVm = true;
    }
  }
}
