import { expectedBaud, expectedSeconds, parseBaud, parseSeconds } from '../config/values.js';
import type { GlobalFlags } from '../context.js';
import { UpywError } from '../errors.js';
import type { RawFlags } from './global-flags.js';

/** The values of the global flags. Throws `usage/bad-value`. */
export function readFlags(flags: RawFlags): GlobalFlags {
  const { port: ports = [], baud, timeout, yes, dryRun, trace, dtr, rts, reset } = flags;
  const [port] = ports;
  const settings = {
    ...(port === undefined ? {} : { port }),
    ...(baud === undefined ? {} : { baud: read('--baud', baud, parseBaud, expectedBaud) }),
    ...(timeout === undefined ? {} : { timeout: read('--timeout', timeout, parseSeconds, expectedSeconds) }),
  };
  const lines = {
    ...(dtr === undefined ? {} : { dtr: read('--dtr', dtr, parseLine, expectedLine) }),
    ...(rts === undefined ? {} : { rts: read('--rts', rts, parseLine, expectedLine) }),
  };
  const { jobs, report, retryFailed, watch, again } = flags;
  return {
    ports,
    fleet: { jobs, report, retryFailed, watch, again },
    settings,
    yes: yes === true,
    dryRun: dryRun === true,
    mayReset: reset !== false,
    ...(trace === undefined ? {} : { trace }),
    ...(dtr === undefined && rts === undefined ? {} : { lines }),
  };
}

const expectedLine = '0 or 1';

function parseLine(text: string): boolean | undefined {
  if (text === '1') return true;
  return text === '0' ? false : undefined;
}

function read<Value>(
  name: string,
  value: string,
  parse: (text: string) => Value | undefined,
  expected: string,
): Value {
  const result = parse(value);
  if (result === undefined) throw new UpywError('usage/bad-value', { name, value, expected });
  return result;
}
