import { UpywError } from '../errors.js';
import { listSerialPorts } from './list-ports.js';
import { findOwningGroup, findPortHolder } from './port-holder.js';

/**
 * What serialport 13's bindings say when a port does not open, by what it means. They carry the system's text only, no
 * code (`serialport_unix.cpp`, `serialport_win.cpp`); Windows says "Access denied" when another program has the port.
 */
const openFailures = [
  { pattern: /No such file or directory|File not found/, code: 'port/not-found' },
  { pattern: /Cannot lock port|Resource busy|Device or resource busy|Access denied/, code: 'port/busy' },
  { pattern: /Permission denied|Operation not permitted/, code: 'port/permission' },
] as const;

/** The device is gone, rather than unwilling: unplugged, or the other end of a pseudo-terminal closed. */
const lostPattern =
  /Input\/output error|EIO|No such device|ENXIO|ENODEV|Device not configured|EBADF|Bad file|not open|Canceled|Invalid handle|Access denied|Operation aborted/;

/** What was named is there, but is something else. */
const otherThings = [
  { pattern: /Inappropriate ioctl/, reason: 'it is not a serial port' },
  { pattern: /Is a directory/, reason: 'it is a folder' },
] as const;

/**
 * Translates why `path` did not open: `port/not-found`, `port/busy`, `port/permission`, `port/failed`, or `usage/bad-port`
 * for what is no port at all.
 */
export async function serialOpenError(path: string, cause: unknown): Promise<Error> {
  if (cause instanceof UpywError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = openFailures.find(({ pattern }) => pattern.test(message))?.code;
  if (code === 'port/not-found') {
    const known = (await listSerialPorts().catch(() => [])).map((port) => port.path);
    return new UpywError(code, { port: path, known }, { cause });
  }
  if (code === 'port/busy') {
    const holder = await findPortHolder(path);
    return new UpywError(code, { port: path, ...(holder === undefined ? {} : { holder }) }, { cause });
  }
  if (code === 'port/permission') {
    const group = await findOwningGroup(path);
    return new UpywError(code, { port: path, ...(group === undefined ? {} : { group }) }, { cause });
  }
  const reason = otherThings.find(({ pattern }) => pattern.test(message))?.reason;
  if (reason !== undefined) return new UpywError('usage/bad-port', { port: path, reason }, { cause });
  return new UpywError('port/failed', { port: path, reason: plainReason(message) }, { cause });
}

/** Translates a failure of an open port: `port/lost` when the device is gone, else `port/failed`. */
export function serialIoError(path: string, cause: unknown): Error {
  if (cause instanceof UpywError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return lostPattern.test(message)
    ? new UpywError('port/lost', { port: path }, { cause })
    : new UpywError('port/failed', { port: path, reason: plainReason(message) }, { cause });
}

function plainReason(message: string): string {
  return message.replace(/^Error:? /, '');
}
