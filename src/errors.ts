import { boardErrors } from './errors/board.js';
import { catalogueErrors } from './errors/catalogue.js';
import type { ErrorKind, ExitCode } from './errors/define.js';
import { firmwareErrors } from './errors/firmware.js';
import { imageErrors } from './errors/image.js';
import { loaderErrors } from './errors/loader.js';
import { localErrors } from './errors/local.js';
import { netErrors } from './errors/net.js';
import { nameErrors } from './errors/name.js';
import { mipErrors } from './errors/mip.js';
import { mpyErrors } from './errors/mpy.js';
import { portErrors } from './errors/port.js';
import { provisionErrors } from './errors/provision.js';
import { rawReplErrors } from './errors/rawrepl.js';
import { runErrors } from './errors/run.js';
import { simErrors } from './errors/sim.js';
import { usageErrors } from './errors/usage.js';

export type { ExitCode } from './errors/define.js';

/** Every expected failure, by its stable code. */
const catalogue = {
  ...portErrors,
  ...rawReplErrors,
  ...boardErrors,
  ...firmwareErrors,
  ...catalogueErrors,
  ...imageErrors,
  ...loaderErrors,
  ...localErrors,
  ...netErrors,
  ...nameErrors,
  ...mipErrors,
  ...mpyErrors,
  ...provisionErrors,
  ...usageErrors,
  ...runErrors,
  ...simErrors,
};

type Catalogue = typeof catalogue;

/** A stable code such as `port/busy`: scripts match on it, docs/errors.md is sorted by it. */
export type ErrorCode = keyof Catalogue;

/** The values that an error of this code carries. */
export type ErrorDetails<Code extends ErrorCode> = Parameters<Catalogue[Code]['message']>[0];

/** All codes, for documentation and tests. */
export const errorCodes: readonly ErrorCode[] = Object.keys(catalogue) as ErrorCode[];

/** What a failure left behind when it came in the middle of a change: the state of things, and what mends it. */
export interface Aftermath {
  /** A sentence that follows the message: `The chip holds part of the new firmware and does not start`. */
  readonly state: string;
  /** Takes the place of the hint. */
  readonly mend: string;
}

export interface UpywErrorOptions {
  readonly cause?: unknown;
  readonly aftermath?: Aftermath | undefined;
}

const connectionExitCode: ExitCode = 3;

const brand = Symbol.for('upyw.UpywError');

/**
 * An expected failure. Anything else that is thrown is a bug of upyw's and is reported as one. Those of another copy of upyw
 * in the same process, which a port may come from, are `instanceof` this class, too.
 */
export class UpywError<Code extends ErrorCode = ErrorCode> extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }

  override readonly name = 'UpywError';
  readonly code: Code;
  readonly hint: string;
  readonly exitCode: ExitCode;
  /** The line or a restart was to blame, nothing that somebody has to change first: the same may go well the next time. */
  readonly retryable: boolean;
  readonly details: ErrorDetails<Code>;

  constructor(code: Code, details: ErrorDetails<Code>, options: UpywErrorOptions = {}) {
    const entry = catalogue[code] as ErrorKind<ErrorDetails<Code>>;
    const { aftermath, ...rest } = options;
    const message = entry.message(details);
    super(aftermath === undefined ? message : `${message}. ${aftermath.state}`, rest);
    this.code = code;
    this.hint = aftermath?.mend ?? entry.hint(details);
    this.exitCode = entry.exitCode;
    this.retryable = entry.retryable === true;
    this.details = details;
  }

  get [brand](): true {
    return true;
  }
}

/** Narrows to one code, or to several: `if (isUpywError(error, 'board/not-found')) …`. */
export function isUpywError<Code extends ErrorCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is UpywError<Code> {
  return error instanceof UpywError && (codes as readonly ErrorCode[]).includes((error as UpywError).code);
}

type Family = ErrorCode extends `${infer Name}/${string}` ? Name : never;

/** Narrows to all codes of an area: `rawrepl` to everything between the first Ctrl-C and a prompt, `file` to this computer's files. */
export function isOfFamily<Name extends Family>(
  error: unknown,
  name: Name,
): error is UpywError<Extract<ErrorCode, `${Name}/${string}`>> {
  return error instanceof UpywError && (error as UpywError).code.startsWith(`${name}/`);
}

/** Whether sending the same again may help. */
export function isRetryable(error: unknown): boolean {
  return error instanceof UpywError && error.retryable;
}

/** Whether there is no board at the other end: no port, one that is in use, lost or silent. It may come back. */
export function isConnectionError(error: unknown): error is UpywError {
  return error instanceof UpywError && (error as UpywError).exitCode === connectionExitCode;
}

/** The same failure, told with what it left behind. What is not a `UpywError` is passed on as it is. */
export function withAftermath(error: unknown, aftermath: Aftermath): unknown {
  if (!(error instanceof UpywError)) return error;
  const { code, details } = error as UpywError;
  return new UpywError(code, details, { cause: error, aftermath });
}
