import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, localError } from '../../errors/local-error.js';

export { localError };

/** What is at a path of this computer; undefined: nothing. Throws `file/…` when it cannot even be looked at. */
export async function localKind(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw localError(error, path);
  }
}

/** A whole file. Throws `file/…`. */
export async function readLocalFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw localError(error, path);
  }
}

/**
 * Puts a file in place in one step: whoever looks sees the old one or the whole new one. The new one keeps the old one's
 * permissions; a link keeps pointing where it did; what is no ordinary file (`/dev/null`, a pipe) is written to directly.
 * Throws `file/…`, with nothing left behind.
 */
export async function writeLocalFile(
  path: string,
  bytes: Uint8Array,
  options: { mode?: number } = {},
): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const existing = await stat(target).catch(() => undefined);
    if (existing?.isFile() === false && !existing.isDirectory()) {
      await writeFile(target, bytes);
      return;
    }
    await replaceFile(
      target,
      bytes,
      options.mode ?? (existing === undefined ? undefined : existing.mode & 0o777),
    );
  } catch (error) {
    throw localError(error, path);
  }
}

async function replaceFile(target: string, bytes: Uint8Array, mode: number | undefined): Promise<void> {
  const temporary = join(dirname(target), `.upyw-${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(temporary, 'wx', mode);
    await writeAndSync(handle, bytes, mode);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeAndSync(handle: FileHandle, bytes: Uint8Array, mode: number | undefined): Promise<void> {
  try {
    // Creating it went through the umask; the mode asked for is meant as it is.
    if (mode !== undefined) await handle.chmod(mode);
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
