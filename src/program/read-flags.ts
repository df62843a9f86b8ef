import { expectedBaud, expectedSeconds, parseBaud, parseSeconds } from '../config/values.js';
import type { GlobalFlags } from '../context.js';
import { UpywError } from '../errors.js';
import type { RawFlags } from './global-flags.js';

/** The values of the global flags. Throws `usage/bad-value`. */
export function readFlags({ port, baud, timeout, yes, dryRun, trace, reset }: RawFlags): GlobalFlags {
  const settings = {
    ...(port === undefined ? {} : { port }),
    ...(baud === undefined ? {} : { baud: read('--baud', baud, parseBaud, expectedBaud) }),
    ...(timeout === undefined ? {} : { timeout: read('--timeout', timeout, parseSeconds, expectedSeconds) }),
  };
  return {
    settings,
    yes: yes === true,
    dryRun: dryRun === true,
    mayReset: reset !== false,
    ...(trace === undefined ? {} : { trace }),
  };
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
