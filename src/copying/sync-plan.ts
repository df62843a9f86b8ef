import { joinPath, parentPath } from '../board/board-path.js';
import type { BoardEntry } from '../board/folders.js';
import type { FileHash, Finding, Inspection } from '../board/inspection.js';
import { UpywError } from '../errors.js';
import type { LocalHash } from '../local/hash-local.js';
import type { FileToPut } from './put-plan.js';
import type { LocalFile, LocalFolder } from '../local/read-folder.js';

/** What a folder of the board is to hold. Paths are from that folder on. */
export interface Wanted extends Pick<LocalFolder, 'folders' | 'skipped'> {
  readonly files: readonly (LocalFile & LocalHash & Pick<FileToPut, 'content'>)[];
}

/** A file that the board has otherwise, or not at all. */
export interface FileToSync extends FileToPut {
  readonly change: 'new' | 'changed';
  /** What it takes the place of. */
  readonly oldSizeBytes: number;
}

/** What `sync` will do, in this order: remove, make folders, write. */
export interface SyncPlan {
  /** Everything that goes, also what is in folders that go. */
  readonly removed: readonly BoardEntry[];
  /** The same, without what goes with its folder. */
  readonly removals: readonly string[];
  readonly folders: readonly string[];
  readonly files: readonly FileToSync[];
  readonly unchanged: readonly FileToPut[];
}

/** Whether something that is only on the board stays there. The path is from the destination on. */
export type Keeps = (path: string, kind: BoardEntry['type']) => boolean;

/** The paths to ask the board about, in the order in which `makePlan` expects the findings. */
export function questions(destination: string, { folders, files }: Wanted): string[] {
  return [
    destination,
    ...[...folders, ...files.map(({ path }) => path)].map((path) => joinPath(destination, path)),
  ];
}

/**
 * What makes the folder on the board hold what is wanted. Without `keeps` nothing there is removed. Throws
 * `board/in-the-way` for a folder in the place of a file and the reverse, `board/not-a-folder` for the destination.
 */
export function makePlan(
  destination: string,
  wanted: Wanted,
  { found, others }: Inspection,
  keeps: Keeps | undefined,
): SyncPlan {
  const [there, ...findings] = found;
  const folders = wanted.folders.map((path, index) => ({
    path: joinPath(destination, path),
    finding: findings[index],
  }));
  const files = wanted.files.map(({ local, path, sizeBytes, sha256, content }, index) => ({
    file: {
      ...{ local, remote: joinPath(destination, path), sizeBytes },
      ...(content === undefined ? {} : { content }),
    },
    finding: findings[wanted.folders.length + index],
    sha256,
  }));
  if (there !== 'folder' && there !== undefined) {
    throw new UpywError('board/not-a-folder', { path: destination });
  }
  const inTheWay = [
    ...folders.flatMap(({ path, finding }) => entryInTheWay(path, finding, 'folder')),
    ...files.flatMap(({ file, finding }) => entryInTheWay(file.remote, finding, 'file')),
  ];
  const removed = chooseRemoved(destination, others, inTheWay, keeps);
  const isSame = ({ finding, sha256 }: (typeof files)[number]) => hashOf(finding)?.sha256 === sha256;
  return {
    ...removed,
    folders: [
      ...(there === undefined ? [destination] : []),
      ...folders.filter(({ finding }) => finding !== 'folder').map(({ path }) => path),
    ],
    files: files
      .filter((each) => !isSame(each))
      .map(({ file, finding }) => {
        const old = hashOf(finding);
        return {
          ...file,
          change: old === undefined ? 'new' : 'changed',
          oldSizeBytes: old?.sizeBytes ?? 0,
        };
      }),
    unchanged: files.filter(isSame).map(({ file }) => file),
  };
}

/** What two attempts did in all: what the second found done was done by the first. */
export function together(first: SyncPlan, second: SyncPlan): SyncPlan {
  const done = new Set(second.unchanged.map(({ remote }) => remote));
  const sent = first.files.filter(({ remote }) => done.has(remote));
  const sentNames = new Set(sent.map(({ remote }) => remote));
  return {
    removed: [...first.removed, ...second.removed],
    removals: [...first.removals, ...second.removals],
    folders: [...first.folders, ...second.folders],
    files: [...sent, ...second.files],
    unchanged: second.unchanged.filter(({ remote }) => !sentNames.has(remote)),
  };
}

function hashOf(finding: Finding): FileHash | undefined {
  return finding === 'folder' ? undefined : finding;
}

function entryInTheWay(path: string, finding: Finding, wanted: BoardEntry['type']): BoardEntry[] {
  const type = finding === undefined || finding === 'folder' ? finding : 'file';
  if (type === undefined || type === wanted) return [];
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [{ name, path, type, sizeBytes: hashOf(finding)?.sizeBytes ?? 0 }];
}

/** What goes: all that need not stay, and folders only where nothing in them stays. */
function chooseRemoved(
  destination: string,
  others: readonly BoardEntry[],
  inTheWay: readonly BoardEntry[],
  keeps: Keeps | undefined,
): Pick<SyncPlan, 'removed' | 'removals'> {
  const below = destination === '' || destination === '/' ? destination.length : destination.length + 1;
  const all = [...others, ...inTheWay];
  const stays = all.filter(({ path, type }) => keeps?.(path.slice(below), type) ?? true);
  const held = new Set(stays.flatMap(({ path }) => [path, ...foldersAbove(path)]));
  const obstacle = inTheWay.find(({ path }) => held.has(path));
  if (obstacle !== undefined) {
    throw new UpywError('board/in-the-way', { path: obstacle.path, found: obstacle.type });
  }
  const removed = all.filter(({ path }) => !held.has(path));
  const gone = new Set(removed.map(({ path }) => path));
  return {
    removed: removed.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
    removals: removed.map(({ path }) => path).filter((path) => !gone.has(parentPath(path))),
  };
}

function foldersAbove(path: string): string[] {
  const above = parentPath(path);
  return above === '' || above === '/' ? [] : [above, ...foldersAbove(above)];
}
