import type { ZodType, z as Zod } from 'zod';
import { type ExtraValue, extraMistake } from './extra-values.js';
import { type PinRole, describePin, pinMistake } from './gpio.js';
import { type Key, key } from './key.js';
import { expectedUtcOffset, formatUtcOffset, parseUtcOffset } from './utc-offset.js';
import { expectedPassword, expectedSsid, passwordMistake, ssidMistake } from './wifi-values.js';

/** A file or folder of this computer, from where the config file is, and its place on the board. */
export interface FileEntry {
  readonly from: string;
  /** A path; one that ends in `/` is a folder to put it into. Default: `/` and its name. */
  readonly to?: string | undefined;
}

/** The name of each setting in the board's config.py. */
export const configNames = {
  'wifi.ssid': 'wifi_ssid',
  'wifi.password': 'wifi_passwd',
  'wifi.hostname': 'wifi_hostname',
  'wifi.country': 'wifi_country',
  'ntp.host': 'ntp_host',
  'ntp.utc_offset': 'utc_offset_minutes',
  'api.base_url': 'api_base_url',
  'pins.pin_btn1': 'pin_btn1',
  'pins.pin_btn2': 'pin_btn2',
  'pins.pin_led': 'pin_led',
  'pins.pin_adc': 'pin_adc',
} as const;

const takenNames = new Map(Object.entries(configNames).map(([setting, name]) => [name as string, setting]));

/** The settings of `upyw provision`. */
export const provisionKeys = {
  'wifi.ssid': key<string | undefined>({
    describe: expectedSsid,
    check: (z) => told(z, z.string(), ssidMistake),
    default: undefined,
    env: ['UPYW_WIFI_SSID'],
    flag: '--ssid',
  }),
  'wifi.password': key<string | undefined>({
    describe: expectedPassword,
    check: (z) => told(z, z.string(), passwordMistake),
    default: undefined,
    env: ['UPYW_WIFI_PASSWORD'],
    flag: '--password',
    secret: true,
  }),
  'wifi.hostname': key<string | undefined>({
    describe: 'a host name: 1 to 32 letters, digits and hyphens, no hyphen at its ends',
    check: (z) => z.string().regex(/^(?=.{1,32}$)[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*$/),
    default: undefined,
    flag: '--hostname',
  }),
  'wifi.country': key<string | undefined>({
    describe: 'the two letters of a country, such as CZ or DE',
    check: (z) =>
      z
        .string()
        .toUpperCase()
        .regex(/^[A-Z]{2}$/),
    default: undefined,
    flag: '--country',
  }),
  'ntp.host': key({
    describe: 'the host name or address of a time server',
    check: (z) => z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/),
    default: 'pool.ntp.org',
    flag: '--ntp-host',
  }),
  'ntp.utc_offset': key({
    describe: expectedUtcOffset,
    check: (z) =>
      z
        .union([z.number(), z.string()])
        .transform((given) => parseUtcOffset(given) ?? Number.NaN)
        .pipe(z.number()),
    default: 0,
    flag: '--utc-offset',
    shown: (value) => (typeof value === 'number' ? formatUtcOffset(value) : String(value)),
  }),
  'api.base_url': key({
    describe: 'a web address that begins with http:// or https://',
    check: (z) => z.string().refine(isWebAddress),
    default: 'http://jsonplaceholder.typicode.com',
    flag: '--api-url',
    shown: (value) => value.replace(/\/\/[^/?#]*@/, '//••••••@'),
  }),
  'pins.pin_btn1': pin('button', 18, '--pin-btn1'),
  'pins.pin_btn2': pin('button', 19, '--pin-btn2'),
  'pins.pin_led': pin('led', 2, '--pin-led'),
  'pins.pin_adc': pin('adc', 34, '--pin-adc'),
  files: key<readonly FileEntry[]>({
    describe: 'a list of files and folders: names, or { from: name here, to: path on the board }',
    check: fileEntries,
    default: [],
    shown: (value) => [value].flat().map(shownFile).join(', '),
  }),
  extra: key<Readonly<Record<string, ExtraValue>>>({
    describe: 'an object of names and values for config.py',
    check: extraEntries,
    default: {},
    joined: true,
    // A value may be the key of some service.
    shown: (value) => (isObject(value) ? Object.keys(value).join(', ') : '…'),
  }),
};

function pin(role: PinRole, usual: number, flag: string): Key<number> {
  return key({
    describe: describePin(role),
    check: (z) =>
      told(z, z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.number()), (number) =>
        pinMistake(number, role),
      ),
    default: usual,
    flag,
  });
}

/** A check whose message is the mistake in words. */
function told<Value>(
  z: typeof Zod,
  schema: ZodType<Value>,
  mistakeOf: (value: Value) => string | undefined,
): ZodType<Value> {
  return schema.check(
    z.superRefine((value, context) => {
      const message = mistakeOf(value);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
  );
}

function fileEntries(z: typeof Zod): ZodType<readonly FileEntry[]> {
  const entry = z.unknown().transform((given, context): FileEntry => {
    const read = readFileEntry(given);
    if (read !== undefined) return read;
    const message = 'should be the name of a file or folder, or { from: name here, to: path on the board }';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
  return z.array(entry);
}

function readFileEntry(given: unknown): FileEntry | undefined {
  const isName = (name: unknown): name is string =>
    typeof name === 'string' && name !== '' && !name.includes('\0');
  if (isName(given)) return { from: given };
  if (!isObject(given)) return undefined;
  const { from, to, ...others } = given as { from?: unknown; to?: unknown };
  if (!isName(from) || Object.keys(others).length > 0) return undefined;
  if (to === undefined) return { from };
  return isName(to) ? { from, to } : undefined;
}

function shownFile(entry: unknown): string {
  const { from, to } = readFileEntry(entry) ?? { from: '?' };
  return to === undefined ? from : `${from} → ${to}`;
}

function extraEntries(z: typeof Zod): ZodType<Readonly<Record<string, ExtraValue>>> {
  return z
    .custom<Readonly<Record<string, ExtraValue>>>((value) => isObject(value) && !Array.isArray(value))
    .check(
      z.superRefine((value, context) => {
        const mistake = extraMistake(value, takenNames);
        if (mistake === undefined) return;
        context.addIssue({ code: 'custom', message: mistake.problem, path: [...mistake.path] });
      }),
    );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text);
}
