import type { ZodType, z as Zod } from 'zod';
import { shownAddress } from '../shown-address.js';
import { type Key, key } from './key.js';
import { expectedSequence, parseSequence } from './line-sequence.js';
import { provisionKeys } from './provision-keys.js';
import {
  expectedBaud,
  expectedSeconds,
  expectedSwitch,
  isBaud,
  isSeconds,
  parseBaud,
  parseSeconds,
  parseSwitch,
} from './values.js';

/** As in the names of MicroPython's boards and variants. */
const boardName = /^[A-Za-z0-9_-]+$/;

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
  turbo: key<boolean>({
    describe: `${expectedSwitch}: whether large transfers raise the console's rate`,
    check: (z) => z.boolean(),
    parse: (text, name) => {
      const isOn = parseSwitch(text);
      return isOn === undefined ? undefined : isOn === (name === 'UPYW_TURBO');
    },
    default: true,
    env: ['UPYW_NO_TURBO', 'UPYW_TURBO'],
    flag: '--no-turbo',
  }),
  'lines.loader': key<string | undefined>({
    describe: `what brings the board into its loader, where that is wired in a way of its own: ${expectedSequence}`,
    check: (z) => z.string().refine((text) => parseSequence(text) !== undefined),
    default: undefined,
    env: ['UPYW_LINES_LOADER'],
  }),
  'lines.reset': key<string | undefined>({
    describe: `what restarts the board, where that is wired in a way of its own: ${expectedSequence}`,
    check: (z) => z.string().refine((text) => parseSequence(text) !== undefined),
    default: undefined,
    env: ['UPYW_LINES_RESET'],
  }),
  firmware: key<string | undefined>({
    describe: 'the firmware file that upyw flash writes, from where the config file is',
    check: (z) => z.string().trim().min(1),
    parse: (text) => text.trim() || undefined,
    default: undefined,
    env: ['UPYW_FIRMWARE'],
  }),
  'firmware.board': key<string | undefined>({
    describe: 'a board of micropython.org, such as ESP32_GENERIC',
    check: (z) => z.string().regex(boardName),
    default: undefined,
    flag: '--board',
  }),
  'firmware.variant': key<string | undefined>({
    describe: 'a variant of that board, such as SPIRAM',
    check: (z) => z.string().regex(boardName),
    default: undefined,
    flag: '--variant',
  }),
  'firmware.version': key<string | undefined>({
    describe: "a version of MicroPython in quotes, such as 'v1.26.1'",
    check: (z) => z.string().regex(/^v?\d+\.\d+[\w.-]*$/),
    default: undefined,
  }),
  'firmware.url': key<string | undefined>({
    describe: 'where firmware comes from instead of micropython.org: an address or a folder',
    check: (z) => z.string().trim().min(1),
    parse: (text) => text.trim() || undefined,
    default: undefined,
    env: ['UPYW_FIRMWARE_URL'],
    shown: (url) => shownAddress(url ?? ''),
  }),
  ...provisionKeys,
  'mip.index': key({
    describe: 'where packages are looked up: an address (https://…) or a folder',
    check: (z) => z.string().trim().min(1),
    parse: (text) => text.trim() || undefined,
    default: 'https://micropython.org/pi/v2',
    env: ['UPYW_MIP_INDEX'],
    flag: '--index',
    shown: shownAddress,
  }),
  packages: key<readonly string[]>({
    describe: 'a list of packages: umqtt.simple, aioble@0.5.0, github:ORG/REPO@REF, an address',
    check: (z) => z.array(z.string().trim().min(1)),
    default: [],
    shown: (value) => value.join(', '),
  }),
};

/** The name of a setting. */
export type KeyName = keyof typeof keys;

/** The values in force: `port` as named, `baud` in bits per second, `timeout` in seconds (undefined: each operation's own), … */
export type Settings = {
  readonly [Name in KeyName]: (typeof keys)[Name] extends Key<infer Value> ? Value : never;
};

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
