import { dirname } from 'node:path';
import { UpywError } from '../errors.js';

/** An error of Node's file functions in our words. */
export function localError(error: unknown, path: string): UpywError {
  if (error instanceof UpywError) return error as UpywError;
  const cause = { cause: error };
  switch (errorCode(error)) {
    case 'ENOENT':
      return new UpywError('file/not-found', { path }, cause);
    case 'EISDIR':
      return new UpywError('file/is-folder', { path }, cause);
    case 'EEXIST': // of mkdir
      return new UpywError('file/not-a-folder', { path }, cause);
    case 'ENOTDIR':
      return new UpywError('file/not-a-folder', { path: dirname(path) }, cause);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new UpywError('file/permission', { path }, cause);
    case 'ENOSPC':
    case 'EDQUOT':
      return new UpywError('file/no-space', { path }, cause);
    default:
      return new UpywError('file/failed', { path, reason: reasonOf(error) }, cause);
  }
}

/** The same for a file that was to be made: what is missing is the folder for it. */
export function targetError(error: unknown, path: string): UpywError {
  return errorCode(error) === 'ENOENT'
    ? new UpywError('file/not-found', { path: dirname(path), asFolder: true }, { cause: error })
    : localError(error, path);
}

/** Of an error of Node's: `ENOENT`, … */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
