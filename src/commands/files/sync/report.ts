import type { Context } from '../../../context.js';
import { formatBytes, formatCount } from '../../../ui/format.js';
import { printableName } from '../../../printable.js';
import { shownPath } from '../../../ui/shown-path.js';
import type { SyncPlan } from '../../../copying/sync-plan.js';
import type { SyncJob } from '../../../copying/sync-once.js';

/** File by file what would be done. */
export function tellPlan({ reporter }: Context, { removed, folders, files }: SyncPlan): void {
  for (const { path, type } of removed) {
    reporter.info(`would remove ${shownPath(path)}${type === 'folder' ? '/' : ''}`);
  }
  for (const folder of folders) reporter.info(`would make the folder ${shownPath(folder)}`);
  for (const { local, remote, sizeBytes, change } of files) {
    reporter.info(
      `would put ${printableName(local)} to ${shownPath(remote)} (${change}, ${formatBytes(sizeBytes)})`,
    );
  }
}

/** `1 new, 2 changed, 46 unchanged, 3 removed`; only what there is. */
export function summary({ removed, folders, files, unchanged }: SyncPlan, dryRun: boolean): string {
  const countOf = (change: string) => files.filter((file) => file.change === change).length;
  const counts: [number, string][] = [
    [countOf('new'), 'new'],
    [countOf('changed'), 'changed'],
    [unchanged.length, 'unchanged'],
    [folders.length, `new ${folders.length === 1 ? 'folder' : 'folders'}`],
    [removed.length, dryRun ? 'to be removed' : 'removed'],
  ];
  const told = counts.filter(([count]) => count > 0);
  if (told.length === 1 && unchanged.length > 0) {
    return `everything is the same: ${formatCount(unchanged.length, 'file')}`;
  }
  return told.map(([count, what]) => `${count} ${what}`).join(', ') || 'nothing to do';
}

/** Whether anything was, or would be, done. */
export function hasWork({ removed, folders, files }: SyncPlan): boolean {
  return removed.length + folders.length + files.length > 0;
}

/** The document for `--json`. */
export function resultOf({ root, destination }: SyncJob, plan: SyncPlan, dryRun: boolean): object {
  const { removed, folders, files, unchanged } = plan;
  return {
    folder: root,
    destination,
    removed: removed.map(({ path }) => path),
    folders,
    files: files.map(({ local, remote, sizeBytes, change }) => ({ local, remote, sizeBytes, change })),
    unchanged,
    dryRun,
  };
}
