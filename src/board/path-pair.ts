import { filePath } from './board-path.js';

/** A file or folder, and its new place. */
export interface PathPair {
  readonly from: string;
  readonly to: string;
}

/** Both in their plain form. Throws `board/is-folder` for the root, `board/bad-path`. */
export function filePair({ from, to }: PathPair): PathPair {
  return { from: filePath(from), to: filePath(to) };
}
