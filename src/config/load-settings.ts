import { type NamedBoard, type NamedBoards, boardNamed, loadBoards } from './boards/load-boards.js';
import { boardNameIn } from './boards/board-name.js';
import { type OwnValue, listOwn } from './boards/list-own.js';
import { type BoardFacts, hasOwnValues } from './boards/own-values.js';
import {
  type Finding,
  type Findings,
  type Origin,
  checkAll,
  fromContent,
  keyNames,
  keyOf,
  mayBeOwn,
} from './check-settings.js';
import { type ConfigFile, findConfigFile } from './find-files.js';
import { type KeyName, type Settings, keys } from './keys.js';
import { projectPlaces, secretPlaces, userConfigFolder, userPlaces } from './places.js';
import { boardSecrets } from './boards/board-secrets.js';

export type { Origin } from './check-settings.js';

/** The settings in force, and where each came from. */
export interface LoadedSettings {
  readonly values: Settings;
  readonly origins: Readonly<Record<KeyName, Origin>>;
  /** The project's config file, where there is one: what belongs to the project lies beside it. */
  readonly projectPath: string | undefined;
  /** The board that they are for; undefined: for any. */
  readonly board: KnownBoard | undefined;
  /** They may be others once the board is known. */
  readonly mayDiffer: boolean;
  /** What of them is the board's own. */
  readonly own: readonly OwnValue[];
}

/** A board of which at least the MAC is known. */
export interface KnownBoard extends BoardFacts {
  readonly mac: string;
  /** Where its entry says that it is: to look there first, never to believe it. */
  readonly port?: string | undefined;
}

