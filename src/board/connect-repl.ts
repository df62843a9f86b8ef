import { UpywError, isUpywError } from '../errors.js';
import { RawRepl, type EnterRawReplOptions } from '../rawrepl/raw-repl.js';
import { isNativeUsb } from '../transport/native-usb.js';
import type { Port } from '../transport/port.js';
import { playLines } from '../transport/reset-lines.js';
import { resetSequence } from '../transport/reset-sequences.js';
import { isUart } from './speed/console-rates.js';

const defaultTimeoutMs = 10_000;
/** Four knocks. A board at its prompt answers within milliseconds; one that does not answer for so long may be at another rate. */
const firstTryMs = 1_800;
/** From a reset to the prompt, with a boot.py that has to be interrupted. */
const startTimeoutMs = 6_000;

export interface ConnectReplOptions extends Omit<EnterRawReplOptions, 'isStarting'> {
  readonly onNote?: ((text: string, level?: 'warning') => void) | undefined;
  /** Whether a board that cannot be had otherwise may be reset by the port's lines; default false. */
  readonly mayReset?: boolean | undefined;
}

/**
 * `RawRepl.enter`, which also finds a board whose console was left at a raised rate: by a process that was killed or a computer
 * that went to sleep in the middle of a transfer. It is brought back to the port's rate. Where nothing else helps, and it is allowed, the board
 * is reset and interrupted as it starts. Throws `rawrepl/no-prompt`, `rawrepl/no-micropython`, `rawrepl/restarts`.
 */
export async function connectRepl(port: Port, options: ConnectReplOptions): Promise<RawRepl> {
  const { timeoutMs = defaultTimeoutMs, signal, onNote, mayReset = false } = options;
  const deadline = performance.now() + timeoutMs;
  const first = await attempt(port, { timeoutMs: Math.min(firstTryMs, timeoutMs), signal });
  if (first instanceof RawRepl) return first;
  // Somebody who speaks legibly is at the right rate.
  const mayBeRaised = isUart(port) && !first.details.heardText;
  const rescued = mayBeRaised
    ? await (await import('./speed/rescue-console.js')).rescueConsole(port, options)
    : undefined;
  if (rescued !== undefined) return rescued;
  const leftMs = deadline - performance.now();
  // What was said at other rates may be anything at the board's.
  const second = leftMs > 0 ? await attempt(port, { timeoutMs: leftMs, signal, afterTrouble: true }) : first;
  if (second instanceof RawRepl) return second;
  const canReset = port.capabilities.lines && !isNativeUsb(port);
  if (!mayReset || !canReset) throw withWait(second, timeoutMs);
  onNote?.(
    `MicroPython does not answer on ${port.name}: the board is reset, and its program interrupted as it starts (--no-reset forbids it)`,
    'warning',
  );
  await playLines(port, resetSequence(port), signal);
  const last = await attempt(port, { timeoutMs: startTimeoutMs, signal, isStarting: true });
  if (last instanceof RawRepl) return last;
  throw withWait(last, timeoutMs + startTimeoutMs, { wasReset: true });
}

type NoPrompt = UpywError<'rawrepl/no-prompt'>;

/** What entering comes to, as far as another way may help. */
async function attempt(port: Port, options: EnterRawReplOptions): Promise<RawRepl | NoPrompt> {
  try {
    return await RawRepl.enter(port, options);
  } catch (error) {
    if (isUpywError(error, 'rawrepl/no-prompt')) return error;
    throw error;
  }
}

/** The error of the last of several attempts, as one of all of them. */
function withWait(error: NoPrompt, waitedMs: number, more: { readonly wasReset?: true } = {}): NoPrompt {
  return new UpywError('rawrepl/no-prompt', { ...error.details, waitedMs, ...more }, { cause: error });
}
