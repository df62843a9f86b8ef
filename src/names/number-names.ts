import { UpywError } from '../errors.js';
import { nameKey, nameMistake } from '../config/boards/board-name.js';

/** A name with a number in it: `device%02d`, `desk-%d`. */
export type NumberedName = (number: number) => string;

/** Reads a pattern of the form that printf made usual. Throws `usage/bad-value`. */
export function parseNumbered(pattern: string): NumberedName {
  const [, before, digits, after] = /^([^%]*)%(?:0(\d+))?d([^%]*)$/.exec(pattern) ?? [];
  if (before === undefined || after === undefined || nameMistake(`${before}1${after}`) !== undefined) {
    throw new UpywError('usage/bad-value', {
      name: '--number',
      value: pattern,
      expected: 'a name with a number in it, such as device%02d (device01, device02, …) or desk%d',
    });
  }
  return (number) => before + String(number).padStart(Number(digits ?? 1), '0') + after;
}

/** Names for so many boards, in their order, from `first` on; those that are taken are left out. */
export function freeNames(
  numbered: NumberedName,
  { count, first, taken }: { count: number; first: number; taken: readonly string[] },
): string[] {
  const used = new Set(taken.map(nameKey));
  const names: string[] = [];
  for (let number = first; names.length < count; number += 1) {
    const name = numbered(number);
    if (!used.has(nameKey(name))) names.push(name);
  }
  return names;
}
