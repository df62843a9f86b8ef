import type { BoardEntry } from './folders.js';

/** What tells whether a file has the content that somebody has in mind. */
export interface FileHash {
  readonly sizeBytes: number;
  /** Of the content on the board's flash, in hex; undefined where this firmware cannot compute it: unknown, not equal to any. */
  readonly sha256: string | undefined;
}

/** What is at a path; undefined: nothing. */
export type Finding = FileHash | 'folder' | undefined;

export interface Inspection {
  /** One for each path that was asked about. */
  readonly found: readonly Finding[];
  /** What is below the folder besides. */
  readonly others: readonly BoardEntry[];
}
