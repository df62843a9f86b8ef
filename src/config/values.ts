/** What the parsers of this file accept, for messages. */
export const expectedBaud = 'a rate in bits per second, such as 115200 or 921.6k';
/** @see parseSeconds */
export const expectedSeconds = 'a time in seconds, such as 5, 0.5 or 500ms';

const highestBaud = 10_000_000;
const longestSeconds = 24 * 3600;

/** `115200`, `115_200`, `115.2k`, `2M` → bits per second; undefined when it is none. */
export function parseBaud(text: string): number | undefined {
  const match = /^(\d[\d_]*(?:\.\d+)?)\s*([kM]?)$/.exec(text.trim());
  if (match === null) return undefined;
  const scale = { '': 1, k: 1000, M: 1_000_000 }[match[2] as '' | 'k' | 'M'];
  const exact = Number((match[1] ?? '').replaceAll('_', '')) * scale;
  // 115.2 * 1000 is a hair off.
  const baud = Math.round(exact);
  return Math.abs(baud - exact) < 0.001 && isBaud(baud) ? baud : undefined;
}

/** Whether a port may be asked for this rate at all. */
export function isBaud(value: number): boolean {
  return Number.isInteger(value) && value >= 50 && value <= highestBaud;
}

/** `5`, `0.5`, `5s`, `500ms`, `2min` → seconds; undefined when it is none. */
export function parseSeconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(s|ms|min)?$/.exec(text.trim());
  if (match === null) return undefined;
  const scale = { s: 1, ms: 0.001, min: 60 }[(match[2] ?? 's') as 's' | 'ms' | 'min'];
  const seconds = Number(match[1]) * scale;
  return isSeconds(seconds) ? seconds : undefined;
}

/** Whether this may be the time to wait for an answer. */
export function isSeconds(value: number): boolean {
  return value > 0 && value <= longestSeconds;
}

export const expectedSwitch = 'true or false';

/** `1`, `true`, `yes`, `on` and their opposites, in any case; undefined when it is none. */
export function parseSwitch(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  return ['0', 'false', 'no', 'off'].includes(word) ? false : undefined;
}
