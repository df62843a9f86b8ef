import { fillIn, hasOwnValues } from './boards/own-values.js';
import { keyNames, mayBeOwn } from './check-settings.js';
import type { LoadedSettings } from './load-settings.js';

/** Settings that are the same for any board. Throws `config/no-own-value` where one says something of its board. */
export function requireCommon(loaded: LoadedSettings): LoadedSettings {
  for (const key of keyNames) {
    const value: unknown = loaded.values[key];
    if (mayBeOwn(key) && hasOwnValues(value)) fillIn(value, {}, { source: loaded.origins[key].name, key });
  }
  return loaded;
}
