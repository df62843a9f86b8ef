import type { ZodType, z as Zod } from 'zod';

/** One setting. Dots in its name are nested objects in a config file: `wifi.ssid` is `{ wifi: { ssid } }`. */
export interface Key<Value> {
  /** What is accepted, for the message when it is wrong: `should be …`. */
  readonly describe: string;
  /**
   * What is accepted from a file. zod is handed in, so that it loads only when needed: it takes as long as Node itself.
   * A check of its own whose message says more than `describe` is told in its own words.
   */
  readonly check: (z: typeof Zod) => ZodType<Value>;
  /** Reads the text of an environment variable (`name` is its), undefined when it is none; without it `check` does. */
  readonly parse?: (text: string, name: string) => Value | undefined;
  readonly default: Value;
  /** Environment variables, the first that is set wins. */
  readonly env?: readonly string[];
  /** The flag that overrules it, as typed. */
  readonly flag?: string;
  /** Never shown. */
  readonly secret?: true;
  /** An object whose entries may come from several places; the stronger place wins entry by entry. */
  readonly joined?: true;
  /** How it is shown, where parts of it may be secret, or another form is easier to read. */
  shown?(value: Value): string;
}

/** An entry of the table, with its type inferred. */
export function key<Value>(entry: Key<Value>): Key<Value> {
  return entry;
}

const hidden = '••••••';
const longestShown = 80;

/** A value as it may be shown: null when there is none, dots in place of a secret. */
export function shownValue(
  { secret, shown }: Pick<Key<unknown>, 'secret' | 'shown'>,
  value: unknown,
): string | number | boolean | null {
  if (value === undefined) return null;
  if (secret === true) return hidden;
  if (shown !== undefined) return shown(value);
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : JSON.stringify(value);
}

/** What was given, for a message; of a secret only what kind of value it is. */
export function describeGiven(
  { secret, shown }: Pick<Key<unknown>, 'secret' | 'shown'>,
  value: unknown,
): string {
  if (secret === true || (typeof value === 'object' && value !== null)) return describeKind(value);
  // Digits without quotes, such as an SSID, which YAML took for a number and rounded.
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return 'a number: text of many digits needs quotes';
  }
  const text = typeof value === 'string' ? JSON.stringify(shown?.(value) ?? value) : String(value);
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
}

function describeKind(value: unknown): string {
  if (typeof value === 'string') {
    const sizeBytes = new TextEncoder().encode(value).length;
    return `a text of ${sizeBytes} ${sizeBytes === 1 ? 'byte' : 'bytes'}`;
  }
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
