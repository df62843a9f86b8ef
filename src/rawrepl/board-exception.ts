import { UpywError, isUpywError } from '../errors.js';

/**
 * For firmware that prints only the number: those of MicroPython itself (py/mperrno.h) and of littlefs, and from 95 on
 * of the network, where the ESP32's C library counts in its own way (numbers that mean two things are left out).
 */
const errnoNames: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  5: 'EIO',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  16: 'EBUSY',
  17: 'EEXIST',
  19: 'ENODEV',
  20: 'ENOTDIR',
  21: 'EISDIR',
  22: 'EINVAL',
  23: 'ENFILE',
  24: 'EMFILE',
  27: 'EFBIG',
  28: 'ENOSPC',
  30: 'EROFS',
  36: 'ENAMETOOLONG',
  39: 'ENOTEMPTY',
  95: 'EOPNOTSUPP',
  104: 'ECONNRESET',
  105: 'ENOBUFS',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  112: 'EADDRINUSE',
  116: 'ETIMEDOUT',
  118: 'EHOSTUNREACH',
  119: 'EINPROGRESS',
  128: 'ENOTCONN',
};

/** What a board printed about an exception. */
export interface BoardException {
  /** `OSError`, `NameError`, `mymodule.MyError`; the whole last line when it has no such form. */
  readonly type: string;
  /** What follows the type; empty when the exception has no arguments. */
  readonly message: string;
  /** `Type: message`, with the errno's name where the board printed only its number. */
  readonly summary: string;
  /** All the board printed, lines ended by `\n`, the last line as `summary` says it. */
  readonly traceback: string;
}

/** Reads the error part of an answer: a traceback, or whatever else the board printed there. */
export function parseTraceback(printed: string): BoardException {
  const lines = printed.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n');
  // An exception's text may itself have line breaks: the summary begins after the last line about a place in the code.
  const from = 1 + lines.findLastIndex((line) => /^(?: {2}File |Traceback )/.test(line));
  const [, type = '', message = ''] =
    /^([A-Za-z_][\w.]*)(?:: ([^]*))?$/.exec(lines.slice(from).join('\n')) ?? [];
  if (type === '') {
    const summary = lines.slice(from).join('\n');
    return { type: summary, message: '', summary, traceback: lines.join('\n') };
  }
  const named = type === 'OSError' ? nameErrno(message) : message;
  const summary = named === '' ? type : `${type}: ${named}`;
  return { type, message: named, summary, traceback: [...lines.slice(0, from), summary].join('\n') };
}

/** `28` → `[Errno 28] ENOSPC`; `(2, 'a.py')` and `[Errno 39]` get their names too. */
function nameErrno(message: string): string {
  const [all, number = '', rest = ''] =
    /^(?:\[Errno )?(?:\((?=\d+,))?(\d+)\]?(?:$|[ ,]+(.*?)\)?$)/.exec(message) ?? [];
  const name = errnoNames[Number(number)];
  if (all === undefined || name === undefined) return message;
  return rest === '' || rest.startsWith(name)
    ? `[Errno ${number}] ${rest || name}`
    : `[Errno ${number}] ${name}: ${rest}`;
}

/** The typed form of what a board printed as its error. */
export function boardExceptionError(printed: string): UpywError<'board/exception'> {
  const { summary, traceback } = parseTraceback(printed);
  return new UpywError('board/exception', { traceback, exception: summary });
}

/** The errno of an `OSError` that a board raised. */
export function errnoOf(error: unknown): number | undefined {
  if (!isUpywError(error, 'board/exception')) return undefined;
  const [, number] = /^OSError: \[Errno (\d+)\]/.exec(error.details.exception) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The class name of the exception that a board raised: `KeyboardInterrupt`, `ImportError`. */
export function exceptionTypeOf(error: unknown): string | undefined {
  if (!isUpywError(error, 'board/exception')) return undefined;
  return /^[\w.]+/.exec(error.details.exception)?.[0];
}
