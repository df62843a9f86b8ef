import type { FleetView } from '../../fleet/fleet-view.js';
import type { World } from '../../world.js';
import { loadChalk, wantsColor } from '../create-reporter.js';
import type { ReporterOptions } from '../reporter.js';
import { JsonFleetView } from './json-fleet-view.js';
import { LiveLines } from './live-lines.js';
import { TextFleetView } from './text-fleet-view.js';

/** What tells of many boards as the user asked for it. Lines move only where nothing else writes to the same terminal, as `tee` would. */
export async function createFleetView(
  world: Pick<World, 'stdout' | 'stderr' | 'env' | 'now'>,
  options: ReporterOptions,
): Promise<FleetView> {
  const { stdout, stderr, env, now } = world;
  const { quiet, verbose } = options;
  if (options.json) return new JsonFleetView({ stdout, verbose, now });
  const chalk = wantsColor(world, options) ? await loadChalk() : undefined;
  const moves = stdout.isTTY === true && stderr.isTTY === true && !quiet && env['TERM'] !== 'dumb';
  const live = moves ? await LiveLines.start({ stream: stderr, now, chalk }) : undefined;
  return new TextFleetView({ stdout, stderr, quiet, verbose, chalk, live });
}
