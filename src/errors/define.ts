/**
 * Exit codes of the command line, the same for every command.
 * 0 ok · 1 the operation failed · 2 argv or config · 3 no port, busy, lost, silent ·
 * 4 code that was run on the board raised an exception · 130 interrupted.
 */
export type ExitCode = 1 | 2 | 3 | 4 | 130;

/** One expected failure: what is said about it and what to do next, made from its typed details. */
export interface ErrorKind<Details> {
  readonly exitCode: ExitCode;
  /** What was sent or said did not arrive whole: the same, sent again, may go well. */
  readonly retryable?: true;
  /** One line, with the values in it. No full stop, no blame. */
  message(details: Details): string;
  /** The next step, as something to do. */
  hint(details: Details): string;
}

/** Declares one entry of the catalogue; without a message or a hint it does not compile. */
export function kind<Details>(entry: ErrorKind<Details>): ErrorKind<Details> {
  return entry;
}