/** What settings are made from. */
export interface SettingsSources {
  /** Checked when they were parsed. */
  readonly flags: Partial<Settings>;
  /** Flags of one command, as typed. */
  readonly words?: Partial<Record<KeyName, string>>;
  /** Whose settings they are to be, where that is known. */
  readonly mac?: string | undefined;
  /** What the board has not may stand there as it is written: nobody has asked for it yet. */
  readonly mayLack?: boolean | undefined;
  readonly env: Environment;
  readonly files: SettingsFiles;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The files that settings come from, as they were found. */
export interface SettingsFiles {
  readonly secrets: ConfigFile | undefined;
  readonly project: ConfigFile | undefined;
  readonly user: ConfigFile | undefined;
  readonly named: NamedBoards;
}

/** Looks for the files that settings come from. Throws `config/unreadable`, `config/invalid`, `name/…`. */
export async function findSettingsFiles(place: {
  readonly env: Environment;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
}): Promise<SettingsFiles> {
  const { env, cwd, platform } = place;
  const [secrets, project, user, named] = await Promise.all([
    findConfigFile(cwd, secretPlaces, 'upwards'),
    findConfigFile(cwd, projectPlaces, 'upwards'),
    findConfigFile(userConfigFolder(env, platform), userPlaces, 'only here'),
    loadBoards(cwd),
  ]);
  return { secrets, project, user, named };
}

/**
 * Flag over environment over what is the board's own (its secrets, its entry in upyw.boards.yaml) over the project's secrets over project
 * over user over default, key by key. A file is checked as a whole, even where something stronger overrules it: a mistake in it is better
 * heard of now. Where the port is a board's name, the settings are that board's.
 * @throws UpywError `config/invalid`, `config/unknown-key`, `config/unreadable`, `config/no-own-value`, `name/unknown`
 */
export async function loadSettings(sources: SettingsSources): Promise<LoadedSettings> {
  const { project, named } = sources.files;
  const common = merge(await commonLayers(sources, undefined));
  for (const board of named.boards) await ownLayers(sources, board);
  const entry = findEntry(named, sources.mac, common.values.port);
  const mac = entry?.mac ?? sources.mac;
  if (mac === undefined || (entry === undefined && sources.mayLack === true)) {
    const isOwn = keyNames.some((key) => mayBeOwn(key) && hasOwnValues(common.values[key]));
    return {
      ...common,
      projectPath: project?.path,
      board: mac === undefined ? undefined : { mac },
      mayDiffer: isOwn || named.boards.length > 0,
      own: [],
    };
  }
  return settingsOf(sources, entry ?? { mac });
}

function findEntry(named: NamedBoards, mac: string | undefined, port: string): NamedBoard | undefined {
  if (mac !== undefined) return named.boards.find((board) => board.mac === mac);
  const name = boardNameIn(port);
  return name === undefined ? undefined : boardNamed(named, name);
}

async function settingsOf(
  sources: SettingsSources,
  board: NamedBoard | Pick<NamedBoard, 'mac'>,
): Promise<LoadedSettings> {
  const own = 'name' in board ? await ownLayers(sources, board) : [];
  const layers = await commonLayers(sources, board);
  // Flags, a command's words and the environment are stronger than any file.
  const merged = merge([...layers.slice(0, 3), ...own.map(withoutPort), ...layers.slice(3)]);
  const facts = 'name' in board ? { name: board.name, index: board.index } : {};
  const port = own.flatMap((layer) => layer.get('port')?.value ?? [])[0] as string | undefined;
  const shown = listOwn(own.map(withoutPort), layers);
  return {
    ...merged,
    projectPath: sources.files.project?.path,
    board: { mac: board.mac, ...facts, port },
    mayDiffer: false,
    own: shown,
  };
}

/** Who is on the port is still to be seen. */
function withoutPort(layer: Findings): Findings {
  return new Map([...layer].filter(([name]) => name !== 'port'));
}

/** All but what is one board's own, the strongest first: flags, a command's words, the environment, and then files. */
async function commonLayers(sources: SettingsSources, board: BoardFacts | undefined): Promise<Findings[]> {
  const { flags, words = {}, env } = sources;
  const { secrets, project, user } = sources.files;
  return [
    fromFlags(flags),
    await checkAll(fromFlags(words), board),
    await checkAll(fromEnvironment(env), board),
    await checkAll(fromFile(secrets && withoutBoards(secrets), 'secrets'), board),
    await checkAll(fromFile(project, 'project'), board),
    await checkAll(fromFile(user, 'user'), board),
  ];
}

/** What one board alone has: its secrets, then its entry among the boards. */
async function ownLayers({ files }: SettingsSources, board: NamedBoard): Promise<Findings[]> {
  const { secrets, named } = files;
  const { name, settings } = board;
  const hidden = secrets && boardSecrets(secrets, name);
  const origin = { kind: 'board', name: named.path ?? '' } as const;
  return [
    ...(hidden === undefined || secrets === undefined
      ? []
      : [await checkAll(fromContent(hidden, { kind: 'secrets', name: secrets.path }, name), board)]),
    await checkAll(fromContent(settings, origin, name), board),
  ];
}

function withoutBoards({ path, content }: ConfigFile): ConfigFile {
  return { path, content: Object.fromEntries(Object.entries(content).filter(([key]) => key !== 'boards')) };
}

function merge(layers: readonly Findings[]): Pick<LoadedSettings, 'values' | 'origins'> {
  const findings = keyNames.map((name) => {
    const found = layers.flatMap((layer) => layer.get(name) ?? []);
    const [strongest = { value: keys[name].default, origin: { kind: 'default', name: '' } } as const] = found;
    if (keyOf(name).joined !== true) return [name, strongest] as const;
    const objects = found.map(({ value }) => value as object).reverse();
    return [name, { ...strongest, value: Object.assign({}, ...objects) as unknown }] as const;
  });
  return {
    values: Object.fromEntries(findings.map(([name, { value }]) => [name, value])) as unknown as Settings,
    origins: Object.fromEntries(findings.map(([name, { origin }]) => [name, origin])) as Record<
      KeyName,
      Origin
    >,
  };
}

function fromFlags(flags: Partial<Record<KeyName, unknown>>): Findings {
  const findings = new Map<KeyName, Finding>();
  for (const name of keyNames) {
    const value = flags[name];
    if (value !== undefined)
      findings.set(name, { value, origin: { kind: 'flag', name: keyOf(name).flag ?? name } });
  }
  return findings;
}

/** An empty variable counts as not set, as is usual. */
function fromEnvironment(env: Environment): Findings {
  const findings = new Map<KeyName, Finding>();
  for (const name of keyNames) {
    const variable = keyOf(name).env?.find((candidate) => (env[candidate] ?? '') !== '');
    if (variable !== undefined) {
      findings.set(name, { value: env[variable], origin: { kind: 'environment', name: variable } });
    }
  }
  return findings;
}

function fromFile(file: ConfigFile | undefined, kind: 'secrets' | 'project' | 'user'): Findings {
  return file === undefined ? new Map() : fromContent(file.content, { kind, name: file.path });
}
