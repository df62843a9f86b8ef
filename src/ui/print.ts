import type { Output } from '../world.js';

/** Where words of our own are said before there is a reporter: help, the version. */
export interface Page {
  /** How wide it is, in characters, where that is known. */
  readonly columns?: number | undefined;
  readonly print: (text: string) => void;
}

/** Stdout as a page. */
export function pageOn(stdout: Output): Page {
  return { columns: stdout.columns, print: (text) => void stdout.write(text) };
}
