/** What `parseUtcOffset` accepts, for messages. */
export const expectedUtcOffset = 'an offset from UTC such as +02:00, or hours such as 2 or 5.75';

const earliestMinutes = -12 * 60;
const latestMinutes = 14 * 60;

/** `+02:00`, `-3:30`, `2`, `5.75`, `UTC`, or a number of hours → minutes; undefined when it is none. */
export function parseUtcOffset(given: string | number): number | undefined {
  const minutes = typeof given === 'number' ? given * 60 : minutesOf(given.trim());
  if (minutes === undefined || !Number.isInteger(minutes)) return undefined;
  return minutes >= earliestMinutes && minutes <= latestMinutes ? minutes : undefined;
}

/** `120` → `+02:00`. */
export function formatUtcOffset(minutes: number): string {
  const size = Math.abs(minutes);
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function minutesOf(text: string): number | undefined {
  if (/^(?:UTC|Z)$/i.test(text)) return 0;
  if (/^[+-]?\d{1,2}(?:\.\d+)?$/.test(text)) return Number(text) * 60;
  const [, sign, hours, minutes] = /^([+-]?)(\d{1,2}):?([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const size = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -size : size;
}
