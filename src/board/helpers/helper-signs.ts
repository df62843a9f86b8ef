/** The raw REPL's own "the program has ended": what it raised follows. */
export const endedSign = 0x04;
/**
 * A program of ours works on something that takes long. No byte that programs print, or that a line at a wrong rate turns others
 * into (NUL): those are no signs of life.
 */
export const busySign = 0x18;
/**
 * Of the patience with a silent board: so long may one be busy without getting any further. Hashing a file of 4 MB takes a chip
 * some 20 s.
 */
export const busyShare = 60;
