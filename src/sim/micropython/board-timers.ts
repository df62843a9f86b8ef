import { longWaitMs } from './board-console.js';
import { runBetween } from './run-between.js';
import type { Vm } from './vm.js';

/**
 * `machine.Timer`: callbacks run while the program waits (sleeps, polls, or is at the prompt), as scheduled callbacks do on a board;
 * a program that computes without a pause holds them up.
 */
export class BoardTimers {
  #dueAtMs: number | undefined;

  set(dueInMs: number | undefined): void {
    this.#dueAtMs = dueInMs === undefined ? undefined : performance.now() + dueInMs;
  }

  /** @returns milliseconds until there may be more to do */
  fireDue(vm: Vm): number {
    if (this.#waitMs() <= 0) {
      // The callbacks may wait too, and must not be called from within themselves.
      this.#dueAtMs = undefined;
      runBetween(vm.exports, '__import__("machine").Timer._fire()');
    }
    return Math.min(longWaitMs, Math.max(1, this.#waitMs()));
  }

  #waitMs(): number {
    return (this.#dueAtMs ?? Infinity) - performance.now();
  }
}
