/** The raw REPL's own "the program has ended": what it raised follows. */
export const endedSign = 0x04;
/**
 * A program of ours works on something that takes long. No byte that programs print, or that a line at a wrong rate turns others
 * into (NUL): those are no signs of life.
 */
export const busySign = 0x18;
