/** When `machine.Timer` has something to do. */
export class BoardTimers {
  readonly #onSet: (dueInMs: number | undefined) => void;
  #dueAtMs: number | undefined;

  /** `onSet` hears of every change. */
  constructor(onSet: (dueInMs: number | undefined) => void) {
    this.#onSet = onSet;
  }

  /** The earliest of all timers is due in so many milliseconds; undefined: there is none. */
  set(dueInMs: number | undefined): void {
    if (dueInMs === undefined && this.#dueAtMs === undefined) return;
    this.#dueAtMs = dueInMs === undefined ? undefined : performance.now() + dueInMs;
    this.#onSet(dueInMs);
  }

  /** Milliseconds until one is due. */
  get waitMs(): number {
    return (this.#dueAtMs ?? Infinity) - performance.now();
  }
}
