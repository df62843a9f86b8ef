import {
  type LoadedSettings,
  type SettingsSources,
  findSettingsFiles,
  loadSettings,
} from '../../src/config/load-settings.js';

/** Where settings are looked for, and what else they are made from. */
export interface SettingsPlace extends Omit<SettingsSources, 'files' | 'flags'> {
  readonly flags?: SettingsSources['flags'];
  readonly cwd: string;
  readonly platform?: NodeJS.Platform;
}

/** The settings in force in a folder. */
export async function loadSettingsIn({
  cwd,
  platform = 'linux',
  flags = {},
  ...others
}: SettingsPlace): Promise<LoadedSettings> {
  const files = await findSettingsFiles({ env: others.env, cwd, platform });
  return loadSettings({ flags, ...others, files });
}
