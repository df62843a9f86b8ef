import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Settings } from '../config/keys.js';
import { configNames } from '../config/provision-keys.js';
import type { ExtraValue } from '../config/extra-values.js';
import { packageFile } from '../package-file.js';
import { pythonValue } from './python-value.js';

const template = packageFile('templates/config.py');

/** How every config.py of ours begins. */
export const configHeader = '# Settings of this board, written by "upyw provision".';

const checksumLine = /^# upyw: ([0-9a-f]{8})$/;

/** What of the settings is written to the board. */
export type BoardSettings = Pick<Settings, keyof typeof configNames | 'extra'>;

/** The board's config.py: templates/config.py with the settings as Python literals, and the extra values behind. */
export async function renderConfig(settings: BoardSettings): Promise<Uint8Array> {
  const values = new Map(
    Object.entries(configNames).map(([setting, name]) => [
      name as string,
      pythonValue(settings[setting as keyof typeof configNames]),
    ]),
  );
  // An open network is '' for the board's code, not None.
  if (settings['wifi.password'] === undefined) values.set('wifi_passwd', pythonValue(''));
  const body = (await readFile(template, 'utf8')).replace(
    /\{\{ (\w+) \}\}/g,
    (_, name: string) => values.get(name) ?? 'None',
  );
  const text = body + renderExtra(settings.extra);
  const [first = '', ...rest] = text.split('\n');
  return new TextEncoder().encode([first, `# upyw: ${checksum(rest)}`, ...rest].join('\n'));
}

/** Whether a config.py is as provisioning wrote it: what somebody has added to it since is theirs. */
export function isOwnConfig(config: Uint8Array): boolean {
  const [first = '', second = '', ...rest] = new TextDecoder().decode(config).split('\n');
  return first.startsWith(configHeader) && checksumLine.exec(second)?.[1] === checksum(rest);
}

function checksum(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 8);
}

function renderExtra(extra: Readonly<Record<string, ExtraValue>>): string {
  const lines = Object.entries(extra).map(([name, value]) => `${name} = ${pythonValue(value)}\n`);
  return lines.length === 0 ? '' : `\n# From "extra".\n${lines.join('')}`;
}
