import { UpywError } from '../../errors.js';

/** What settings may say of the board that they are for. */
export interface BoardFacts {
  /** Undefined: it has none. */
  readonly name?: string | undefined;
  /** Undefined: not known yet. */
  readonly mac?: string | undefined;
  /** Its place in upyw.boards.yaml, from 1. */
  readonly index?: number | undefined;
}

/** With which a setting is checked as long as no board is known. */
export const anyBoard: BoardFacts = { name: 'board', mac: '24:0a:12:34:56:78', index: 1 };

const variables = ['name', 'mac', 'index'] as const;
const sign = /\{\{\s*(\w+)\s*\}\}/g;

/** Whether a value, or one in it, has `{{name}}`, `{{mac}}`, `{{index}}` or another such word. YAML lets one hold itself. */
export function hasOwnValues(value: unknown, seen = new Set<unknown>()): boolean {
  if (typeof value === 'string') return value.search(sign) !== -1;
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  seen.add(value);
  return Object.values(value).some((item) => hasOwnValues(item, seen));
}

/**
 * The same value with what it says of the board filled in, at any depth. A text that is one such word alone stays text. `place` names it in messages.
 * @throws UpywError `config/invalid` for another word, `config/no-own-value` for what the board has not
 */
export function fillIn(
  value: unknown,
  board: BoardFacts,
  place: { readonly source: string; readonly key: string },
  above: ReadonlySet<unknown> = new Set(),
): unknown {
  if (typeof value === 'string') {
    return value.replace(sign, (_, word: string) => ownValue(word, board, place));
  }
  // What holds itself is told by the check of its setting.
  if (above.has(value)) return value;
  const within = new Set(above).add(value);
  if (Array.isArray(value)) return value.map((item) => fillIn(item, board, place, within));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, fillIn(item, board, place, within)]),
  );
}

function ownValue(word: string, board: BoardFacts, place: { source: string; key: string }): string {
  const variable = variables.find((each) => each === word);
  if (variable === undefined) {
    const known = variables.map((each) => `{{${each}}}`).join(', ');
    throw new UpywError('config/invalid', {
      ...place,
      problem: `{{${word}}} stands for nothing; of the board there are ${known}`,
    });
  }
  const found = board[variable];
  if (found === undefined) {
    const { mac } = board;
    throw new UpywError('config/no-own-value', { ...place, word, ...(mac === undefined ? {} : { mac }) });
  }
  return String(found);
}
