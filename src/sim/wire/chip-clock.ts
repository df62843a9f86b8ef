interface Event {
  readonly timeMs: number;
  readonly run: () => void;
  /** What takes no time waits for the next turn of Node's loop, or an endless chain of it would let nothing else run. */
  readonly pass: number;
}

/** By so much Node's timers come late; the rest of a wait is slept through in naps, between which Node looks after everything else. */
const timerLatenessMs = 1.5;
const napMs = 0.1;
/** Nobody ever rings it. */
const bell = new Int32Array(new SharedArrayBuffer(4));

/**
 * The one clock of a virtual board. Whatever happens on its wire and in its chip is an event here, run in order of its time;
 * while it runs, `nowMs` is exactly that time. Node's timers are late by a millisecond or so, but what follows from an event
 * is reckoned from its own time, so lateness never adds up.
 */
export class ChipClock {
  readonly #events: Event[] = [];
  #eventTimeMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #isRunning = false;
  #pass = 0;

  get nowMs(): number {
    return this.#eventTimeMs ?? performance.now();
  }

  /** Runs `run` at `timeMs`, never within this call; events of one time run in the order they were scheduled. @returns cancels it. */
  schedule(timeMs: number, run: () => void): () => void {
    const takesNoTime = this.#isRunning && timeMs <= this.nowMs;
    const event = { timeMs, run, pass: takesNoTime ? this.#pass + 1 : this.#pass };
    const next = this.#events.findIndex((each) => each.timeMs > timeMs);
    if (next === -1) this.#events.push(event);
    else this.#events.splice(next, 0, event);
    if (!this.#isRunning) this.#arm();
    return () => {
      const at = this.#events.indexOf(event);
      if (at !== -1) this.#events.splice(at, 1);
    };
  }

  /** Forgets all events. */
  stop(): void {
    this.#events.length = 0;
    this.#disarm();
  }

  #arm(): void {
    this.#disarm();
    const first = this.#events[0];
    if (first === undefined) return;
    const waitMs = first.timeMs - performance.now();
    if (waitMs <= timerLatenessMs) this.#immediate = setImmediate(this.#nap);
    else this.#timer = setTimeout(this.#runDue, Math.floor(waitMs - timerLatenessMs));
  }

  readonly #nap = (): void => {
    const waitMs = (this.#events[0]?.timeMs ?? 0) - performance.now();
    if (waitMs > 0) Atomics.wait(bell, 0, 0, Math.min(waitMs, napMs));
    this.#runDue();
  };

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }

  readonly #runDue = (): void => {
    this.#isRunning = true;
    this.#pass += 1;
    const untilMs = performance.now();
    const isDue = (event: Event): boolean => event.timeMs <= untilMs && event.pass <= this.#pass;
    for (let first = this.#events[0]; first && isDue(first); first = this.#events[0]) {
      this.#events.shift();
      this.#eventTimeMs = first.timeMs;
      first.run();
    }
    this.#eventTimeMs = undefined;
    this.#isRunning = false;
    this.#arm();
  };
}
