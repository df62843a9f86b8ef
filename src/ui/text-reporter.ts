import type { ChalkInstance } from 'chalk';
import type { UpywError } from '../errors.js';
import { printableName, printableText } from '../printable.js';
import type { Output } from '../world.js';
import type { Failure } from './failure.js';
import { describeFailure } from './failure.js';
import { LiveLine } from './live-line.js';
import { progressLine, progressSummary } from './progress-line.js';
import type { CommandReporter, Progress } from './reporter.js';

/** How often a line of a traceback is shown in a row. */
const shownRepeats = 3;
/** What takes longer is told in a line of its own where nothing moves. */
const longWaitMs = 3_000;

/** What a text reporter is made of; `chalk` is undefined where there are no colours. */
export interface TextReporterParts {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly now: () => number;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly chalk?: ChalkInstance | undefined;
}

/**
 * Speaks to a person: results on stdout, everything else on stderr. Whatever it is told may hold text of a board or a file, so all of
 * it is made printable here, before colours are added; only bytes pass as they are.
 */
export class TextReporter implements CommandReporter {
  readonly #parts: TextReporterParts;
  readonly #line: LiveLine | undefined;

  constructor(parts: TextReporterParts) {
    this.#parts = parts;
    if (parts.stderr.isTTY === true && !parts.quiet) {
      this.#line = new LiveLine(parts.stderr, parts.chalk !== undefined);
    }
  }

  data(bytes: Uint8Array): void {
    this.#parts.stdout.write(bytes);
  }

  info(text: string): void {
    this.#tell(printableText(text));
  }

  note(text: string): void {
    const printable = printableText(text);
    this.#tell(this.#parts.chalk?.dim(printable) ?? printable);
  }

  warn(text: string): void {
    this.#parts.stderr.write(`${this.#parts.chalk?.yellow('!') ?? '!'} ${printableText(text)}\n`);
  }

  judge(level: 'green' | 'yellow' | 'red', text: string): void {
    const sign = { green: '✓', yellow: '!', red: '✘' }[level];
    this.#parts.stdout.write(`${this.#parts.chalk?.[level](sign) ?? sign} ${printableName(text)}\n`);
  }

  debug(text: string): void {
    if (!this.#parts.verbose) return;
    const printable = printableText(text);
    this.#parts.stderr.write(`${this.#parts.chalk?.dim(printable) ?? printable}\n`);
  }

  progress(said: string, totalBytes: number): Progress {
    const label = printableName(said);
    const started = this.#parts.now();
    let doneBytes = 0;
    const state = () => ({ label, totalBytes, doneBytes, elapsedMs: this.#parts.now() - started });
    this.#line?.start(label);
    return {
      update: (bytes) => {
        doneBytes = bytes;
        this.#line?.set(progressLine(state()));
      },
      finish: (summary) => {
        this.#line?.stop();
        doneBytes = totalBytes;
        this.info(summary ?? progressSummary(state()));
      },
      stop: () => this.#line?.stop(),
    };
  }

  busy(label: string): () => void {
    if (this.#line === undefined) return this.#tellLongWait(label);
    this.#line.start(printableName(label));
    return () => this.#line?.stop();
  }

  result(_value: object, text?: string | Uint8Array): void {
    if (text === undefined || text === '') return;
    if (typeof text === 'string') {
      this.#parts.stdout.write(printableText(text.endsWith('\n') ? text : `${text}\n`));
    } else this.#parts.stdout.write(text);
  }

  goesOn(): void {
    // Everything is told at once in any case.
  }

  interimFailure({ message, hint }: UpywError, text = `${message}. ${hint}`): void {
    this.warn(printableName(text));
  }

  succeed(): void {
    this.#line?.stop();
  }

  /** In the record of a script, too, one sees what it waits for. */
  #tellLongWait(label: string): () => void {
    const timer = setTimeout(() => {
      this.info(`${label} …`);
    }, longWaitMs).unref();
    return () => {
      clearTimeout(timer);
    };
  }

  #tell(printable: string): void {
    if (!this.#parts.quiet) this.#parts.stderr.write(`${printable}\n`);
  }

  fail(error: unknown): number {
    this.#line?.stop();
    const failure = describeFailure(error, { verbose: this.#parts.verbose });
    this.#parts.stderr.write(renderFailure(failure, this.#parts));
    return failure.exitCode;
  }
}

/** As Python shortens the traceback of a recursion. */
function withoutRepeats(traceback: string): string {
  const shortened: string[] = [];
  let repeats = 0;
  const lines = traceback.split('\n');
  for (const [index, line] of lines.entries()) {
    repeats = line !== '' && line === lines[index - 1] ? repeats + 1 : 0;
    if (repeats < shownRepeats) shortened.push(line);
    else if (lines[index + 1] !== line)
      shortened.push(`  [Previous line repeated ${repeats - shownRepeats + 1} more times]`);
  }
  return shortened.join('\n');
}

/** What the board said of an exception in the user's own program, or of any where all is to be shown. */
export function shownTraceback({ code, details }: Failure, verbose: boolean): string[] {
  const { traceback } = details as { traceback?: string };
  const isShown = traceback !== undefined && (verbose || code === 'run/exception');
  return isShown ? [printableText(withoutRepeats(traceback)).trimEnd()] : [];
}

/** `✘ what` / `→ what to do` / the code, dimmed; before it the board's traceback, which is the user's own output. */
function renderFailure(
  failure: Failure,
  { chalk, verbose }: Pick<TextReporterParts, 'chalk' | 'verbose'>,
): string {
  const lines = [
    ...shownTraceback(failure, verbose),
    `${chalk?.red('✘') ?? '✘'} ${printableName(failure.message)}`,
    `${chalk?.cyan('→') ?? '→'} ${printableName(failure.hint)}`,
    ...[
      `  ${failure.code}`,
      ...(failure.causes ?? []).map((cause) => `  because of ${printableText(cause)}`),
    ].map((line) => chalk?.dim(line) ?? line),
  ];
  return `${lines.join('\n')}\n`;
}
