import type { ExtraValue } from '../config/extra-values.js';
import { pythonString } from '../rawrepl/python-literal.js';

/** A Python literal with the same value: `None`, `True`, a number, text, a list, a dict. */
export function pythonValue(value: ExtraValue | undefined): string {
  if (value === undefined || value === null) return 'None';
  if (typeof value === 'string') return pythonString(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return value.toString();
  if (isList(value)) return `[${value.map(pythonValue).join(', ')}]`;
  const entries = Object.entries(value).map(([name, item]) => `${pythonString(name)}: ${pythonValue(item)}`);
  return `{${entries.join(', ')}}`;
}

function isList(value: object): value is readonly ExtraValue[] {
  return Array.isArray(value);
}
