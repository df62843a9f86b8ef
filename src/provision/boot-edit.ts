import { Buffer } from 'node:buffer';
import { type StartupCall, findStartupCall } from './boot-call.js';
import { pythonTokens } from './python-tokens.js';

/** How our lines are known again. */
const mark = '# added by upyw provision';
/** The workshop's two lines. */
export const bootLines = [`import wifi_and_ntp  ${mark}`, `wifi_and_ntp.startup()  ${mark}`] as const;
/** Stands first in a boot.py that was not there before: without our lines it goes away again. */
const firstLine = '# boot.py: MicroPython runs this at every start. Made by upyw provision';

/** What provisioning makes of a boot.py. */
export interface BootEdit {
  /** Undefined: it starts Wi-Fi already and stays as it is. */
  readonly content?: Uint8Array;
  /** The call that was there already. */
  readonly present?: StartupCall;
}

/** A board's boot.py with our lines at its end, all else byte for byte as it was; undefined stands for a missing file. */
export function addBootLines(boot: Uint8Array | undefined): BootEdit {
  // One character per byte: whatever the encoding, nothing changes on the way back.
  const source = boot === undefined ? `${firstLine}\n` : Buffer.from(boot).toString('latin1');
  const present = findStartupCall(source);
  if (present !== undefined) return { present };
  const newline = /(\r\n|\r|\n)[^\r\n]*$/.exec(source)?.[1] ?? '\n';
  const lines = bootLines.join(newline);
  const isEnded = source === '' || /[\r\n]$/.test(source);
  // Where the last line had no end, ours has none either: so undoing knows whose line end stands between them.
  const content = source + (isEnded ? lines + newline : newline + lines);
  return { content: Uint8Array.from(Buffer.from(content, 'latin1')) };
}

/** What undoing makes of a boot.py: other content, or `missing`; undefined: nothing of ours is in it. */
export function removeBootLines(boot: Uint8Array): Uint8Array | 'missing' | undefined {
  const source = Buffer.from(boot).toString('latin1');
  const block = lastBlock(source);
  if (block === undefined) return undefined;
  const rest = source.slice(0, block.from) + source.slice(block.to);
  if (rest === `${firstLine}\n`) return 'missing';
  return Uint8Array.from(Buffer.from(rest, 'latin1'));
}

const newlines = String.raw`(?:\r\n|\r|\n)`;
const blockPattern = new RegExp(
  String.raw`(?<=${newlines}|^)${bootLines.map(escaped).join(newlines)}(?=${newlines}|$)`,
  'g',
);

/** The last of our lines, with the line end that came with them; within a text they count only where it has no end. */
function lastBlock(source: string): { from: number; to: number } | undefined {
  const codeAt = new Set(pythonTokens(source).map(({ at }) => at));
  const blocks = [...source.matchAll(blockPattern)].flatMap((match) => {
    const from = match.index;
    const to = from + match[0].length;
    const [before = ''] = /(?:\r\n|\r|\n)?$/.exec(source.slice(0, from)) ?? [];
    const [after = ''] = /^(?:\r\n|\r|\n)?/.exec(source.slice(to)) ?? [];
    if (!codeAt.has(from) && to + after.length < source.length) return [];
    return [after === '' ? { from: from - before.length, to } : { from, to: to + after.length }];
  });
  return blocks.at(-1);
}

function escaped(text: string): string {
  return text.replace(/[.()#]/g, String.raw`\$&`);
}
