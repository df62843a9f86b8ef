import type { Findings } from '../check-settings.js';
import { keyOf } from '../check-settings.js';
import { shownValue } from '../key.js';
import type { KeyName } from '../keys.js';
import { hasOwnValues } from './own-values.js';

/** A setting that is one board's own, as it may be shown. */
export interface OwnValue {
  /** `wifi.hostname`, `extra.device_id`. */
  readonly name: string;
  readonly value: string | number | boolean | null;
  /** The file, the variable or the flag that it is from. */
  readonly source: string;
}

/** What of the layers is in force and says something of the board: what stands below its name, and what was filled in. */
export function listOwn(own: readonly Findings[], common: readonly Findings[]): OwnValue[] {
  const found = new Map<string, OwnValue>();
  for (const [layers, isAll] of [[own, true] as const, [common, false] as const]) {
    for (const layer of layers) {
      for (const [name, { value, written, origin }] of layer) {
        for (const [part, item] of partsOf(name, value)) {
          if (found.has(part)) continue;
          if (!isAll && !hasOwnValues(partOf(name, part, written))) continue;
          const isSecret = origin.kind === 'secrets' || keyOf(name).secret === true;
          found.set(part, {
            name: part,
            value: shownValue(isSecret ? { secret: true } : {}, item),
            source: origin.name,
          });
        }
      }
    }
  }
  return [...found.values()];
}

/** Each entry of an object by itself, since each may come from another place. */
function partsOf(name: KeyName, value: unknown): [string, unknown][] {
  if (keyOf(name).joined !== true) return [[name, value]];
  return Object.entries(value as object).map(([part, item]) => [`${name}.${part}`, item as unknown]);
}

function partOf(name: KeyName, part: string, written: unknown): unknown {
  if (part === name || typeof written !== 'object' || written === null) return written;
  return (written as Record<string, unknown>)[part.slice(name.length + 1)];
}
