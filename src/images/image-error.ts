import { UpywError } from '../errors.js';
import { namedPath } from '../board/board-path.js';
import { FatError } from '../fat/fat-error.js';
import { LittlefsError } from '../littlefs/littlefs-error.js';

/** What went wrong in an image's file system as the error that a board's would be, about the path that was asked for. */
export function imageError(error: unknown, image: string, asked: string): unknown {
  if (error instanceof UpywError) return placed(error as UpywError, image);
  if (!(error instanceof LittlefsError || error instanceof FatError)) return error;
  const details = { path: namedPath(asked), image };
  const cause = { cause: error };
  switch (error.code) {
    case 'not-found':
      return new UpywError('board/not-found', details, cause);
    case 'exists':
      return new UpywError('board/exists', details, cause);
    case 'not-a-folder':
      return new UpywError('board/not-a-folder', details, cause);
    case 'is-folder':
      return new UpywError('board/is-folder', details, cause);
    case 'not-empty':
      return new UpywError('board/not-empty', details, cause);
    case 'no-space':
      return new UpywError('board/no-space', details, cause);
    case 'bad-name':
    case 'refused':
      return new UpywError('board/bad-path', { path: details.path, reason: error.message }, cause);
    case 'corrupt':
      return new UpywError('image/damaged', { path: image, problem: error.message }, cause);
  }
}

/** Our own errors about a path do not know in which image that is. */
function placed(error: UpywError, image: string): UpywError {
  if (!error.code.startsWith('board/') || 'image' in error.details) return error;
  return new UpywError(
    error.code,
    { ...error.details, image },
    {
      cause: error.cause,
    },
  );
}
