import { type KeyName, keys, shownValue } from '../config/keys.js';
import type { Origin } from '../config/load-settings.js';
import type { Context } from '../context.js';
import { formatTable } from '../ui/format.js';

/** `upyw config`: every setting, its value, and where that came from. */
export async function config({ loadSettings, reporter }: Context): Promise<void> {
  const { values, origins } = await loadSettings();
  const names = Object.keys(keys) as KeyName[];
  const rows = names.map((name) => ({
    name,
    value: shownValue(keys[name], values[name]),
    from: origins[name],
  }));
  reporter.result(
    { settings: Object.fromEntries(rows.map(({ name, value, from }) => [name, { value, from }])) },
    formatTable(
      rows.map(({ name, value, from }) => [
        name,
        value === null ? '(not set)' : String(value),
        originText(from),
      ]),
    ),
  );
}

function originText({ kind, name }: Origin): string {
  return kind === 'default' ? 'default' : `${name} (${kind})`;
}
