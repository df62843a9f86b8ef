import type { KeyName } from '../config/keys.js';
import type { Context, Way } from '../context.js';

/** A line to copy, and what it does where that is not plain. */
export interface Example {
  readonly line: string;
  readonly what?: string;
}

/** A flag of one command, in commander's notation: `-l, --long`, `--size <bytes>`, `--no-turbo`. */
export interface OptionDefinition {
  readonly flags: string;
  readonly what: string;
  readonly byDefault?: string;
}

/** Of the flags that every command takes, one that matters to some. */
export type CommonFlag = '--port' | '--baud' | '--yes' | '--dry-run' | '--json';

/**
 * All that is known of a command before it runs, as data: from it come the command line, each help and docs/commands.md. `--yes` among its `flags` says
 * that it may ask, `--dry-run` that it changes something and can tell what, `--json` that what it prints is for programs, too.
 */
export interface CommandDefinition {
  /** Name and arguments: `get <remote...>`. */
  readonly call: string;
  /** In a line, for the list of all. */
  readonly summary: string;
  /** For its own help, where that says more. */
  readonly description?: string;
  readonly alias?: string;
  /** Where the arguments' own form says too little. */
  readonly usage?: string;
  readonly note?: string;
  readonly options?: readonly OptionDefinition[];
  readonly examples: readonly Example[];
  readonly flags: readonly CommonFlag[];
  /** Which settings it reads, besides those of the port. */
  readonly settings?: readonly KeyName[];
  /**
   * It makes sense for many boards at once. Then it runs once for each, and this is who tells which board is on a port; or it takes the names
   * of many ports itself.
   */
  readonly many?: Way | 'itself';
  /** Loads the command and performs it, with its arguments and then its options. Without it the command only has others below it. */
  readonly run?: (context: Context, ...given: never[]) => Promise<void>;
  readonly commands?: readonly CommandDefinition[];
}

/** Commands that stand together in the help. */
export interface CommandGroup {
  /** Undefined: they have no heading of their own. */
  readonly title?: string;
  readonly commands: readonly CommandDefinition[];
}

/** The long flags of a command and of those below it. */
export function ownFlags({ options = [], commands = [] }: CommandDefinition): string[] {
  const own = options.flatMap(({ flags }) => /--[-a-z0-9]+/.exec(flags) ?? []);
  return [...own, ...commands.flatMap(ownFlags)];
}

/** `sync` of `sync <folder> [dest]`. */
export function nameOf({ call }: CommandDefinition): string {
  return call.split(' ', 1)[0] ?? call;
}
