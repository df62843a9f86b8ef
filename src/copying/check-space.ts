import type { FileStore } from '../board/file-store.js';
import { joinPath } from '../board/board-path.js';
import type { Disk } from '../board/folders.js';
import { UpywError } from '../errors.js';
import type { SyncPlan } from './sync-plan.js';

/** A plan with fewer files is checked by the board itself, block by block, before the first of them is sent. */
const manyFiles = 32;
/** A file may take so much more on the disk than it is long; counted as free once it is gone, so that nothing is refused in vain. */
const slackBytes = 8192;

/**
 * Looks whether all of it will fit, where something would be removed or sent before the board can find that out. Throws
 * `board/no-space`.
 */
export async function checkSpace(
  board: Pick<FileStore, 'disks' | 'currentFolder'>,
  { files, removed }: Pick<SyncPlan, 'files' | 'removed'>,
  signal: AbortSignal,
): Promise<void> {
  if (files.length === 0 || (removed.length === 0 && files.length <= manyFiles)) return;
  const disks = await board.disks({ signal });
  const isRelative = files.some(({ remote }) => !remote.startsWith('/'));
  const here = isRelative ? await board.currentFolder({ signal }) : '/';
  const diskOf = (path: string) => findDisk(disks, path.startsWith('/') ? path : joinPath(here, path));
  const free = new Map(disks.map((disk) => [disk, disk.freeBytes]));
  const add = (disk: Disk | undefined, bytes: number) => {
    if (disk !== undefined) free.set(disk, (free.get(disk) ?? 0) + bytes);
  };
  for (const { path, sizeBytes } of removed) add(diskOf(path), sizeBytes + slackBytes);
  for (const { remote, sizeBytes, oldSizeBytes, change } of files) {
    const disk = diskOf(remote);
    const freeBytes = disk === undefined ? Infinity : (free.get(disk) ?? 0);
    if (sizeBytes > freeBytes) {
      throw new UpywError('board/no-space', { path: remote, neededBytes: sizeBytes, freeBytes });
    }
    add(disk, (change === 'changed' ? oldSizeBytes + slackBytes : 0) - sizeBytes);
  }
}

/** The disk that a path is on: the one mounted deepest. Undefined where none is known. */
function findDisk(disks: readonly Disk[], path: string): Disk | undefined {
  return disks
    .filter((disk) => disk.path === '/' || path.startsWith(`${disk.path}/`))
    .toSorted((left, right) => right.path.length - left.path.length)[0];
}
