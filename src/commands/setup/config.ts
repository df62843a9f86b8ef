import { type Key, shownValue } from '../../config/key.js';
import { type KeyName, keys } from '../../config/keys.js';
import type { Origin } from '../../config/load-settings.js';
import type { Context } from '../../context.js';
import { formatTable } from '../../ui/format.js';

/** `upyw config`: every setting, its value, and where that came from. */
export async function config({ loadSettings, reporter }: Context): Promise<void> {
  const { values, origins } = await loadSettings();
  const names = Object.keys(keys) as KeyName[];
  const rows = names.map((name) => ({
    name,
    value: shown(keys[name], values[name], origins[name]),
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

/** What stands in the file for secrets is one, whatever it is. */
function shown(
  entry: Pick<Key<unknown>, 'secret' | 'shown'>,
  value: unknown,
  { kind }: Origin,
): ReturnType<typeof shownValue> {
  return shownValue(kind === 'secrets' ? { secret: true } : entry, value);
}

function originText({ kind, name }: Origin): string {
  return kind === 'default' ? 'default' : `${name} (${kind})`;
}
