import type { ClockReading, ClockTime } from '../../board/clock.js';
import type { Context } from '../../context.js';
import { withBoard } from '../../connecting/open-board.js';
import { UpywError } from '../../errors.js';
import { formatDuration } from '../../ui/format.js';

export interface RtcOptions {
  readonly set?: true;
  readonly utc?: true;
}

/** What a clock shows that nobody has set: it began with the board, in MicroPython's year. */
const firstSetYear = 2001;
/** More than the wire and a clock that counts whole seconds make of it. */
const noteworthyMs = 2_000;

/** `upyw rtc`: the board's clock; with `--set` it gets this computer's time. */
export async function rtc(context: Context, { set, utc }: RtcOptions): Promise<void> {
  const { flags, reporter, world } = context;
  const zone = utc === true ? 'UTC' : 'local time';
  const isSet = set === true && !flags.dryRun;
  const { reading, now } = await withBoard(context, async (board) => {
    const options = { signal: world.signal };
    const shown = isSet
      ? await board.setClock(timeOf(new Date(), utc === true), options)
      : await board.clock(options);
    return { reading: shown, now: timeOf(new Date(), utc === true) };
  });
  if (reading === undefined)
    throw new UpywError('board/no-clock', { reason: 'it does not know the time at all' });
  const differenceMs = inMs(reading) - inMs(now);
  if (set === true && flags.dryRun) reporter.info(`would set it to ${textOf(now)} (${zone})`);
  const text = `${textOf(reading)}${isSet ? ` (${zone})` : comparison(reading, differenceMs, zone)}`;
  reporter.result(
    {
      time: isoOf(reading),
      differenceSeconds: Math.round(differenceMs / 1000),
      set: isSet,
      ...dry(context, set),
    },
    text,
  );
}

function dry({ flags }: Context, set: true | undefined): object {
  return set === true ? { dryRun: flags.dryRun } : {};
}

function comparison(reading: ClockReading, differenceMs: number, zone: string): string {
  if (reading.year < firstSetYear) return '  (not set: upyw rtc --set, or upyw provision)';
  if (Math.abs(differenceMs) <= noteworthyMs) return `  (as ${zone} of this computer)`;
  const way = differenceMs > 0 ? 'ahead of' : 'behind';
  return `  (${distance(Math.abs(differenceMs))} ${way} ${zone} of this computer)`;
}

const hourMs = 3_600_000;

function distance(differenceMs: number): string {
  if (differenceMs < hourMs) return formatDuration(differenceMs);
  const hours = Math.round(differenceMs / hourMs);
  return hours < 48 ? `about ${hours} h` : `about ${Math.round(hours / 24)} days`;
}

function timeOf(date: Date, isUtc: boolean): Required<ClockTime> {
  const shifted = isUtc ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    millisecond: shifted.getUTCMilliseconds(),
  };
}

function inMs({ year, month, day, hour, minute, second, millisecond = 0 }: ClockTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

function isoOf(reading: ClockReading): string {
  return new Date(inMs(reading)).toISOString().slice(0, 19);
}

function textOf(time: ClockTime): string {
  return isoOf(time).replace('T', ' ');
}
