import fc from 'fast-check';
import type { ExtraValue } from '../../src/config/extra-values.js';
import { keys } from '../../src/config/keys.js';
import { configNames } from '../../src/config/provision-keys.js';
import type { BoardSettings } from '../../src/provision/render-config.js';
import { anyCodePoints } from './any-code-points.js';

/** Any text at all: quotes, backslashes, control bytes, emoji, halves of surrogate pairs. */
export const anyText = fc.oneof(
  anyCodePoints(40),
  fc.string({
    unit: fc.constantFrom(
      "'",
      '"',
      '\\',
      '\n',
      '\r',
      '\0',
      '\t',
      '{',
      '%',
      '🐎',
      'ž',
      '\ud800',
      '\udc00',
      'u0041',
      '#',
    ),
    maxLength: 20,
  }),
  fc.uint16Array({ maxLength: 20 }).map((units) => String.fromCharCode(...units)),
);

const { value: anyValue } = fc.letrec<{ value: ExtraValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    anyText,
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noInteger: true, min: -1e30, max: 1e30 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyText, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

const defaults = Object.fromEntries(Object.entries(keys).map(([name, entry]) => [name, entry.default]));

/** Settings for a board's config.py, with any text where text stands. */
export const anySettings: fc.Arbitrary<BoardSettings> = fc
  .record({
    'wifi.ssid': anyText,
    'wifi.password': anyText,
    'wifi.hostname': fc.option(anyText, { nil: undefined }),
    'ntp.host': anyText,
    'api.base_url': anyText,
    'ntp.utc_offset': fc.integer({ min: -720, max: 840 }),
    extra: fc.dictionary(fc.stringMatching(/^x[a-z0-9_]{1,8}$/), anyValue, {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  })
  .map((some) => ({ ...defaults, ...some }) as BoardSettings);

/** What a board should find in that config.py, as `dumper` prints it. */
export function expectedDump(settings: BoardSettings): unknown {
  const own = Object.entries(configNames).map(([setting, name]) => [
    name,
    settings[setting as keyof typeof configNames] ?? (name === 'wifi_passwd' ? '' : null),
  ]);
  return Object.fromEntries(
    [...own, ...Object.entries(settings.extra)].map(([name, value]) => [name, dumped(value)]),
  ) as unknown;
}

/** Text as its code points, so that no printer or encoding can get in the way; numbers that are not whole as 9 digits. */
function dumped(value: ExtraValue): unknown {
  if (typeof value === 'string') return ['text', ...Array.from(value, (char) => char.codePointAt(0))];
  if (typeof value === 'number') return Number.isInteger(value) ? value : value.toExponential(8);
  if (value === null || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return ['list', ...value.map(dumped)];
  const entries = Object.entries(value).map(([name, item]) => JSON.stringify([dumped(name), dumped(item)]));
  return ['dict', ...entries.sort()];
}

/** The same form again, of what `dumper` printed. */
export function readDump(line: string): unknown {
  const restore = (value: unknown): unknown => {
    if (!Array.isArray(value)) return value;
    const [kind, ...items] = value as [string, ...unknown[]];
    if (kind === 'text') return value;
    if (kind === 'float') return Number(items[0]).toExponential(8);
    if (kind === 'list') return ['list', ...items.map(restore)];
    return ['dict', ...items.map((item) => JSON.stringify((item as unknown[]).map(restore))).sort()];
  };
  const names = Object.entries(JSON.parse(line) as Record<string, unknown>);
  return Object.fromEntries(names.map(([name, value]) => [name, restore(value)]));
}

/** Python: `dump(source)` runs a config.py and prints what it sets as one line of JSON. */
export const dumper = `
import json
def _form(v):
    if isinstance(v, str):
        return ["text"] + [ord(c) for c in v]
    if isinstance(v, float):
        return ["float", "%.17g" % v]
    if isinstance(v, list):
        return ["list"] + [_form(i) for i in v]
    if isinstance(v, dict):
        return ["dict"] + [[_form(k), _form(i)] for k, i in v.items()]
    return v
def dump(source):
    names = {}
    exec(source, names)
    print(json.dumps({k: _form(v) for k, v in names.items() if not k.startswith("__")}))
`;
