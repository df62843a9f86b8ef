import { UpywError } from '../errors.js';
import type { ByteReader } from '../transport/byte-reader.js';
import { cameInTime } from '../transport/came-in-time.js';
import { nativeUsb } from '../transport/native-usb.js';
import type { Port } from '../transport/port.js';
import { quoteBytes } from '../transport/quote-bytes.js';
import { ChipListener } from './chip-listener.js';
import { ctrlA, ctrlC, encodeText, rawBanner } from './control-bytes.js';
import { isInStep } from './in-step.js';
import { interruptStart } from './interrupt-start.js';

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
  /** The board has just been reset: it is interrupted as it starts. */
  readonly isStarting?: boolean | undefined;
}

/**
 * Brings the board into the raw REPL from whatever it is doing, without a soft reset, and leaves the reader right
 * behind the prompt. A board that is heard to start is interrupted again and again until it is at its prompt. Throws
 * `rawrepl/no-prompt` at the deadline, `rawrepl/no-micropython` and `rawrepl/restarts` as soon as that is clear.
 * Needs bounded memory however much the board prints.
 */
export async function enterRawRepl(port: Port, reader: ByteReader, options: EnterOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  const { signal, isStarting = false } = options;
  const heard = new ChipListener();
  if (isStarting) await interruptStart(port, reader, heard, { deadline, signal });
  for (let attempt = 0; ; attempt += 1) {
    const { bytes, listenMs } = knocks[attempt % knocks.length] ?? { bytes: gentle, listenMs: 500 };
    const leftMs = deadline - performance.now();
    const isOver = leftMs <= 0 || (attempt > 0 && leftMs < shortestListenMs);
    const isCertain = attempt >= knocksBeforeVerdict || isOver || heard.loop !== undefined;
    const explanation = isCertain ? heard.explain(port.name) : undefined;
    if (explanation !== undefined) throw explanation;
    if (isOver) throw noPrompt(port, reader, heard, options.timeoutMs);
    await port.write(encodeText(bytes));
    heard.startWindow();
    const answer = await awaitBanner(reader, heard, { timeoutMs: Math.min(listenMs, leftMs), signal });
    if (answer === 'start') await interruptStart(port, reader, heard, { deadline, signal });
    if (answer !== 'banner') continue;
    // After one knock there is one banner. After several, more may follow, which must not be taken for later answers.
    const isSure = attempt === 0 && options.afterTrouble !== true && !isStarting;
    if (isSure || (await isInStep(port, reader, signal))) return;
  }
}

class ChipStarts extends Error {}

/** What comes first: the raw REPL's banner, a chip that starts, or the end of the wait. */
async function awaitBanner(
  reader: ByteReader,
  heard: ChipListener,
  wait: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<'banner' | 'start' | 'silence'> {
  const startsBefore = heard.starts;
  const onData = (bytes: Uint8Array): void => {
    heard.push(bytes);
    if (heard.starts > startsBefore) throw new ChipStarts();
  };
  try {
    const isBanner = await cameInTime(reader.readUntil(rawBanner, { ...wait, keep: false, onData }));
    return isBanner ? 'banner' : 'silence';
  } catch (error) {
    if (!(error instanceof ChipStarts)) throw error;
    // All that is here has been looked at.
    reader.take();
    return 'start';
  }
}

function noPrompt(port: Port, reader: ByteReader, heard: ChipListener, waitedMs: number): UpywError {
  return new UpywError('rawrepl/no-prompt', {
    port: port.name,
    waitedMs,
    lastBytes: quoteBytes(reader.tail),
    heardText: heard.heardText,
    heardStart: heard.starts > 0,
    hasLines: port.capabilities.lines,
    ...(port.capabilities.baudRate && { baudRate: port.baudRate }),
    ...nativeUsb(port),
  });
}
