import type { Context } from '../../../context.js';
import type { SyncOnceOptions } from '../../../copying/sync-once.js';
import type { SyncPlan } from '../../../copying/sync-plan.js';
import { UpywError } from '../../../errors.js';
import { firstOf } from '../../../ui/describe-files.js';
import { shownPath } from '../../../ui/shown-path.js';
import { hasTerminal } from '../../../world.js';
import { copyOptions } from '../copy-options.js';

/** A sync on behalf of a command: with its bars, and a question before something is removed. */
export function syncOptions(context: Context): SyncOnceOptions {
  return {
    ...copyOptions(context, 'sync'),
    dryRun: context.flags.dryRun,
    beforeRemoval: (plan) => confirmRemoval(context, plan),
  };
}

/** Asks where somebody can answer, with all that goes by its name; a script does what it was told. Throws `usage/declined`. */
async function confirmRemoval({ world, flags, reporter }: Context, { removed }: SyncPlan): Promise<void> {
  if (flags.yes || !hasTerminal(world)) return;
  reporter.info(`Not in the folder here, and to be removed from the board:`);
  for (const { path, type } of removed) reporter.info(`  ${shownPath(path)}${type === 'folder' ? '/' : ''}`);
  const what = `remove ${firstOf(removed.map(({ path }) => shownPath(path)))} from the board`;
  if (await world.prompts.confirm(`This will ${what}. Go on?`)) return;
  throw new UpywError('usage/declined', { what });
}
