import type { Context } from '../../context.js';
import { formatBytes, formatTable } from '../../ui/format.js';
import { withFiles } from '../../connecting/open-files.js';

/** `upyw df`: space on the board's file systems. */
export async function df(context: Context): Promise<void> {
  const disks = await withFiles(context, (board) => board.disks({ signal: context.world.signal }));
  const rows = disks.map(({ path, totalBytes, freeBytes }) => {
    const usedBytes = totalBytes - freeBytes;
    const share = totalBytes > 0 ? Math.round((usedBytes / totalBytes) * 100) : 0;
    return [path, formatBytes(totalBytes), formatBytes(usedBytes), formatBytes(freeBytes), `${share} %`];
  });
  const header = ['mount', 'size', 'used', 'free', 'use'];
  context.reporter.result({ disks }, formatTable([header, ...rows], [1, 2, 3, 4]));
}
