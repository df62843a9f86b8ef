import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectPlaces, secretPlaces } from '../../config/places.js';
import { formatUtcOffset } from '../../config/utc-offset.js';
import { passwordMistake, ssidMistake } from '../../config/wifi-values.js';
import { yamlString } from '../../config/yaml-string.js';
import type { Context } from '../../context.js';
import { isUpywError } from '../../errors.js';
import { errorCode, localError } from '../../errors/local-error.js';
import { hasTerminal } from '../../world.js';
import { packageFile } from '../../package-file.js';
import { parseSpec, specText } from '../../packages/spec.js';
import { yamlItems } from '../board/mip/add-packages.js';
import { askFor } from './provision/wifi-settings.js';

const templates = packageFile('templates/');
const configName = 'upyw.config.yaml';
const secretsName = 'upyw.secrets.yaml';
/** Secrets, and backups, which hold what is on a board. */
const ignored = ['upyw.secrets.*', 'esp32*-????-??-??*.bin'];

interface Answers {
  readonly ssid: string | undefined;
  readonly password: string | undefined;
  /** Libraries for the board, as `mip install` takes them. */
  readonly packages: readonly string[];
}

export interface InitOptions {
  /** Given once for each library. */
  readonly package?: readonly string[];
}

/** `upyw init`: a configuration with comments, a file for secrets that git does not take, a first program. Overwrites nothing. */
export async function init(context: Context, options: InitOptions = {}): Promise<void> {
  const { world, reporter, flags } = context;
  const named = (options.package ?? []).map((text) => specText(parseSpec(text)));
  const names = await readdir(world.cwd);
  const hasConfig = projectPlaces.some((place) => place !== 'package.json' && names.includes(place));
  const hasSecrets = secretPlaces.some((place) => names.includes(place));
  const answers = await ask(context, { hasConfig, hasSecrets }, named);
  // What keeps the secrets out of git comes before them.
  const steps = [
    { name: '.gitignore', write: () => addToIgnored(world.cwd, flags.dryRun) },
    { name: secretsName, skip: hasSecrets, text: () => secretsText(answers), mode: 0o600 },
    { name: configName, skip: hasConfig, text: () => configText(answers) },
    { name: 'main.py', skip: names.includes('main.py'), text: () => readTemplate('main.py') },
  ];
  const written: string[] = [];
  const kept: string[] = [];
  for (const { name, skip = false, write, text, mode = 0o666 } of steps) {
    const create = async () => createFile(join(world.cwd, name), (await text?.()) ?? '', mode, flags.dryRun);
    const isWritten = !skip && (await (write ?? create)());
    (isWritten ? written : kept).push(name);
  }
  for (const name of kept) reporter.info(`${name} is there already and stays`);
  const verb = flags.dryRun ? 'would write' : 'wrote';
  const next = `Next: look at ${configName} (the Wi-Fi password goes into ${secretsName}), then upyw provision`;
  const told = written.length === 0 ? 'nothing to write' : `${verb} ${written.join(', ')}`;
  reporter.result({ dryRun: flags.dryRun, written, kept }, flags.dryRun ? told : `${told}\n${next}`);
}

async function ask(
  context: Context,
  there: { hasConfig: boolean; hasSecrets: boolean },
  named: readonly string[],
): Promise<Answers> {
  const isAsked = hasTerminal(context.world) && !context.flags.yes && !context.flags.dryRun;
  const orNothing = (mistakeOf: (text: string) => string | undefined) => (text: string) =>
    text === '' ? undefined : mistakeOf(text);
  const ssid =
    isAsked && !there.hasConfig
      ? await askFor(context, 'Wi-Fi network (SSID; none: later):', 'input', orNothing(ssidMistake))
      : '';
  // A password of no network is nothing to ask for; the network of a configuration that is there already may need one.
  const hasNetwork = ssid !== '' || there.hasConfig;
  const password =
    isAsked && hasNetwork && !there.hasSecrets
      ? await askFor(context, 'Its password (none: later):', 'password', passwordMistake)
      : '';
  const packages =
    isAsked && !there.hasConfig && named.length === 0
      ? wordsIn(await askFor(context, packagesQuestion, 'input', packagesMistake))
      : named;
  const orNone = (text: string) => (text === '' ? undefined : text);
  return { ssid: orNone(ssid), password: orNone(password), packages };
}

const packagesQuestion = 'Libraries for the board, such as umqtt.simple (none: later):';

function wordsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** Whether there are such packages tells the first `mip install`: here, nobody is asked. */
function packagesMistake(text: string): string | undefined {
  try {
    wordsIn(text).forEach(parseSpec);
    return undefined;
  } catch (error) {
    if (!isUpywError(error, 'mip/bad-spec')) throw error;
    return `${error.message}. ${error.hint}`;
  }
}

function readTemplate(name: string): Promise<string> {
  return readFile(new URL(name, templates), 'utf8');
}

async function configText({ ssid, packages }: Answers): Promise<string> {
  const line = ssid === undefined ? '# ssid: my-network' : `ssid: ${yamlString(ssid)}`;
  const offset = yamlString(formatUtcOffset(-new Date().getTimezoneOffset()));
  const text = await readTemplate(configName);
  const items =
    packages.length === 0 ? ['# packages:', '#   - umqtt.simple'] : ['packages:', ...yamlItems(packages)];
  return text
    .replace('{{ ssid }}', () => line)
    .replace('{{ offset }}', () => offset)
    .replace('{{ packages }}', () => items.join('\n'));
}

async function secretsText({ password }: Answers): Promise<string> {
  const line = password === undefined ? "# password: '…'" : `password: ${yamlString(password)}`;
  return (await readTemplate(secretsName)).replace('{{ password }}', () => line);
}

/** Returns whether it was made; a file that is there is left alone, also one that came a moment ago. */
async function createFile(path: string, text: string, mode: number, isDryRun: boolean): Promise<boolean> {
  if (isDryRun) return true;
  try {
    await writeFile(path, text, { flag: 'wx', mode });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw localError(error, path);
  }
}

/** Adds to .gitignore what is not there. */
async function addToIgnored(cwd: string, isDryRun: boolean): Promise<boolean> {
  const path = join(cwd, '.gitignore');
  try {
    const before = await readFile(path, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '';
      throw error;
    });
    const lines = before.split(/\r?\n/);
    const missing = ignored.filter((name) => !lines.some((line) => line.trim() === name));
    if (missing.length === 0) return false;
    const newline = before.includes('\r\n') ? '\r\n' : '\n';
    const gap = before === '' || before.endsWith('\n') ? '' : newline;
    // Appended, so that nothing of it can be lost.
    const added = missing.map((name) => name + newline).join('');
    if (!isDryRun) await writeFile(path, gap + added, { flag: 'a' });
    return true;
  } catch (error) {
    throw localError(error, path);
  }
}
