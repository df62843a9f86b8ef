import { explainException } from '../../../errors/explain-exception.js';

const newline = 0x0a;
/** More of a line is not looked at: no exception that is explained needs it. */
const maxLineBytes = 500;

/** A piece of what the board said, and what to say right after it. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly note?: string;
}

/**
 * Watches what a board says for tracebacks that say little about their cause. Nothing is changed or held back: the pieces
 * together are what came in, cut behind the last line of such a traceback.
 */
export class TracebackNotes {
  #line: number[] = [];
  /** The lines of the traceback that is being printed. */
  #traceback: string[] | undefined;

  push(bytes: Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    let from = 0;
    for (const [index, byte] of bytes.entries()) {
      if (byte !== newline) {
        if (this.#line.length < maxLineBytes) this.#line.push(byte);
        continue;
      }
      const note = this.#endLine();
      if (note === undefined) continue;
      pieces.push({ bytes: bytes.subarray(from, index + 1), note });
      from = index + 1;
    }
    if (from < bytes.length) pieces.push({ bytes: bytes.subarray(from) });
    return pieces;
  }

  #endLine(): string | undefined {
    const line = new TextDecoder().decode(Uint8Array.from(this.#line)).trimEnd();
    this.#line = [];
    if (line.endsWith('Traceback (most recent call last):')) {
      this.#traceback = [];
      return undefined;
    }
    if (this.#traceback === undefined) return undefined;
    const isPlace = line.startsWith('  ');
    // The last two are all that counts.
    const traceback = [...this.#traceback.slice(-1), line];
    this.#traceback = isPlace ? traceback : undefined;
    return isPlace ? undefined : explainException(traceback.join('\n'));
  }
}
