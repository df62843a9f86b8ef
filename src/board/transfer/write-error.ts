import { UpywError, isUpywError } from '../../errors.js';
import { parentPath } from '../board-path.js';
import { fileError } from '../file-errors.js';
import type { FileToWrite } from './upload-content.js';

/** What the receivers say about a file: its index where it is not simply the next one, and for ENOSPC the numbers. */
export function writeError(
  error: unknown,
  batch: readonly Pick<FileToWrite, 'path'>[],
  finished: number,
): unknown {
  if (!isUpywError(error, 'board/exception')) return error;
  const [, errno = '', numbers] =
    /^OSError: \[Errno (\d+)\] \w+(?:: (\d+(?:, \d+)*))?/.exec(error.details.exception) ?? [];
  const [index = finished, neededBytes, freeBytes] = numbers?.split(', ').map(Number) ?? [];
  const path = batch[index]?.path ?? '';
  if (errno === '28' && neededBytes !== undefined && freeBytes !== undefined) {
    return new UpywError('board/no-space', { path, neededBytes, freeBytes }, { cause: error });
  }
  // A target need not be there, but its folder must, and be one.
  if (errno === '2' && parentPath(path) !== '') {
    return new UpywError('board/not-found', { path: parentPath(path), asFolder: true }, { cause: error });
  }
  return fileError(error, errno === '20' ? parentPath(path) : path);
}
