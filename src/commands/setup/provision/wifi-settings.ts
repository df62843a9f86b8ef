import { stat } from 'node:fs/promises';
import { UpywError } from '../../../errors.js';
import type { LoadedSettings } from '../../../config/load-settings.js';
import { passwordMistake, ssidMistake } from '../../../config/wifi-values.js';
import type { CommandFlags, Context } from '../../../context.js';
import { settingWarnings } from '../../../provision/setting-warnings.js';
import { hasTerminal } from '../../../world.js';
import { readText } from '../../../local/stdin-text.js';

/** The flags of `upyw provision` that stand for settings, as typed. */
export interface SettingFlags {
  readonly ssid?: string;
  readonly password?: string;
  readonly passwordStdin?: true;
  readonly hostname?: string;
  readonly country?: string;
  readonly ntpHost?: string;
  readonly utcOffset?: string;
  readonly apiUrl?: string;
  readonly pinBtn1?: string;
  readonly pinBtn2?: string;
  readonly pinLed?: string;
  readonly pinAdc?: string;
}

/** The settings to provision a board with, and what is to be said about them. Throws as `loadWifiSettings` does. */
export async function provisionSettings(context: Context, flags: SettingFlags): Promise<LoadedSettings> {
  const { reporter } = context;
  const loaded = await loadWifiSettings(context, flags);
  if (loaded.values['wifi.ssid'] === undefined) return loaded;
  for (const warning of settingWarnings(loaded, (flags.password ?? '') !== '')) reporter.warn(warning);
  if ((loaded.values['wifi.password'] ?? '') === '') reporter.info('no password: an open network');
  return loaded;
}

/**
 * The settings with a network in them: from flags, environment and files, or from who sits at the terminal and may want none. Throws
 * `usage/no-ssid`, `usage/arguments`, `config/…`.
 */
async function loadWifiSettings(context: Context, flags: SettingFlags): Promise<LoadedSettings> {
  const words = await wordsOf(context, flags);
  const loaded = await context.loadSettings(words);
  await warnOfReaders(context, loaded);
  const { world, flags: globals } = context;
  const mayAsk = hasTerminal(world) && !globals.yes;
  const given = loaded.values['wifi.ssid'];
  if (given === undefined && !mayAsk) throw new UpywError('usage/no-ssid', {});
  const orNone = (answer: string) => (answer === '' ? undefined : ssidMistake(answer));
  const ssid =
    given ??
    (await askFor(context, "Wi-Fi network (SSID; none: the workshop's code alone):", 'input', orNone));
  if (ssid === '') return loaded;
  const question = `Password of ${JSON.stringify(ssid)} (none: open network):`;
  const password =
    loaded.values['wifi.password'] ??
    (mayAsk ? await askFor(context, question, 'password', passwordMistake) : undefined);
  // As if they had been typed: settings that are read again for a board have them, too.
  return context.loadSettings({
    ...words,
    ...(given === undefined ? { 'wifi.ssid': ssid } : {}),
    ...(loaded.values['wifi.password'] === undefined && password !== undefined
      ? { 'wifi.password': password }
      : {}),
  });
}

/** Asks until the answer can be one. */
export async function askFor(
  { world, reporter }: Pick<Context, 'world' | 'reporter'>,
  question: string,
  kind: 'input' | 'password',
  mistakeOf: (answer: string) => string | undefined,
): Promise<string> {
  for (;;) {
    const answer = await world.prompts[kind](question);
    const mistake = mistakeOf(answer);
    if (mistake === undefined) return answer;
    reporter.warn(mistake);
  }
}

async function wordsOf(context: Context, flags: SettingFlags): Promise<CommandFlags> {
  const password = flags.passwordStdin === true ? await passwordFromStdin(context, flags) : flags.password;
  const words = {
    'wifi.ssid': flags.ssid,
    'wifi.password': password,
    'wifi.hostname': flags.hostname,
    'wifi.country': flags.country,
    'ntp.host': flags.ntpHost,
    'ntp.utc_offset': flags.utcOffset,
    'api.base_url': flags.apiUrl,
    'pins.pin_btn1': flags.pinBtn1,
    'pins.pin_btn2': flags.pinBtn2,
    'pins.pin_led': flags.pinLed,
    'pins.pin_adc': flags.pinAdc,
  };
  const given = Object.entries(words).filter(([, word]) => word !== undefined);
  return Object.fromEntries(given);
}

/** Without the line end that `echo` and editors add. */
async function passwordFromStdin({ world }: Context, { password }: SettingFlags): Promise<string> {
  const command = 'upyw provision';
  if (password !== undefined) {
    throw new UpywError('usage/arguments', {
      problem: '--password and --password-stdin cannot go together',
      command,
    });
  }
  if (world.stdin.isTTY === true) {
    const problem = '--password-stdin takes the password from a pipe or a file, and there is none';
    throw new UpywError('usage/arguments', { problem, command });
  }
  const text = (await readText(world.stdin, world.signal)).replace(/^\uFEFF/, '').replace(/\r?\n$/, '');
  const problem = stdinMistake(text) ?? passwordMistake(text);
  if (problem !== undefined) {
    const instead =
      "Give --password-stdin one line with the password (upyw provision --password-stdin < FILE). An open network: --password ''";
    throw new UpywError('config/invalid', {
      source: '--password-stdin',
      key: 'wifi.password',
      problem,
      instead,
    });
  }
  return text;
}

/** Why it is no text with a password in it. An empty file is rather a slip than an open network. */
function stdinMistake(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.includes('\uFFFD')) return 'is not UTF-8 text';
  return /[\r\n]/.test(text) && !text.includes('\0') ? 'should be one line, not several' : undefined;
}

/** A file for secrets that others may read is no file for secrets. */
async function warnOfReaders({ world, reporter }: Context, { origins }: LoadedSettings): Promise<void> {
  const names = Object.values(origins).flatMap(({ kind, name }) => (kind === 'secrets' ? [name] : []));
  const [path] = names;
  if (path === undefined || world.platform === 'win32') return;
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0)
    reporter.warn(`other accounts of this computer may read ${path}: chmod 600 ${path}`);
}
