import { type FileHandle, open } from 'node:fs/promises';
import { targetError } from '../errors/local-error.js';
import { refuseImpossibleName } from './local-name.js';

/** Read and written by its owner only. */
const privateMode = 0o600;

/**
 * A file for what may hold a Wi-Fi password: readable by its owner only, also when it was there before with other permissions.
 * What is no ordinary file (`/dev/stderr`, a pipe) is written to as it is. Throws `file/…`.
 */
export async function openPrivateFile(path: string, { append }: { append: boolean }): Promise<FileHandle> {
  refuseImpossibleName(path);
  let handle: FileHandle | undefined;
  try {
    // Not emptied before it is known to be ours to change.
    handle = await open(path, 'a', privateMode);
    const found = await handle.stat();
    if (!found.isFile()) return handle;
    if ((found.mode & 0o777) !== privateMode) await handle.chmod(privateMode);
    if (!append) await handle.truncate();
    return handle;
  } catch (error) {
    await handle?.close();
    throw targetError(error, path);
  }
}
