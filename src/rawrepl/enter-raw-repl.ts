import { UpywError } from '../errors.js';
import type { ByteReader } from '../transport/byte-reader.js';
import { cameInTime } from '../transport/came-in-time.js';
import type { Port } from '../transport/port.js';
import { quoteBytes } from '../transport/quote-bytes.js';
import { ChipListener } from './chip-listener.js';
import { ctrlA, ctrlC, encodeText, rawBanner } from './control-bytes.js';
import { isInStep } from './in-step.js';

interface Knock {
  readonly bytes: string;
  /** How long to listen before knocking again. */
  readonly listenMs: number;
}

/** Stops a program, clears a half-typed line, ends paste mode and raw paste; then asks for the raw REPL. */
const gentle = `${ctrlC}${ctrlC}${ctrlA}`;
/**
 * More Ctrl-C than a receiver of ours (device/helpers/receive.py) has in one window: one that was cut off in the
 * middle of a window gets it filled, and can then notice that nobody sends any more. It also finds the moment when a
 * program that catches every exception is not inside its `try`.
 */
const firm = `${ctrlC.repeat(300)}${ctrlA}`;
/** Longer than the 2 s that our receivers wait for the next byte before they give the console back. */
const receiverGivesUpMs = 2_800;

/**
 * A board at a prompt answers the first knock within milliseconds. One that is booting loses what comes before its
 * UART is up; a program may need several interrupts (boot.py, then main.py, then their clean-up).
 */
const knocks: readonly Knock[] = [
  { bytes: gentle, listenMs: 250 },
  { bytes: gentle, listenMs: 350 },
  { bytes: gentle, listenMs: 500 },
  { bytes: gentle, listenMs: 700 },
  { bytes: firm, listenMs: receiverGivesUpMs },
];

/** An answer to a knock that nobody has the time to hear would be taken for that to something else. */
const shortestListenMs = 50;

/** So many knocks must go unanswered before the chip's own words count: it may have been starting up. */
const knocksBeforeVerdict = 3;

export interface EnterOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The line, or the board, was in trouble just now: even the first banner may have come twice, or be an old one. */
  readonly afterTrouble?: boolean | undefined;
}

/**
 * Brings the board into the raw REPL from whatever it is doing, without a soft reset, and leaves the reader right
 * behind the prompt. Throws `rawrepl/no-prompt` at the deadline, `rawrepl/no-micropython` as soon as it is clear that the
 * chip has nothing to start. Needs bounded memory however much the board prints.
 */
export async function enterRawRepl(port: Port, reader: ByteReader, options: EnterOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  const heard = new ChipListener();
  const onData = (bytes: Uint8Array): void => {
    heard.push(bytes);
  };
  for (let attempt = 0; ; attempt += 1) {
    const { bytes, listenMs } = knocks[attempt % knocks.length] ?? { bytes: gentle, listenMs: 500 };
    const leftMs = deadline - performance.now();
    const isOver = leftMs <= 0 || (attempt > 0 && leftMs < shortestListenMs);
    const verdict = attempt >= knocksBeforeVerdict || isOver ? heard.verdict : undefined;
    if (verdict !== undefined) throw new UpywError('rawrepl/no-micropython', { port: port.name, ...verdict });
    if (isOver) throw noPrompt(port, reader, options.timeoutMs);
    await port.write(encodeText(bytes));
    heard.startWindow();
    const wait = { timeoutMs: Math.min(listenMs, leftMs), signal: options.signal, keep: false, onData };
    if (!(await cameInTime(reader.readUntil(rawBanner, wait)))) continue;
    // After one knock there is one banner. After several, more may follow, which must not be taken for later answers.
    const isSure = attempt === 0 && options.afterTrouble !== true;
    if (isSure || (await isInStep(port, reader, options.signal))) return;
  }
}

function noPrompt(port: Port, reader: ByteReader, waitedMs: number): UpywError {
  return new UpywError('rawrepl/no-prompt', {
    port: port.name,
    waitedMs,
    lastBytes: quoteBytes(reader.tail),
    ...(port.capabilities.baudRate && { baudRate: port.baudRate }),
  });
}
