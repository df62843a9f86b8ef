import { UpywError } from '../errors.js';
import { errnoOf } from '../rawrepl/board-exception.js';
import { namedPath } from './board-path.js';

/**
 * The typed form of an `OSError` that a file operation of ours met at `path`; any other error as it is. MicroPython's
 * numbers are those of py/mperrno.h on every port, littlefs's the same (lfs.h).
 */
export function fileError(error: unknown, path: string): unknown {
  const shown = namedPath(path);
  const cause = { cause: error };
  switch (errnoOf(error)) {
    case 2: // ENOENT
      return new UpywError('board/not-found', { path: shown }, cause);
    case 19: // ENODEV: nothing is mounted there
      return new UpywError('board/no-file-system', { path: shown }, cause);
    case 17: // EEXIST
      return new UpywError('board/exists', { path: shown }, cause);
    case 20: // ENOTDIR
      return new UpywError('board/not-a-folder', { path: shown }, cause);
    case 21: // EISDIR
      return new UpywError('board/is-folder', { path: shown }, cause);
    case 22: // EINVAL
      return new UpywError(
        'board/bad-path',
        { path: shown, reason: 'it has characters that its file system does not take' },
        cause,
      );
    case 28: // ENOSPC
      return new UpywError('board/no-space', { path: shown }, cause);
    case 13: // EACCES: FAT's read-only flag
    case 30: // EROFS
      return new UpywError('board/read-only', { path: shown }, cause);
    case 36: // ENAMETOOLONG
      return new UpywError('board/bad-path', { path: shown, reason: 'a name in it is too long' }, cause);
    case 39: // ENOTEMPTY
      return new UpywError('board/not-empty', { path: shown }, cause);
    default:
      return error;
  }
}

/** Runs one file operation and throws its `OSError` as the typed error about `path`. */
export async function atPath<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error, path);
  }
}
