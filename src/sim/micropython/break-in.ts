/**
 * Lets the wire's side break into the VM's thread (`interruptWorker`), but only between two steps of the VM itself. V8 runs what
 * breaks in at any loop, so also in the middle of what the VM has asked for: a ring whose counters are half changed. There it
 * waits until the VM goes on.
 */
export class BreakIn {
  /** What is looked after: Ctrl-C, timers, pins. */
  onBreakIn: () => void = () => undefined;
  #isInVm = false;
  #isWaiting = false;

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
    }
  }

  /** The VM has called for `action`. */
  serveVm<T>(action: () => T): T {
    const was = this.#isInVm;
    this.#isInVm = false;
    try {
      return action();
    } finally {
      if (was) this.#enterVm();
    }
  }

  #enterVm(): void {
    this.#isInVm = true;
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
