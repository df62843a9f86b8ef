import { UpywError } from '../../errors.js';
import { listSerialPorts } from './list-ports.js';
import { findOwningGroup, findPortHolder } from './port-holder.js';

/**
 * What serialport 13's bindings say when a port does not open, by what it means. They carry the system's text only, no
 * code (`serialport_unix.cpp`), on Windows a number for what they have no text for (`serialport_win.cpp`; the numbers are of Microsoft's
 * "System Error Codes"). Windows says "Access denied" when another program has the port; 32 and 170 are the same from other drivers, 55,
 * 433 and 1167 a device that was there; 3, 123 and 161 stand for a name that no device has there, as `/dev/ttyUSB0`.
 */
const openFailures = [
  {
    pattern: /No such file or directory|File not found|error code (?:3|55|123|161|433|1167)$/,
    code: 'port/not-found',
  },
  {
    pattern: /Cannot lock port|Resource busy|Device or resource busy|Access denied|error code (?:32|170)$/,
    code: 'port/busy',
  },
  { pattern: /Permission denied|Operation not permitted/, code: 'port/permission' },
] as const;

/**
 * The device is gone, rather than unwilling: unplugged, or the other end of a pseudo-terminal closed. On Windows each driver has a way of
 * its own: FTDI's and CP210x's "Access denied" or "Operation aborted", usbser 22, others 31, 433, 995 and so on.
 */
const lostPattern =
  /Input\/output error|EIO|No such device|ENXIO|ENODEV|Device not configured|EBADF|Bad file|not open|Canceled|Invalid handle|Access denied|Operation aborted|File not found|error code (?:21|22|31|55|433|617|1117|1167)$/;

/** What Windows' numbers mean where something can be done about it. */
const windowsReasons: Readonly<Record<string, string>> = {
  '1': 'its driver cannot do what was asked of it (Windows error 1)',
  '31': 'its driver says that the device does not work (Windows error 31)',
  '121': 'the device does not answer, as a Bluetooth port does whose other end is away (Windows error 121)',
  '1460': 'the device does not answer in time (Windows error 1460)',
};

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
  const [, number = ''] = /error code (\d+)$/.exec(message) ?? [];
  return windowsReasons[number] ?? message.replace(/^Error:? /, '');
}
