import { joinPath, parentPath } from '../../../board/board-path.js';
import type { FileStore } from '../../../board/file-store.js';
import { nearest } from '../../../config/nearest.js';
import type { Context } from '../../../context.js';
import { withFiles } from '../../../connecting/open-files.js';
import { boardPath } from '../../../copying/board-operand.js';
import { UpywError, isUpywError } from '../../../errors.js';
import type { PackageState } from '../../../packages/board-state.js';
import { changedSince, install } from '../../../packages/install.js';
import { type Installed, neededBy, withoutPackages } from '../../../packages/installed.js';
import { packageKey, parseSpec } from '../../../packages/spec.js';
import { confirmLoss } from '../../../ui/confirm-loss.js';
import { firstOf } from '../../../ui/describe-files.js';
import { shownPath } from '../../../ui/shown-path.js';
import { copyOptions } from '../../files/copy-options.js';
import type { MipTargetOption } from './list.js';
import { lookAtPackages } from './look.js';

/** `upyw mip remove NAME…`: packages, and what was there for them alone. */
export async function mipRemove(
  context: Context,
  names: readonly string[],
  options: MipTargetOption,
): Promise<void> {
  const { flags, reporter, world } = context;
  const target = options.target === undefined ? undefined : boardPath(options.target, world.platform);
  const keys = names.map((name) => packageKey(parseSpec(name)));
  const result = await withFiles(context, async (store, live) => {
    const state = await lookAtPackages(context, { store, live }, { target });
    const after = withoutNamed(state, keys);
    const gone = state.installed.packages.filter(
      ({ name }) => !after.packages.some((each) => each.name === name),
    );
    const removed = filesOf(state, after);
    if (!flags.dryRun) {
      await confirmChanged(context, state, removed);
      const plan = {
        target: state.target,
        written: [],
        unchanged: [],
        removed,
        changedSince: [],
        installed: after,
      };
      await install(store, live?.board, plan, copyOptions(context, 'remove'));
      await removeEmpty(store, state.target, removed);
    }
    return { target: state.target, packages: gone.map(({ name }) => name), removed };
  });
  const verb = flags.dryRun ? 'would remove' : 'removed';
  for (const name of result.packages) reporter.info(`${verb} ${name}`);
  if (flags.dryRun) for (const path of result.removed) reporter.info(`would remove ${shownPath(path)}`);
  reporter.result({ ...result, dryRun: flags.dryRun });
}

/** Throws `mip/not-installed`, `mip/needed`. */
function withoutNamed({ installed, target }: PackageState, names: readonly string[]): Installed {
  const known = installed.packages.map(({ name }) => name);
  const leaving = new Set(names);
  for (const name of names) {
    if (!known.includes(name)) {
      const near = nearest(name, known);
      throw new UpywError('mip/not-installed', { name, target, ...(near === undefined ? {} : { near }) });
    }
    const by = neededBy(installed, name, leaving);
    if (by.length > 0) throw new UpywError('mip/needed', { name, by });
  }
  return withoutPackages(installed, leaving);
}

/** The files that no package has any more, as far as they are there. */
function filesOf({ installed, target, found }: PackageState, after: Installed): string[] {
  const pathsIn = ({ packages }: Installed) =>
    packages.flatMap(({ files }) => files.map(({ path }) => joinPath(target, path)));
  const staying = new Set(pathsIn(after));
  return pathsIn(installed).filter((path) => !staying.has(path) && found.get(path) !== undefined);
}

async function confirmChanged(
  context: Context,
  state: PackageState,
  removed: readonly string[],
): Promise<void> {
  const changed = changedSince(state);
  const lost = removed.filter((path) => changed.has(path));
  if (lost.length === 0) return;
  const names = firstOf(lost.map(shownPath));
  context.reporter.warn(`${names} on the board was changed after it was installed`);
  await confirmLoss(context, `remove ${names}`, 'What it holds now will be lost.');
}

/** Folders that have nothing in them any more, the deepest first. */
async function removeEmpty(store: FileStore, target: string, removed: readonly string[]): Promise<void> {
  const folders = new Set<string>();
  for (const path of removed)
    for (let folder = parentPath(path); folder.length > target.length; folder = parentPath(folder))
      folders.add(folder);
  for (const folder of [...folders].toSorted((left, right) => right.length - left.length)) {
    await store.removeFolder(folder).catch((error: unknown) => {
      if (!isUpywError(error, 'board/not-empty', 'board/not-found')) throw error;
    });
  }
}
