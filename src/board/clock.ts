import { UpywError } from '../errors.js';
import { answerTuple } from './answer-tuple.js';
import type { BoardSession, OperationOptions } from './board-session.js';
import { helperCall } from './helpers/device-code.js';
import { ask } from './helpers/run-helper.js';

/** A time of day in no particular time zone, as a board's clock keeps it. */
export interface ClockTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond?: number;
}

/** What a clock shows: its smallest step is a second. */
export type ClockReading = Omit<ClockTime, 'millisecond'>;

const cannot = 'no';

/** Undefined where the firmware has no clock at all. */
export async function readClock(
  session: BoardSession,
  options: OperationOptions,
): Promise<ClockReading | undefined> {
  return readingIn(session, await ask(session, await helperCall('clock', []), options));
}

/** Returns what the clock shows then. Throws `board/no-clock`. */
export async function setClock(
  session: BoardSession,
  time: ClockTime,
  options: OperationOptions,
): Promise<ClockReading> {
  const { year, month, day, hour, minute, second, millisecond = 0 } = time;
  const wanted = [year, month, day, weekdayOf(time), hour, minute, second, millisecond * 1000];
  const answer = await ask(session, await helperCall('clock', wanted), options);
  const reading = answer.trim() === cannot ? undefined : readingIn(session, answer);
  if (reading === undefined)
    throw new UpywError('board/no-clock', { reason: 'its firmware has no machine.RTC' });
  return reading;
}

/** Monday is 0, as MicroPython counts. */
function weekdayOf({ year, month, day }: ClockTime): number {
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
}

function readingIn(session: BoardSession, answer: string): ClockReading | undefined {
  const parts = answerTuple(session.repl, answer, 'what time it is').map(Number);
  if (parts.length === 0) return undefined;
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  if (parts.length !== 6 || parts.some(Number.isNaN)) throw session.repl.nonsense('what time it is');
  return { year, month, day, hour, minute, second };
}
