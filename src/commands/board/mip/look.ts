import type { FileStore } from '../../../board/file-store.js';
import type { LiveBoard } from '../../../connecting/open-files.js';
import type { Context } from '../../../context.js';
import { type PackageState, type StateOptions, readState } from '../../../packages/board-state.js';
import { shownPath } from '../../../ui/shown-path.js';

/**
 * Looks at what is installed. What a cut cable or power left in the middle of an installation is brought to its end, and that is told; a dry run only
 * tells. Throws `mip/…`, `board/…`.
 */
export async function lookAtPackages(
  { flags, reporter, world }: Context,
  { store, live }: { readonly store: FileStore; readonly live: LiveBoard | undefined },
  options: Pick<StateOptions, 'target' | 'names'>,
): Promise<PackageState> {
  const { signal } = world;
  const state = await readState(store, live?.board, { ...options, changesNothing: flags.dryRun, signal });
  const where = shownPath(state.target);
  if (state.wasFinished === true)
    reporter.warn(`an installation in ${where} had been cut off; its last files are in their places now`);
  else if (state.waiting === 'all')
    reporter.warn(`an installation in ${where} was cut off; upyw mip list, without -n, brings it to its end`);
  return state;
}
