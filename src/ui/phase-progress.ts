import type { Progress, Reporter } from './reporter.js';

/** A bar for each phase of a long operation, one after the other. */
export class PhaseProgress {
  readonly #reporter: Reporter;
  readonly #what: string;
  #phase = '';
  #progress: Progress | undefined;

  /** @param what the operation, for the labels: `flash` makes `flash: write` */
  constructor(reporter: Reporter, what: string) {
    this.#reporter = reporter;
    this.#what = what;
  }

  readonly update = (phase: string, doneBytes: number, totalBytes: number): void => {
    if (phase !== this.#phase) {
      this.stop();
      this.#phase = phase;
      this.#progress = this.#reporter.progress(`${this.#what}: ${phase}`, totalBytes);
    }
    this.#progress?.update(doneBytes);
    if (doneBytes < totalBytes) return;
    this.#progress?.finish();
    this.#progress = undefined;
  };

  /** Takes an unfinished bar away. */
  stop(): void {
    this.#progress?.stop();
    this.#progress = undefined;
    this.#phase = '';
  }
}
