import type { ZodType } from 'zod';
import { shapes } from '../../src/json.js';
import type { CommandDefinition, CommandGroup } from '../../src/program/definition.js';
import { nameOf } from '../../src/program/definition.js';
import { portSettings } from '../../src/program/settings.js';

const flagsOfAll: Readonly<Record<string, string>> = {
  '--port': '`-p, --port <name>` names the board',
  '--baud': '`-b, --baud <rate>` is the fastest rate to use',
  '--yes': '`-y, --yes` answers its questions',
  '--dry-run': '`-n, --dry-run` tells what it would do',
  '--json': '`--json` prints a document for programs',
};

/** The reference of the commands, from their definitions. */
export function commandsPage(groups: readonly CommandGroup[]): string {
  const parts = [
    '# Commands',
    'Every command and flag of upyw. The same stands in the help: `upyw --help`, `upyw get --help`.',
    "The shapes of what `--json` prints are zod schemas: `import { shapes, failure } from 'upyw/json'`. Each has `ok`, and `warnings` where there are some.",
    'Commands for many boards at once (`-p all`) take `--jobs <number>`, `--report <file>`, `--retry-failed <file>`, `--watch` and `--again`: see [in a classroom](classroom.md#which-boards).',
    `Whatever has \`--port\` reads the settings ${portSettings.map((name) => `\`${name}\``).join(', ')}.`,
    'All commands take these flags too: `--quiet`, `--verbose`, `--timeout <seconds>`, `--trace <file>`, `--no-reset`, `--no-color`.',
  ];
  for (const { title, commands } of groups) {
    const [first] = commands;
    const named = title?.replace(/:$/, '') ?? (first === undefined ? '' : `\`upyw ${nameOf(first)}\``);
    parts.push(`## ${named}`);
    for (const definition of commands) parts.push(...sectionOf(definition, [], title === undefined));
  }
  return `${parts.join('\n\n')}\n`;
}

function sectionOf(definition: CommandDefinition, above: readonly string[], isGroup: boolean): string[] {
  const { call, summary, description = summary, note, options = [], examples, flags, alias } = definition;
  const words = [...above, nameOf(definition)];
  const parts = isGroup ? [] : [`### upyw ${words.join(' ')}`];
  const shown = definition.usage?.replace('[options] ', '') ?? call.slice(nameOf(definition).length + 1);
  const other = alias === undefined ? '' : ` Its other name is \`${alias}\`.`;
  parts.push(`${sentence(description)}${note === undefined ? '' : ` ${note}`}${other}`);
  if (definition.run !== undefined) parts.push(fenced([`upyw ${[...words, shown].join(' ').trim()}`]));
  if (options.length > 0) {
    parts.push(['| Flag | What it does |', '|---|---|', ...options.map(rowOf)].join('\n'));
  }
  const common = flags.map((flag) => flagsOfAll[flag]).join('; ');
  if (common !== '') parts.push(`${common.replace(/^`/, '`')}.`);
  if (definition.settings !== undefined)
    parts.push(
      `[Settings](configuration.md#settings): ${definition.settings.map((name) => `\`${name}\``).join(', ')}.`,
    );
  const fields = jsonFields(words.join(' '));
  if (fields !== undefined) parts.push(fields);
  const width = Math.max(...examples.map(({ line, what }) => (what === undefined ? 0 : line.length)));
  parts.push(
    fenced(
      examples.map(({ line, what }) => (what === undefined ? line : `${line.padEnd(width)}  # ${what}`)),
    ),
  );
  return [...parts, ...(definition.commands ?? []).flatMap((below) => sectionOf(below, words, false))];
}

/** What its JSON has, from its shape. */
function jsonFields(name: string): string | undefined {
  const found = Object.entries(shapes).find(([each]) => each === name)?.[1];
  if (found === undefined) return undefined;
  const forms = 'options' in found ? found.options : [found];
  return `JSON: ${forms.map(({ shape }) => fieldsOf(shape)).join('; or ')}.`;
}

function fieldsOf(shape: object): string {
  return Object.entries(shape)
    .filter(([field]) => field !== 'ok' && field !== 'warnings')
    .map(
      ([field, type]) =>
        `\`${field}\`${(type as ZodType).safeParse(undefined).success ? ' (not always)' : ''}`,
    )
    .join(', ');
}

function rowOf({ flags, what, byDefault }: NonNullable<CommandDefinition['options']>[number]): string {
  const text = `${what}${byDefault === undefined ? '' : ` (${byDefault})`}`;
  return `| \`${flags.replaceAll('|', '\\|')}\` | ${text.replaceAll('|', '\\|').replaceAll('<', '&lt;')} |`;
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

function fenced(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}
