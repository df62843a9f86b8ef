import { UpywError } from '../../errors.js';

/** What can go wrong with a virtual board, switched on one by one by `?fault=…`. Rates are shares of 1, addresses in flash. */
export interface Faults {
  /** Which bytes chance meets. */
  readonly seed?: number;
  /** The board says nothing after so many bytes. */
  readonly silenceAfterBytes?: number;
  /** So many bytes, both ways, arrive changed. */
  readonly noiseShare?: number;
  readonly lostShare?: number;
  readonly doubledShare?: number;
  /** DTR and RTS reach nothing: only the buttons reset this board. */
  readonly noAutoReset?: boolean;
  /** The adapter has a line the other way round. */
  readonly invertedDtr?: boolean;
  readonly invertedRts?: boolean;
  /** DTR is where RTS should be, and the other way round. */
  readonly swappedLines?: boolean;
  /** Somebody holds BOOT and taps EN so long after the port was opened. */
  readonly buttonsAfterMs?: number;
  /** A stub starts, and never says so. */
  readonly silentStub?: boolean;
  /** The line garbles everything above this rate. */
  readonly maxBaudRate?: number;
  /** The board is unplugged after so many bytes from the computer. */
  readonly powerLossAfterBytes?: number;
  /** The 4 KiB sector at this address stays as it is when erased. */
  readonly badEraseAt?: number;
  /** The 256-byte page at this address stays as it is when written. */
  readonly badWriteAt?: number;
  /** Whatever is written, the byte at this address becomes 0. */
  readonly strayWriteAt?: number;
  /** The application starts, and hangs before it says anything. */
  readonly noStart?: boolean;
  /** Wi-Fi connects, but nobody gives out an address. */
  readonly noDhcp?: boolean;
  /** No time server answers. */
  readonly noNtp?: boolean;
  /** Wi-Fi takes so long to connect. */
  readonly wifiJoinMs?: number;
  /** The file system compacts as every so-manieth file is created, which takes 1.4 s. */
  readonly compactEvery?: number;
  /** MicroPython crashes as it starts, over and over, for this reason. */
  readonly crashes?: CrashCause;
}

/** Why firmware that starts crashes. */
export type CrashCause = 'panic' | 'brownout' | 'restart';

type NumberKind = 'count' | 'share' | 'bytes' | 'ms' | 'baud' | 'address';

interface FaultName {
  readonly kind: NumberKind | 'flag';
  /** What stands for a missing value; without it a value must be given. */
  readonly fallback?: number;
  readonly set: (value: number) => Faults;
}

const faultNames: Readonly<Record<string, FaultName>> = {
  silence: { kind: 'bytes', fallback: 0, set: (silenceAfterBytes) => ({ silenceAfterBytes }) },
  noise: { kind: 'share', fallback: 0.001, set: (noiseShare) => ({ noiseShare }) },
  lost: { kind: 'share', fallback: 0.001, set: (lostShare) => ({ lostShare }) },
  doubled: { kind: 'share', fallback: 0.001, set: (doubledShare) => ({ doubledShare }) },
  'no-auto-reset': { kind: 'flag', set: () => ({ noAutoReset: true }) },
  buttons: {
    kind: 'ms',
    fallback: 1000,
    set: (buttonsAfterMs) => ({ noAutoReset: true, buttonsAfterMs }),
  },
  'inverted-dtr': { kind: 'flag', set: () => ({ invertedDtr: true }) },
  'inverted-rts': { kind: 'flag', set: () => ({ invertedRts: true }) },
  'swapped-lines': { kind: 'flag', set: () => ({ swappedLines: true }) },
  'silent-stub': { kind: 'flag', set: () => ({ silentStub: true }) },
  'max-baud': { kind: 'baud', fallback: 460_800, set: (maxBaudRate) => ({ maxBaudRate }) },
  'power-loss': { kind: 'bytes', set: (powerLossAfterBytes) => ({ powerLossAfterBytes }) },
  'bad-erase': { kind: 'address', set: (badEraseAt) => ({ badEraseAt }) },
  'bad-write': { kind: 'address', set: (badWriteAt) => ({ badWriteAt }) },
  'stray-write': { kind: 'address', set: (strayWriteAt) => ({ strayWriteAt }) },
  'no-start': { kind: 'flag', set: () => ({ noStart: true }) },
  'no-dhcp': { kind: 'flag', set: () => ({ noDhcp: true }) },
  'no-ntp': { kind: 'flag', set: () => ({ noNtp: true }) },
  compacting: {
    kind: 'count',
    fallback: 1,
    set: (compactEvery) => ({ compactEvery: Math.max(1, compactEvery) }),
  },
  panic: { kind: 'flag', set: () => ({ crashes: 'panic' }) },
  brownout: { kind: 'flag', set: () => ({ crashes: 'brownout' }) },
  restarts: { kind: 'flag', set: () => ({ crashes: 'restart' }) },
  'slow-wifi': { kind: 'ms', fallback: 8000, set: (wifiJoinMs) => ({ wifiJoinMs }) },
};

/** For help texts, in the form in which they are written. */
export const knownFaults: readonly string[] = Object.entries(faultNames).map(([name, { kind, fallback }]) => {
  if (kind === 'flag') return name;
  return fallback === undefined ? `${name}:${kind.toUpperCase()}` : `${name}[:${kind.toUpperCase()}]`;
});

/**
 * Reads a list such as `noise:0.01,no-auto-reset,bad-write:0x12000`. Numbers are decimal or, with 0x, hexadecimal.
 * @throws UpywError `sim/bad-option`
 */
export function parseFaults(list: string): Faults {
  let faults: Faults = {};
  for (const item of list.split(',').filter((part) => part !== '')) {
    const [name = '', text] = item.split(':', 2);
    const known = Object.hasOwn(faultNames, name) ? faultNames[name] : undefined;
    if (known === undefined) throw badFault(item, `there is no fault ${name}`);
    faults = { ...faults, ...known.set(parseValue(item, known, text)) };
  }
  return faults;
}

function parseValue(item: string, { kind, fallback }: FaultName, text: string | undefined): number {
  if (kind === 'flag') {
    if (text !== undefined) throw badFault(item, 'it takes no value');
    return 0;
  }
  if (text === undefined) {
    if (fallback === undefined) throw badFault(item, `it needs a number (${kind}) after a colon`);
    return fallback;
  }
  const value = text.trim() === '' ? NaN : Number(text);
  const isRight = kind === 'share' ? value >= 0 && value <= 1 : Number.isSafeInteger(value) && value >= 0;
  if (!isRight) throw badFault(item, kind === 'share' ? 'a share is from 0 to 1' : `${text} is not a number`);
  return value;
}

function badFault(item: string, reason: string): UpywError {
  const known = knownFaults.map((form) => `fault=${form}`);
  return new UpywError('sim/bad-option', { option: `fault=${item}`, reason, known });
}
