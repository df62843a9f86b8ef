import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where virtual boards are kept: `UPYW_SIM_DIR`, else the user's state folder by the custom of the system
 * (XDG Base Directory Specification; Apple's and Microsoft's application data folders).
 */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = env['UPYW_SIM_DIR'];
  if (chosen !== undefined && chosen !== '') return chosen;
  return join(userStateFolder(env, platform), 'upyw', 'sim');
}

function userStateFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const home = homedir();
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  const xdg = env['XDG_STATE_HOME'];
  return xdg === undefined || xdg === '' ? join(home, '.local', 'state') : xdg;
}

export function boardFolder(name: string): string {
  return join(stateFolder(), name);
}
