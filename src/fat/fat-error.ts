import type * as FatFs from 'js-fatfs';

/**
 * - `corrupt`: there is no FAT file system, or it is damaged
 * - `not-found`, `exists`, `not-a-folder`, `is-folder`, `not-empty`: of a path, as in every file system
 * - `no-space`: the file system is full
 * - `bad-name`: FAT has no such name; or a folder would move into itself
 * - `refused`: it may only be read
 */
export type FatErrorCode =
  | 'corrupt'
  | 'not-found'
  | 'exists'
  | 'not-a-folder'
  | 'is-folder'
  | 'not-empty'
  | 'no-space'
  | 'bad-name'
  | 'refused';

export class FatError extends Error {
  override readonly name = 'FatError';

  constructor(
    readonly code: FatErrorCode,
    what: string,
    /** Undefined where it is about the file system. */
    readonly path?: string,
    options?: ErrorOptions,
  ) {
    super(what, options);
  }
}

/** What a result of FatFs says. */
export function fatProblem(names: typeof FatFs, result: number, path?: string): FatError {
  const named = path ?? 'the disk';
  switch (result) {
    case names.FR_NO_FILE:
    case names.FR_NO_PATH:
      return new FatError('not-found', `there is no ${named}`, path);
    case names.FR_INVALID_NAME:
      return new FatError('bad-name', `${named}: FAT has no such name`, path);
    case names.FR_EXIST:
      return new FatError('exists', `${named} is there already`, path);
    case names.FR_DENIED:
    case names.FR_WRITE_PROTECTED:
      return new FatError('refused', `${named} may only be read`, path);
    case names.FR_MKFS_ABORTED:
      return new FatError('no-space', 'FAT cannot be made on a disk of this size', path);
    case names.FR_NO_FILESYSTEM:
      return new FatError('corrupt', 'there is no FAT', path);
    default:
      return new FatError('corrupt', `the FAT is damaged (FatFs: ${result})`, path);
  }
}
