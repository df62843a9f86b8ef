import type { UpywError } from '../errors.js';

/** What a long operation calls as it goes on; `doneBytes` counts from 0 to the total given at the start. */
export interface Progress {
  readonly update: (doneBytes: number) => void;
  /** Replaces the bar by one line: `put main.py  12.3 kB  1.2 s  10.1 kB/s` or what `summary` says. */
  readonly finish: (summary?: string) => void;
  /** Takes the bar away without a word: the operation failed, and the error says so. */
  readonly stop: () => void;
}

/**
 * All that upyw says by itself. Text mode: results on stdout, the rest on stderr, colours and bars on a terminal only.
 * With `--json`: exactly one JSON document on stdout, at the end; a command that goes on has one in each line. With `--quiet`:
 * results, warnings and errors only.
 */
export interface Reporter {
  /** Bytes the user asked to see (`cat`, the output of `run`): to stdout unchanged, in order; with `--json` under `output`. */
  data(bytes: Uint8Array): void;
  /** A line about what is going on, to stderr; silent with `--quiet` and `--json`. */
  info(text: string): void;
  /** As `info`, dimmed: said beside somebody else's output. */
  note(text: string): void;
  /** A line that matters even when all goes well, to stderr; with `--json` collected under `warnings`. */
  warn(text: string): void;
  /** A line of a diagnosis, before the result: green, yellow or red. */
  judge(level: 'green' | 'yellow' | 'red', text: string): void;
  /** Only with `--verbose`. */
  debug(text: string): void;
  /** A bar with rate and time left once the operation runs longer than a second. */
  progress(label: string, totalBytes: number): Progress;
  /** A spinner while something of unknown length happens; the returned function ends it. */
  busy(label: string): () => void;
  /** The command's one result, told last, or one of several where it `goesOn`: `value` with `--json`, else `text` on stdout (nothing when undefined). Bytes are what the user asked to see, and pass unchanged. */
  result(value: object, text?: string | Uint8Array): void;
  /** The command goes on after a result: with `--json`, each of what follows is a line of its own. */
  goesOn(): void;
  /** A failure after which it goes on: a warning, in the words of the error unless others fit better. */
  interimFailure(error: UpywError, text?: string): void;
}

/** The reporter as `main.ts` holds it, with the two ways a command ends. */
export interface CommandReporter extends Reporter {
  /** The command is through: writes what is still to be written. */
  succeed(): void;
  /** Tells what went wrong and returns the exit code for it. */
  fail(error: unknown): number;
}

/** How the user wants to be spoken to. */
export interface ReporterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** False with `--no-color`; colours also need a terminal. */
  readonly color: boolean;
}
