import type { World } from '../world.js';
import { JsonReporter } from './json-reporter.js';
import type { CommandReporter, ReporterOptions } from './reporter.js';
import { TextReporter } from './text-reporter.js';

/** What of a world a reporter needs. */
type ReporterWorld = Pick<World, 'stdout' | 'stderr' | 'env' | 'now'>;

/** The reporter that fits what the user asked for and what the streams can show. */
export async function createReporter(
  world: ReporterWorld,
  options: ReporterOptions,
): Promise<CommandReporter> {
  const { stdout, stderr, now } = world;
  const { quiet, verbose } = options;
  if (options.json) return new JsonReporter({ stdout, stderr, verbose });
  const chalk = wantsColor(world, options) ? await loadChalk() : undefined;
  return new TextReporter({ stdout, stderr, now, quiet, verbose, chalk });
}

/** Colours: only on a terminal, never with `--no-color` or a non-empty `NO_COLOR` (https://no-color.org). */
export function wantsColor({ stderr, env }: ReporterWorld, { color }: ReporterOptions): boolean {
  return color && stderr.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

/** Loaded only where there are colours. */
export async function loadChalk() {
  const { Chalk } = await import('chalk');
  return new Chalk({ level: 1 });
}
