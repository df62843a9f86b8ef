import { homedir } from 'node:os';
import { join } from 'node:path';

/** Looked for in the current folder and upwards to the project's root. No `.ts`: it would load a compiler of 10 MB. */
export const projectPlaces = [
  'package.json',
  ...['', '.json', '.yaml', '.yml', '.js', '.mjs'].map((ending) => `.upywrc${ending}`),
  ...['.js', '.mjs', '.json', '.yaml', '.yml'].map((ending) => `upyw.config${ending}`),
];

/** Looked for likewise: what does not belong into a repository. Nothing in it is ever shown. */
export const secretPlaces = ['.yaml', '.yml', '.json'].map((ending) => `upyw.secrets${ending}`);

/** Looked for in the user's own folder. */
export const userPlaces = ['.json', '.yaml', '.yml', '.js', '.mjs'].map((ending) => `config${ending}`);

/** The folder of the user's own config: `%APPDATA%\upyw` on Windows, else `$XDG_CONFIG_HOME/upyw` or `~/.config/upyw`. */
export function userConfigFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'upyw');
  return join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'upyw');
}
