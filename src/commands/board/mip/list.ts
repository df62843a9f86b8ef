import { joinPath } from '../../../board/board-path.js';
import type { Context } from '../../../context.js';
import { withFiles } from '../../../connecting/open-files.js';
import { boardPath } from '../../../copying/board-operand.js';
import type { PackageState } from '../../../packages/board-state.js';
import { changedSince } from '../../../packages/install.js';
import type { InstalledPackage } from '../../../packages/installed.js';
import { formatTable } from '../../../ui/format.js';
import { shownPath } from '../../../ui/shown-path.js';
import { lookAtPackages } from './look.js';

export interface MipTargetOption {
  readonly target?: string;
}

/** `upyw mip list`: what upyw has installed, from where, and what has become of it. */
export async function mipList(context: Context, options: MipTargetOption): Promise<void> {
  const { world, reporter } = context;
  const target = options.target === undefined ? undefined : boardPath(options.target, world.platform);
  const state = await withFiles(context, (store, live) =>
    lookAtPackages(context, { store, live }, { target }),
  );
  const packages = state.installed.packages.map((each) => ({ ...each, ...conditionOf(state, each) }));
  if (packages.length === 0) reporter.info(`upyw has installed no packages in ${shownPath(state.target)}`);
  const rows = packages.map(({ name, version, from, asked, changed, missing }) => [
    name,
    version ?? '',
    asked ? '' : 'needed',
    [...changed.map((path) => `${path} changed`), ...missing.map((path) => `${path} is gone`)].join(', ') ||
      'as installed',
    from,
  ]);
  reporter.result({ target: state.target, packages }, formatTable(rows));
}

function conditionOf(
  state: PackageState,
  { files }: InstalledPackage,
): { changed: string[]; missing: string[] } {
  const changed = changedSince(state);
  const paths = files.map(({ path }) => path);
  const at = (path: string) => joinPath(state.target, path);
  return {
    changed: paths.filter((path) => changed.has(at(path))),
    missing: paths.filter((path) => state.found.get(at(path)) === undefined),
  };
}
