import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Finding } from '../board/inspection.js';

/** What an installation that was cut off has left: files that count for nothing, or all of them, which may take their places. */
export type Waiting = 'nothing' | 'leftovers' | 'all';

const waitingSigns: Readonly<Record<string, Waiting>> = { 1: 'leftovers', 2: 'all' };

/** What `device/helpers/installed.py` tells. */
export interface InstalledAnswer {
  /** As `sys.implementation._mpy` has it. */
  readonly mpy: number;
  /** The folder for libraries; of a board that has none, where it looks. */
  readonly target: string | { readonly searched: readonly string[] };
  readonly freeBytes: number | undefined;
  readonly waiting: Waiting;
  /** The file that says what was installed. */
  readonly state: string | undefined;
  /** Of each file that it names, then of each other that was asked about. */
  readonly found: readonly Finding[];
  /** Names of what would hide a file that was asked about, or be hidden by it. */
  readonly twins: readonly string[];
}

/** Everything is said in one go behind this: what stands elsewhere was printed by something else. */
const mark = '\x02';
const findingForm = /^(?:[-/]|\d+ (?:[A-Za-z0-9+/]{43}=)?)$/;

/** Undefined where it did not arrive as it was said. */
export function parseInstalledAnswer(printed: string): InstalledAnswer | undefined {
  const said = printed.replaceAll('\r', '').split(mark).slice(1).map(lineOf);
  const [mpy = '', target = '', freeBytes = '', waiting = '', state = '', ...rest] = said;
  // Told before there is anything to sign; it is an error in any case.
  if (target.startsWith('?') && said.length === 2)
    return { ...nothing, mpy: Number(mpy), target: { searched: target.slice(1).split('\t') } };
  if (!isSigned(said) || !target.startsWith('/')) return undefined;
  const found = rest.filter((line) => findingForm.test(line));
  const twins = rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  if (found.length + twins.length + 1 !== rest.length) return undefined;
  return {
    ...{ mpy: Number(mpy), target, waiting: waitingSigns[waiting] ?? 'nothing' },
    freeBytes: freeBytes === '' ? undefined : Number(freeBytes),
    state: state === '' ? undefined : Buffer.from(state, 'base64').toString(),
    ...{ found: found.map(findingIn), twins },
  };
}

const nothing = { freeBytes: undefined, waiting: 'nothing', state: undefined, found: [], twins: [] } as const;

/** Up to the end of its line: what comes after it was printed by something else. */
function lineOf(frame: string): string {
  return frame.slice(0, Math.max(0, frame.indexOf('\n')));
}

/** Firmware that cannot hash signs with nothing. */
function isSigned(said: readonly string[]): boolean {
  const sign = said.at(-1);
  const text = said.slice(0, -1).map((line) => `${line}\n`);
  return sign === '=' || sign === `=${createHash('sha256').update(text.join('')).digest('base64')}`;
}

/** `12 <base64>`, `/` for a folder, or `-` for nothing. */
function findingIn(line: string): Finding {
  if (line === '-') return undefined;
  if (line === '/') return 'folder';
  const [size, digest = ''] = line.split(' ');
  return {
    sizeBytes: Number(size),
    sha256: digest === '' ? undefined : Buffer.from(digest, 'base64').toString('hex'),
  };
}
