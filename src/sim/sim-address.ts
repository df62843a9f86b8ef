import { UpywError } from '../errors.js';
import { shownOption } from '../shown-address.js';
import { silicons, type Silicon } from './chip/identity.js';
import { parseFaults, type Faults } from './chip/faults.js';
import { checkGpio, parseMillivolts, parsePinLevel } from './pins/gpio.js';
import { highMv } from './pins/gpio-numbers.js';
import { cpuRates, type CpuMhz } from './micropython/clock/cpu-rates.js';
import { parseAccessPoint, type AccessPoint } from './network/access-point.js';

/** What `sim:[NAME][?key[=value]&…]` asks for. */
export interface SimAddress {
  readonly name: string;
  readonly options: SimOptions;
}

export interface SimOptions {
  /** No wire time and no chip time. */
  readonly unpaced: boolean;
  /** The USB adapter's latency timer: how long it may hold back what comes from the board. */
  readonly latencyMs: number;
  /** The board's file system is mounted read-only. */
  readonly readOnly: boolean;
  /** How much memory programs have. */
  readonly ramBytes: number;
  /** MicroPython takes the time that a chip of this rate does; undefined: as little as it can. */
  readonly cpuMhz?: CpuMhz;
  readonly faults: Faults;
  /** Which revision of the chip; undefined: the first. */
  readonly silicon?: Silicon;
  /** The Wi-Fi networks there are; undefined: whichever is asked for. */
  readonly accessPoints?: readonly AccessPoint[];
  /** Programs reach this computer's loopback addresses. */
  readonly hasHostNet?: boolean;
  /** What is connected to pins: millivolts by GPIO. */
  readonly connectedMv?: Readonly<Record<string, number>>;
}

/** The board that `sim:` stands for. */
export const defaultBoardName = 'default';

const bytesPerKb = 1024;
/** What `gc.mem_free()` says on an ESP32 without PSRAM that has just started, and what is used by then. */
const usualRamKb = 160;
const ramKb = { least: 32, most: 8192 };

export const defaultOptions: SimOptions = {
  unpaced: false,
  latencyMs: 0,
  readOnly: false,
  ramBytes: usualRamKb * bytesPerKb,
  faults: {},
};

const scheme = 'sim:';
const maxNameLength = 64;
const seeds = { least: 0, most: 0xffff_ffff };
const latencyMs = { least: 0, most: 1000 };

/** The options as help texts show them. */
export const knownOptions: readonly string[] = [
  'unpaced',
  'latency=MS',
  'readonly',
  'ram=KB',
  'cpu=MHZ',
  'chip=v1|v3',
  'wifi=SSID:PASSWORD',
  'net=host',
  'pinN=low|high',
  'adcN=MV',
  'fault=NAME,…',
  'seed=N',
];

/** Takes the option's value as it was written; `before` is what the options in front of it have set. */
type OptionReader = (value: string | undefined, option: string, before: SimOptions) => Partial<SimOptions>;

const optionReaders: Readonly<Record<string, OptionReader>> = {
  unpaced: (value, option) => ({ unpaced: readFlag(value, option) }),
  readonly: (value, option) => ({ readOnly: readFlag(value, option) }),
  fault: (value, _option, before) => ({
    faults: { ...before.faults, ...parseFaults(decode(value ?? '')) },
  }),
  seed: (value, option, before) => ({
    faults: { ...before.faults, seed: readNumber(value, option, 'a whole number', seeds) },
  }),
  latency: (value, option) => ({ latencyMs: readNumber(value, option, 'milliseconds', latencyMs) }),
  ram: (value, option) => ({ ramBytes: readNumber(value, option, 'kilobytes', ramKb) * bytesPerKb }),
  cpu: (value, option) => ({ cpuMhz: readCpu(value, option) }),
  chip: (value, option) => ({ silicon: readSilicon(value, option) }),
  net: (value, option) => ({ hasHostNet: readNet(value, option) }),
  wifi: (value, option, before) => ({
    accessPoints: [...(before.accessPoints ?? []), readAccessPoint(value, option)],
  }),
};

