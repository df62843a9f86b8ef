import { inspect } from 'node:util';
import { UpywError, isRetryable } from '../errors.js';
import { Interrupted, OutputFailed } from '../interruption.js';
import { packageVersion } from '../version.js';

/** A failure as it is told: the shape of `error` in `--json`, and what the text rendering is made of. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
  /** Only where it is so: the line or a restart was to blame, and the same command may go well the next time. */
  readonly retryable?: true;
  readonly details: object;
  /** With `--verbose`: what caused it, nearest first; for a bug of ours its stack. */
  readonly causes?: readonly string[];
}

/** The code under which a bug of upyw's own is reported. It is not in the catalogue: nobody throws it. */
const bugCode = 'internal/bug';

/** Turns anything thrown into what is told about it. */
export function describeFailure(error: unknown, options: { verbose: boolean }): Failure {
  const expected = translated(error);
  const failure =
    expected instanceof UpywError ? describeExpected(expected as UpywError) : describeBug(error);
  const causes = options.verbose ? listCauses(error) : [];
  return causes.length > 0 ? { ...failure, causes } : failure;
}

/** The ends of a command that come from outside, in the words of the catalogue. */
function translated(error: unknown): unknown {
  if (error instanceof Interrupted) return new UpywError('run/interrupted', {});
  if (error instanceof OutputFailed) {
    return new UpywError(
      'file/failed',
      { path: 'the output', reason: error.message },
      { cause: error.cause },
    );
  }
  return error;
}

function describeExpected(error: UpywError): Failure {
  const { code, message, hint, exitCode, details } = error;
  return { code, message, hint, exitCode, ...(isRetryable(error) ? { retryable: true } : {}), details };
}

function describeBug(error: unknown): Failure {
  const versions = {
    upyw: packageVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  return {
    code: bugCode,
    message: `this is a mistake in upyw itself: ${firstLine(error)}`,
    hint:
      'Please report it with the command you ran and the output of --verbose ' +
      `(upyw ${versions.upyw}, Node ${versions.node}, ${versions.platform})`,
    exitCode: 1,
    details: versions,
  };
}

function listCauses(error: unknown): string[] {
  const causes: string[] = [];
  if (error instanceof Error && !(error instanceof UpywError)) causes.push(error.stack ?? error.message);
  let current = error instanceof Error ? error.cause : undefined;
  while (current !== undefined && causes.length < 10) {
    causes.push(current instanceof Error ? `${current.name}: ${current.message}` : inspect(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  return causes;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}
