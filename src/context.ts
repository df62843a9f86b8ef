import { type LoadedSettings, loadSettings } from './config/load-settings.js';
import type { KeyName, Settings } from './config/keys.js';
import type { PortLines } from './transport/port.js';
import type { CommandReporter } from './ui/reporter.js';
import type { World } from './world.js';

/** The flags that every command takes, as parsed; those with a setting behind them are in `settings`. */
export interface GlobalFlags {
  readonly settings: Partial<Settings>;
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

/** Flags of one command that have a setting behind them, as typed. */
export type CommandFlags = Partial<Record<KeyName, string>>;

/** All that a command gets besides its own arguments. */
export interface Context {
  readonly world: World;
  readonly reporter: CommandReporter;
  readonly flags: GlobalFlags;
  /**
   * Looks for config files at the first call: a command without a port does not stumble over them. A call may add flags that
   * only its command has, as typed; they count from there on.
   */
  readonly loadSettings: (words?: CommandFlags) => Promise<LoadedSettings>;
}

/** Puts a context together; settings are read once, or again with a command's own flags. */
export function createContext(world: World, reporter: CommandReporter, flags: GlobalFlags): Context {
  let loading: Promise<LoadedSettings> | undefined;
  const load = (words: CommandFlags) => {
    const { env, cwd, platform } = world;
    return loadSettings({ flags: flags.settings, words, env, cwd, platform });
  };
  return {
    world,
    reporter,
    flags,
    loadSettings: (words) => {
      if (words !== undefined) loading = load(words);
      return (loading ??= load({}));
    },
  };
}