/** @throws UpywError `sim/bad-name`, `sim/bad-option` */
export function parseSimAddress(address: string): SimAddress {
  const text = address.startsWith(scheme) ? address.slice(scheme.length) : address;
  const at = text.indexOf('?');
  const name = checkBoardName(decode(at === -1 ? text : text.slice(0, at)) || defaultBoardName);
  let options = defaultOptions;
  for (const item of at === -1 ? [] : text.slice(at + 1).split('&')) {
    if (item !== '') options = { ...options, ...readOption(item, options) };
  }
  return { name, options };
}

/** @throws UpywError `sim/bad-name` */
export function checkBoardName(name: string): string {
  const problem = (reason: string): never => {
    throw new UpywError('sim/bad-name', { name, reason });
  };
  if (name === '') problem('it is empty');
  if (name.length > maxNameLength) problem(`it is longer than ${maxNameLength} characters`);
  if (/[^\w.-]/.test(name)) problem('only letters, digits, dot, dash and underscore can be used');
  if (/^[.-]|\.$/.test(name)) problem('a dot or a dash cannot be its first character, nor a dot its last');
  return name;
}

function readOption(item: string, before: SimOptions): Partial<SimOptions> {
  const at = item.indexOf('=');
  const key = decode(at === -1 ? item : item.slice(0, at));
  const value = at === -1 ? undefined : item.slice(at + 1);
  const pin = /^(?<kind>pin|adc)(?<gpio>\d+)$/.exec(key)?.groups;
  if (pin) return { connectedMv: { ...before.connectedMv, ...readPin(pin, decode(value ?? ''), item) } };
  const read = Object.hasOwn(optionReaders, key) ? optionReaders[key] : undefined;
  if (read === undefined) throw badOption(key, 'there is no such option');
  return read(value, item, before);
}

function readAccessPoint(value: string | undefined, option: string): AccessPoint {
  const read = parseAccessPoint(value ?? '');
  if (typeof read === 'string') throw badOption(shownOption(option), read);
  return read;
}

function readPin(
  { kind, gpio = '' }: Readonly<Record<string, string>>,
  value: string,
  option: string,
): Record<string, number> {
  const number = checkGpio(gpio, kind === 'adc' ? 'analog' : 'digital');
  const mv = kind === 'adc' ? parseMillivolts(value) : parsePinLevel(value);
  const expected = kind === 'adc' ? `millivolts from 0 to ${highMv}` : 'low or high';
  if (typeof mv !== 'number') throw badOption(option, `it needs ${expected}`);
  return { [number]: mv };
}

function readFlag(value: string | undefined, option: string): true {
  if (value !== undefined) throw badOption(option, 'it takes no value');
  return true;
}

function readSilicon(value: string | undefined, option: string): Silicon {
  const silicon = silicons.find((each) => each === value);
  if (silicon === undefined) throw badOption(option, `it needs one of ${silicons.join(', ')}`);
  return silicon;
}

function readCpu(value: string | undefined, option: string): CpuMhz {
  const mhz = cpuRates.find((each) => String(each) === value);
  if (mhz === undefined) throw badOption(option, `it needs one of ${cpuRates.join(', ')}`);
  return mhz;
}

function readNet(value: string | undefined, option: string): true {
  if (value === 'host') return true;
  throw badOption(option, 'it needs host: programs reach this computer at 127.0.0.1');
}

function readNumber(
  value: string | undefined,
  option: string,
  unit: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const number = value === undefined || value.trim() === '' ? NaN : Number(decode(value));
  if (number >= least && number <= most) return number;
  throw badOption(option, `it needs ${unit} from ${least} to ${most}`);
}

function badOption(option: string, reason: string): UpywError {
  return new UpywError('sim/bad-option', { option, reason, known: [...knownOptions] });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new UpywError(
      'sim/bad-name',
      { name: text, reason: 'a % is not followed by two hex digits' },
      { cause: error },
    );
  }
}
