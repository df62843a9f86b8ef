import { isUpywError } from '../../errors.js';
import { playLines } from '../../transport/reset-lines.js';
import { resetSequence } from '../../transport/reset-sequences.js';
import type { BoardSession } from '../board-session.js';
import { helperCall } from '../helpers/device-code.js';
import { lowerConsole } from './lower-console.js';
import { leaveMs, newTag, raiseConsole, type RaiseOptions } from './raise-console.js';
import { isUart } from './console-rates.js';
import { apbDivider } from './uart-divider.js';

/** What raising and lowering take at 115200, on a good line. */
const switchMs = 200;
/** The share of its time that a transfer must save: the estimate knows nothing of what else an acknowledgement waits for. */
const worthwhileShare = 0.3;
/** So much may be under way to the board unacknowledged, in steps of so much: what its input ring of 260 bytes allows. */
const inFlightBytes = 256;
const windowBytes = 32;

/** A transfer, as far as it decides whether a higher rate pays. */
export interface TransferPlan {
  /** About how much has to go over the wire. */
  readonly wireBytes: number;
  readonly direction: 'to board' | 'from board';
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does `work` with the console at a higher rate, where that can be had and pays, and brings it back to the rate before, whatever
 * happens. Throws what `work` throws.
 */
export async function atHigherSpeed<Result>(
  session: BoardSession,
  plan: TransferPlan,
  work: () => Promise<Result>,
): Promise<Result> {
  await raise(session, plan);
  session.speed.used = session.repl.port.baudRate;
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    if (isUpywError(error, 'port/lost')) throw error;
    await lower(session).catch((failure: unknown) => {
      const text = failure instanceof Error ? failure.message : String(failure);
      session.onNote?.(`the console is not back at its usual rate: ${text}`, 'warning');
    });
    throw error;
  }
  await lower(session);
  return result;
}

/** After a failure that may be the rate's: back to the usual one for the rest. The failure says more than one of this would. */
export async function giveUpSpeed(session: BoardSession): Promise<void> {
  if (session.repl.possibleRates.length === 0) return;
  session.speed.rates = [];
  session.onNote?.('the console goes on at its usual rate');
  await lower(session).catch(() => undefined);
}

async function raise(session: BoardSession, plan: TransferPlan): Promise<void> {
  const { repl, speed } = session;
  const usual = repl.port.baudRate;
  const worthTrying = speed.rates.filter((rate) => pays(plan, usual, rate, 0));
  if (worthTrying.length === 0 || !isUart(repl.port)) return;
  const tag = newTag();
  const code = await helperCall('speed_up', tag, worthTrying.map(apbDivider), leaveMs(usual));
  const options: RaiseOptions = {
    rates: worthTrying,
    pays: (baudRate, roundTripMs) => pays(plan, usual, baudRate, roundTripMs),
    onNote: (text) => session.onNote?.(text),
    onUnfit: (baudRate) => {
      speed.rates = speed.rates.filter((rate) => rate !== baudRate);
    },
    onRegisters: (registers) => {
      speed.registers = registers;
      repl.possibleRates = [usual, ...worthTrying];
    },
  };
  let raised: number | undefined;
  try {
    raised = await repl.session(code, (channel) => raiseConsole(channel, tag, options), plan);
  } catch (error) {
    if (isUpywError(error, 'port/lost', 'run/interrupted')) throw error;
    // Another chip, firmware without what this needs, or a line that garbled the talk: it is not tried again.
    speed.rates = [];
    session.onNote?.(`the console stays at ${usual} baud: this board or this line allows no more`);
  }
  if (raised === undefined) {
    await lower(session);
    return;
  }
  repl.possibleRates = [usual, raised];
  session.onNote?.(`the console runs at ${raised} baud for this transfer`);
}

/** Back to the usual rate, if need be by a reset. Throws `rawrepl/no-prompt` when nothing brings the board back. */
async function lower(session: BoardSession): Promise<void> {
  const { repl, speed } = session;
  const [usual] = repl.possibleRates;
  if (usual === undefined) return;
  const isLow = await lowerConsole(repl, speed.registers, usual);
  speed.registers = undefined;
  repl.possibleRates = [];
  if (!isLow) await restart(session, usual);
}

/** The last resort. */
async function restart({ repl, onNote }: BoardSession, usual: number): Promise<void> {
  const { port } = repl;
  if (port.baudRate !== usual) await port.setBaudRate(usual);
  if (port.capabilities.lines) await playLines(port, resetSequence(port));
  await repl.reenter();
  onNote?.('the board did not answer after its console had been sped up, and was reset', 'warning');
}

/** Whether the transfer is over sooner at the new rate by enough to be worth it. The board itself is as slow at both. */
function pays(
  { wireBytes, direction }: TransferPlan,
  from: number,
  to: number,
  roundTripMs: number,
): boolean {
  const msPerByte = (baudRate: number): number => {
    const wireMs = 10_000 / baudRate;
    if (direction === 'from board') return wireMs;
    // The wire rests when the acknowledgement of the first window comes after the last one has left.
    return Math.max(wireMs, (roundTripMs + windowBytes * wireMs) / inFlightBytes);
  };
  const usualMs = wireBytes * msPerByte(from);
  const savedMs = usualMs - wireBytes * msPerByte(to);
  return savedMs > switchMs && savedMs > usualMs * worthwhileShare;
}
