/**
 * - `corrupt`: what is on the flash is no littlefs, or is damaged there
 * - `not-found`, `exists`, `not-a-folder`, `is-folder`, `not-empty`: of a path, as in every file system
 * - `no-space`: the file system is full
 * - `bad-name`: empty, too long, or with a slash in it; or a folder would move into itself
 */
export type LittlefsErrorCode =
  'corrupt' | 'not-found' | 'exists' | 'not-a-folder' | 'is-folder' | 'not-empty' | 'no-space' | 'bad-name';

export interface LittlefsErrorDetails {
  readonly path?: string;
  /** Where on the flash it is, in blocks. */
  readonly block?: number;
}

export class LittlefsError extends Error {
  override readonly name = 'LittlefsError';
  readonly path: string | undefined;
  readonly block: number | undefined;

  constructor(
    readonly code: LittlefsErrorCode,
    what: string,
    { path, block }: LittlefsErrorDetails = {},
  ) {
    super(what);
    this.path = path;
    this.block = block;
  }
}

/** Damage, with the path of what it hits where that is known. */
export function corrupt(what: string, block: number): LittlefsError {
  return new LittlefsError('corrupt', `${what} (block ${block})`, { block });
}

/** The same failure, told with the path that it is about. */
export function atPath(error: unknown, path: string): unknown {
  if (!(error instanceof LittlefsError)) return error;
  const place = { path, ...(error.block === undefined ? {} : { block: error.block }) };
  return new LittlefsError(error.code, `${path}: ${error.message}`, place);
}
