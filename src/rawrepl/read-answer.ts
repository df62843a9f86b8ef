import { UpywError, isUpywError } from '../errors.js';
import type { WaitOptions } from '../transport/byte-reader.js';
import { ctrlD, encodeText, rawBanner } from './control-bytes.js';
import { readOutput } from './read-output.js';
import { throwIfRestarted } from './restarted.js';
import type { Link } from './send-code.js';
import { protocolError } from './send-code.js';

export interface AnswerOptions {
  /** The longest silence to accept while the code runs. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Gets what the code prints as it comes. */
  readonly onOutput: (bytes: Uint8Array) => void;
  /**
   * The code is the user's: it may print any byte, 0x04 included, and call `sys.exit()`, which restarts the board within the raw
   * REPL.
   */
  readonly isUsers: boolean;
  /** How long the whole answer of code that is not the user's may take. */
  readonly longestMs?: number | undefined;
}

/** For answers that need no work from the board. */
const answerTimeoutMs = 5_000;
/** A boot.py that waits for Wi-Fi takes its time. */
const softResetTimeoutMs = 40_000;

/** Longer than a board works at anything that it is asked at once: to hash or to remove all that 16 MB of flash hold. */
const longestAnswerMs = 15 * 60_000;
/** A traceback comes at once. */
const longestErrorMs = 30_000;
/** Far more than any board has to say about itself: all names on 16 MB of flash, a traceback of a whole stack. */
const maxAnswerBytes = 8_000_000;
const maxErrorBytes = 1_000_000;

const mark = encodeText(ctrlD);
const prompt = '>'.charCodeAt(0);
/** How the text of a soft reset begins; firmware before 1.12 says PYB. */
const softResets = ['MPY: soft reboot', 'PYB: soft reboot'];

/**
 * Reads `output 0x04 error 0x04 >` and returns the error, empty where there was none. Throws `run/exit` after `sys.exit()`,
 * `run/restarted` after a reset, `port/silent`.
 */
export async function readAnswer(link: Link, options: AnswerOptions): Promise<Uint8Array> {
  const { isUsers, longestMs = longestAnswerMs } = options;
  const onOutput = isUsers ? options.onOutput : limited(options.onOutput, maxAnswerBytes, longestMs);
  await readPart(link, options, onOutput);
  const errorTimeoutMs = Math.min(answerTimeoutMs, options.timeoutMs);
  for (;;) {
    const parts: Uint8Array[] = [];
    try {
      const take = limited((bytes) => void parts.push(bytes), maxErrorBytes, longestErrorMs);
      await readPart(link, { ...options, timeoutMs: errorTimeoutMs }, take);
    } catch (error) {
      if (!options.isUsers || !isUpywError(error, 'port/silent')) throw error;
      // No error follows, so the 0x04 was the program's own.
      for (const bytes of [mark, ...parts]) options.onOutput(bytes);
      await readPart(link, options, options.onOutput);
      continue;
    }
    const error = join(parts);
    if (await isEnd(link, options, error)) return error;
    for (const bytes of [mark, error]) options.onOutput(bytes);
  }
}

/** Hands on no more, and for no longer, than a board can have to say. Throws `rawrepl/endless`. */
function limited(
  take: (bytes: Uint8Array) => void,
  maxBytes: number,
  longestMs: number,
): (bytes: Uint8Array) => void {
  let takenBytes = 0;
  const deadline = performance.now() + longestMs;
  return (bytes) => {
    takenBytes += bytes.length;
    if (takenBytes > maxBytes) throw new UpywError('rawrepl/endless', { maxBytes });
    if (performance.now() > deadline) throw new UpywError('rawrepl/endless', { longestMs });
    take(bytes);
  };
}

/** Whether the 0x04 behind an error, or what looks like one, is the last of the answer. Throws `run/exit`. */
async function isEnd(link: Link, { isUsers, signal }: AnswerOptions, error: Uint8Array): Promise<boolean> {
  const { reader } = link;
  const [next] = await reader.read(1, { timeoutMs: answerTimeoutMs });
  if (next === prompt) return true;
  if (!isUsers) throw protocolError(link, 'the raw prompt');
  reader.unread(Uint8Array.of(next ?? 0));
  if (error.length > 0 || !(await beginsSoftReset(link))) return false;
  // sys.exit() is a soft reset: boot.py runs, and the raw REPL introduces itself anew.
  await reader.skipUntil(rawBanner, { timeoutMs: softResetTimeoutMs, signal });
  throw new UpywError('run/exit', { value: null });
}

async function beginsSoftReset({ reader }: Link): Promise<boolean> {
  const wait: WaitOptions = { timeoutMs: answerTimeoutMs };
  let said = new Uint8Array();
  const begins = () => softResets.some((text) => text.startsWith(new TextDecoder().decode(said)));
  while (begins() && said.length < (softResets[0] ?? '').length) {
    try {
      said = join([said, await reader.read(1, wait)]);
    } catch (error) {
      if (isUpywError(error, 'port/silent')) break;
      throw error;
    }
  }
  const isReset = softResets.includes(new TextDecoder().decode(said));
  reader.unread(said);
  return isReset;
}

/** Everything up to the next 0x04, for which the board may take as long as it goes on sending. */
async function readPart(
  link: Link,
  { timeoutMs, signal }: Pick<AnswerOptions, 'timeoutMs' | 'signal'>,
  take: (bytes: Uint8Array) => void,
): Promise<void> {
  const { reader } = link;
  // What a program does may take for ever.
  if (timeoutMs === Infinity) return readOutput(link, mark, { signal, onOutput: take });
  let heardAt = performance.now();
  const onData = (bytes: Uint8Array) => {
    heardAt = performance.now();
    take(bytes);
    throwIfRestarted(reader);
  };
  for (;;) {
    const leftMs = heardAt + timeoutMs - performance.now();
    try {
      await reader.readUntil(mark, { timeoutMs: Math.max(leftMs, 1), signal, keep: false, onData });
      return;
    } catch (error) {
      if (!isUpywError(error, 'port/silent')) throw error;
      if (performance.now() - heardAt < timeoutMs) continue;
      throw new UpywError('port/silent', { ...error.details, waitedMs: timeoutMs }, { cause: error });
    }
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
