import type { BoardFacts } from './config/boards/own-values.js';
import {
  type LoadedSettings,
  type SettingsSources,
  findSettingsFiles,
  loadSettings,
} from './config/load-settings.js';
import type { KeyName, Settings } from './config/keys.js';
import type { PortLines } from './transport/port.js';
import { type Once, oncePerRun } from './once.js';
import type { CommandReporter } from './ui/reporter.js';
import type { World } from './world.js';

/** The flags that every command takes, as parsed; those with a setting behind them are in `settings`. */
export interface GlobalFlags {
  /** Each port that was named with `-p`, as typed. The first is in `settings`, too. */
  readonly ports: readonly string[];
  readonly settings: Partial<Settings>;
  /** What is asked for of many boards at once, as typed. */
  readonly fleet: FleetFlags;
  /** Agree to every question. */
  readonly yes: boolean;
  /** Say what would be done, and change nothing. */
  readonly dryRun: boolean;
  /** A board that does not answer otherwise may be reset. */
  readonly mayReset: boolean;
  /** Write everything that goes over the wire to this file. */
  readonly trace?: string;
  /** How DTR and RTS are at rest, where an adapter has one inverted. */
  readonly lines?: Partial<PortLines>;
}

/** The flags that matter to many boards at once, as typed. */
export interface FleetFlags {
  readonly jobs?: string | undefined;
  readonly report?: string | undefined;
  readonly retryFailed?: string | undefined;
  readonly watch?: true | undefined;
  readonly again?: true | undefined;
}

/** Flags of one command that have a setting behind them, as typed. */
export type CommandFlags = Partial<Record<KeyName, string>>;

/** Who tells which board is on a port: MicroPython, which needs no reset, or the chip's loader, which every chip has. */
export type Way = 'prompt' | 'loader';

/** Which of many boards a command works on, where it runs for several at once. */
export interface OneOfMany {
  readonly board: BoardFacts;
  /** How many there are. */
  readonly count: number;
  /** What this board's own files go into here, so that they do not take the place of another's. Undefined: the command line names a place for each. */
  readonly folder: string | undefined;
}

/** All that a command gets besides its own arguments. */
export interface Context {
  readonly world: World;
  readonly reporter: CommandReporter;
  readonly flags: GlobalFlags;
  /** Who is asked first which board is on a port: whom the command needs. */
  readonly way: Way;
  readonly oneOf?: OneOfMany | undefined;
  readonly once: Once;
  /**
   * Looks for config files at the first call: a command without a port does not stumble over them. A call may add flags that
   * only its command has, as typed; they count from there on.
   */
  readonly loadSettings: (words?: CommandFlags) => Promise<LoadedSettings>;
  /** The same for the board with this MAC, whose own values may be others. */
  readonly settingsFor: (mac: string) => Promise<LoadedSettings>;
}

/** What is known of a command and its board before it runs. */
export interface ContextOptions {
  readonly way?: Way | undefined;
  /** Whose settings are in force. */
  readonly mac?: string | undefined;
  readonly oneOf?: OneOfMany;
  /** That of the run, where the board is one of many. */
  readonly once?: Once;
}

/** Puts a context together; settings are read once, or again with a command's own flags, or for a board. */
export function createContext(
  world: World,
  reporter: CommandReporter,
  flags: GlobalFlags,
  { way = 'prompt', mac, oneOf, once = oncePerRun() }: ContextOptions = {},
): Context {
  let loading: Promise<LoadedSettings> | undefined;
  let words: CommandFlags = {};
  const { env } = world;
  const load = async (board: Pick<SettingsSources, 'mac' | 'mayLack'>) => {
    const files = await once('settings files', () => findSettingsFiles(world));
    return loadSettings({ flags: flags.settings, words, ...board, env, files });
  };
  const loadFirst = () => load({ mac, mayLack: true });
  return {
    world,
    reporter,
    flags,
    way,
    oneOf,
    once,
    loadSettings: (more) => {
      if (more !== undefined) {
        words = more;
        loading = loadFirst();
      }
      return (loading ??= loadFirst());
    },
    settingsFor: (board) => load({ mac: board }),
  };
}
