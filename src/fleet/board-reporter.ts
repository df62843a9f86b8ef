import type { UpywError } from '../errors.js';
import type { CommandReporter, Progress } from '../ui/reporter.js';
import type { BoardEvent } from './fleet-view.js';

/** The reporter that a command is handed where it runs for one of many boards: what it says is told with the board. */
export class BoardReporter implements CommandReporter {
  readonly #tell: (event: BoardEvent) => void;
  readonly #now: () => number;

  constructor(tell: (event: BoardEvent) => void, now: () => number) {
    this.#tell = tell;
    this.#now = now;
  }

  data(bytes: Uint8Array): void {
    this.#tell({ kind: 'output', bytes });
  }

  info(text: string): void {
    this.#tell({ kind: 'said', level: 'info', text });
  }

  note(text: string): void {
    this.info(text);
  }

  warn(text: string): void {
    this.#tell({ kind: 'said', level: 'warning', text });
  }

  judge(level: 'green' | 'yellow' | 'red', text: string): void {
    this.#tell({ kind: 'said', level: level === 'green' ? 'info' : 'warning', text });
  }

  debug(text: string): void {
    this.#tell({ kind: 'said', level: 'debug', text });
  }

  progress(label: string, totalBytes: number): Progress {
    const startedMs = this.#now();
    this.#tell({ kind: 'step', label });
    return {
      update: (doneBytes) => {
        this.#tell({ kind: 'progress', label, doneBytes, totalBytes, elapsedMs: this.#now() - startedMs });
      },
      finish: (summary) => {
        if (summary !== undefined) this.info(summary);
      },
      stop: () => undefined,
    };
  }

  busy(label: string): () => void {
    this.#tell({ kind: 'step', label });
    return () => undefined;
  }

  result(value: object, text?: string | Uint8Array): void {
    this.#tell({ kind: 'result', value, text });
  }

  goesOn(): void {
    // Everything is told at once in any case.
  }

  interimFailure({ message, hint }: UpywError, text = `${message}. ${hint}`): void {
    this.warn(text);
  }

  succeed(): void {
    // The end is told by who started it.
  }

  fail(): number {
    return 1;
  }
}
