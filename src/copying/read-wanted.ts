import { isUpywError } from '../errors.js';
import { hashLocalFile } from '../local/hash-local.js';
import { IgnoreRules } from '../local/ignore-rules.js';
import { identityOf, localKind, noFolder } from '../local/local-files.js';
import { type ReadOptions, readLocalFolder } from '../local/read-folder.js';
import type { Wanted } from './sync-plan.js';

/** A folder of this computer as it is now, without what is ignored. */
export interface ReadFolder extends Wanted {
  readonly rules: IgnoreRules;
}

/** While one folder comes after the other, so often. */
const attempts = 3;

/**
 * Reads and hashes a folder. A file that vanishes meanwhile is not there; a folder that does is no empty one: `file/not-found`, or
 * the one that came in its place is read. Throws `file/…`.
 */
export async function readWanted(
  root: string,
  options: ReadOptions & {
    readonly transform?: ((read: ReadFolder) => Promise<ReadFolder>) | undefined;
  } = {},
): Promise<ReadFolder> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await identityOf(root);
    const read = await readOnce(root, options);
    const after = await identityOf(root);
    if (after === undefined) throw noFolder(root, await localKind(root));
    if (after === before || attempt === attempts) return options.transform?.(read) ?? read;
  }
}

async function readOnce(root: string, options: ReadOptions): Promise<ReadFolder> {
  const rules = new IgnoreRules();
  const { folders, files, skipped } = await readLocalFolder(root, rules, options);
  const hashed = [];
  for (const file of files) {
    const hash = await hashLocalFile(file.local).catch((error: unknown) => {
      if (isUpywError(error, 'file/not-found')) return undefined;
      throw error;
    });
    if (hash !== undefined) hashed.push({ ...file, ...hash });
  }
  return { folders, files: hashed, skipped, rules };
}
