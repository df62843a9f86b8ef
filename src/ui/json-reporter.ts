import type { UpywError } from '../errors.js';
import { printableJson, printableText } from '../printable.js';
import type { Output } from '../world.js';
import { type Failure, describeFailure } from './failure.js';
import type { CommandReporter, Progress } from './reporter.js';

const silentProgress: Progress = { update: () => undefined, finish: () => undefined, stop: () => undefined };

/**
 * Speaks to a program: one JSON document on stdout at the end (of a command that goes on, one in each line), nothing on stderr
 * except what `--verbose` asks for.
 */
export class JsonReporter implements CommandReporter {
  readonly #output: Uint8Array[] = [];
  readonly #warnings: string[] = [];
  #isWritten = false;
  #goesOn = false;

  constructor(private readonly parts: { stdout: Output; stderr: Output; verbose: boolean }) {}

  data(bytes: Uint8Array): void {
    this.#output.push(bytes);
  }

  info(): void {
    // Progress is for people; a program gets the result.
  }

  note(): void {
    // Nor is what is said beside other output.
  }

  warn(text: string): void {
    this.#warnings.push(text);
  }

  judge(): void {
    // They are in the result.
  }

  debug(text: string): void {
    if (this.parts.verbose) this.parts.stderr.write(`${printableText(text)}\n`);
  }

  progress(): Progress {
    return silentProgress;
  }

  busy(): () => void {
    return () => undefined;
  }

  result(value: object): void {
    this.#write({ ok: true, ...value });
  }

  goesOn(): void {
    this.#goesOn = true;
  }

  interimFailure(error: UpywError): void {
    this.#write({ ok: false, error: this.#describe(error) });
  }

  succeed(): void {
    if (!this.#goesOn) this.#write({ ok: true });
  }

  fail(error: unknown): number {
    const failure = this.#describe(error);
    this.#write({ ok: false, error: failure });
    return failure.exitCode;
  }

  #describe(error: unknown): Failure {
    return describeFailure(error, { verbose: this.parts.verbose });
  }

  /** Once, unless the command goes on: a server has told its result when it was ready, and then it ends. */
  #write(document: object): void {
    if (this.#isWritten) return;
    this.#isWritten = !this.#goesOn;
    const indent = this.#goesOn ? 0 : 2;
    this.parts.stdout.write(`${printableJson(JSON.stringify(this.#complete(document), null, indent))}\n`);
  }

  /** With what has been collected since the last one. */
  #complete(document: object): object {
    const output = this.#output.splice(0);
    const warnings = this.#warnings.splice(0);
    return {
      ...document,
      ...(output.length > 0 ? describeOutput(output) : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
    };
  }
}

/** Text as text; bytes that are not UTF-8 as base64, so that nothing is lost. */
export function describeOutput(chunks: readonly Uint8Array[]): object {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  try {
    return { output: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { outputBase64: toBase64(bytes) };
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
