import type { FileStore } from '../board/file-store.js';
import { IgnoreRules } from '../local/ignore-rules.js';
import { type ReadOptions, type Skipped, readLocalFolder } from '../local/read-folder.js';
import type { CopyOptions } from './copy-options.js';
import { refuseOneName } from './one-name.js';
import type { PutPlan } from './put-plan.js';
import { writeLocalFiles } from './write-local-files.js';

/** What a folder of this computer brings to a store that has nothing yet, and what of it stays here. */
export interface FolderToPut extends PutPlan {
  readonly skipped: readonly Skipped[];
}

/** All that is in a folder, without what is ignored; each at the same path from the store's root on. Throws `file/…`. */
export async function readFolderToPut(root: string, options: ReadOptions): Promise<FolderToPut> {
  const { folders, files, skipped } = await readLocalFolder(root, new IgnoreRules(), options);
  return { folders, files: files.map((file) => ({ ...file, remote: file.path })), skipped };
}

/** Throws `file/…`, `board/…`. */
export async function putFolder(
  store: FileStore,
  { folders, files }: PutPlan,
  options: CopyOptions,
): Promise<void> {
  await refuseOneName(store, { folders, files: files.map(({ remote }) => remote) }, options.signal);
  await store.makeFolders(folders, { parents: true });
  await writeLocalFiles(store, files, options);
}
