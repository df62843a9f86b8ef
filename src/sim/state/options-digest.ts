import { createHmac } from 'node:crypto';
import type { SimOptions } from '../sim-address.js';

/** Tells whether two sets of options are the same, without holding them: there may be Wi-Fi passwords among them. */
export function digestOptions(options: SimOptions, token: string): string {
  return createHmac('sha256', token)
    .update(JSON.stringify(sorted(options)))
    .digest('hex');
}

/** The same values in whatever order they were given. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return entries.map(([key, each]) => [key, sorted(each)]);
}
