import type { ZodType, z as Zod } from 'zod';
import { shownAddress } from '../shown-address.js';
import { expectedBaud, expectedSeconds, isBaud, isSeconds, parseBaud, parseSeconds } from './values.js';

/** One setting. Dots in its name are nested objects in a config file: `wifi.ssid` is `{ wifi: { ssid } }`. */
export interface Key<Value> {
  /** What it is for: shown by `upyw config`, and the start of the message when it is wrong. */
  readonly describe: string;
  /** What is accepted from a file. zod is handed in, so that it loads only when needed: it takes as long as Node itself. */
  readonly check: (z: typeof Zod) => ZodType<Value>;
  /** Reads the text of an environment variable, undefined when it is none; without it `check` does. */
  readonly parse?: (text: string) => Value | undefined;
  readonly default: Value;
  /** Environment variables, the first that is set wins. */
  readonly env?: readonly string[];
  /** The flag that overrules it, as typed. */
  readonly flag?: string;
  /** Never shown. */
  readonly secret?: true;
  /** How it is shown, where parts of it may be secret. */
  shown?(value: Value): string;
}

/** Every setting there is. A new one is one entry here; flags and environment work by its `flag` and `env`. */
export const keys = {
  port: key({
    describe: 'where the board is: a serial port, a shortcut, socket://, rfc2217://, sim: or auto',
    check: (z) => z.string().trim().min(1),
    parse: (text) => text.trim() || undefined,
    default: 'auto',
    env: ['UPYW_PORT', 'AMPY_PORT'],
    flag: '--port',
    shown: shownAddress,
  }),
  baud: key({
    describe: expectedBaud,
    check: (z) => numberFrom(z, parseBaud, isBaud),
    parse: parseBaud,
    default: 115200,
    env: ['UPYW_BAUD', 'AMPY_BAUD'],
    flag: '--baud',
  }),
  timeout: key<number | undefined>({
    describe: `how long to wait for an answer: ${expectedSeconds}`,
    check: (z) => numberFrom(z, parseSeconds, isSeconds),
    parse: parseSeconds,
    default: undefined,
    env: ['UPYW_TIMEOUT'],
    flag: '--timeout',
  }),
  firmware: key<string | undefined>({
    describe: 'the firmware file that upyw flash writes, from where the config file is',
    check: (z) => z.string().trim().min(1),
    parse: (text) => text.trim() || undefined,
    default: undefined,
    env: ['UPYW_FIRMWARE'],
  }),
};

/** The name of a setting. */
export type KeyName = keyof typeof keys;

/** The values in force: `port` as named, `baud` in bits per second, `timeout` in seconds (undefined: each operation's own). */
export type Settings = {
  readonly [Name in KeyName]: (typeof keys)[Name] extends Key<infer Value> ? Value : never;
};

/** A value as it may be shown: null when there is none, dots in place of a secret. */
export function shownValue(
  { secret, shown }: Pick<Key<unknown>, 'secret' | 'shown'>,
  value: unknown,
): string | number | boolean | null {
  if (value === undefined) return null;
  if (secret === true) return '••••••';
  if (shown !== undefined) return shown(value);
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : JSON.stringify(value);
}

function key<Value>(entry: Key<Value>): Key<Value> {
  return entry;
}

/** A number, or text that `parse` understands: the environment and quoted YAML have only text. */
function numberFrom(
  z: typeof Zod,
  parse: (text: string) => number | undefined,
  accept: (value: number) => boolean,
): ZodType<number> {
  return z
    .union([z.number(), z.string().transform((text) => parse(text) ?? Number.NaN)])
    .pipe(z.number().refine(accept));
}
