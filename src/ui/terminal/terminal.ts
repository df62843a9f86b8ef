import type { World } from '../../world.js';
import { type InputEvent, InputParser, bracketedPaste } from './input-parser.js';

/** A byte sequence that a key sends arrives at once; what is incomplete after so long was typed by hand. */
const incompleteMs = 50;
/** A console without bracketed paste hands a paste over in pieces, one right after the other. */
const pastePieceMs = 30;

/** The user's terminal in raw mode: every key comes to us, Ctrl-C included. */
export class Terminal {
  readonly #world: World;
  readonly #parser = new InputParser();
  readonly #usesEscapes: boolean;
  #handler: ((event: InputEvent) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pieces: Uint8Array[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#usesEscapes = world.env['TERM'] !== 'dumb';
    world.stdin.setRawMode?.(true);
    world.stdin.on('data', this.#onData);
    // A question that was asked before has paused it.
    world.stdin.resume();
    if (this.#usesEscapes) world.stdout.write(bracketedPaste.on);
  }

  /** Sends events to `handler` until the next call; those that come while there is none are dropped. */
  handle(handler: ((event: InputEvent) => void) | undefined): void {
    this.#handler = handler;
  }

  /** What the board says, as it is. */
  show(bytes: Uint8Array): void {
    this.#world.stdout.write(bytes);
  }

  /** Gives the terminal back as it was. */
  close(): void {
    clearTimeout(this.#timer);
    const { stdin, stdout } = this.#world;
    stdin.off('data', this.#onData);
    stdin.setRawMode?.(false);
    stdin.pause();
    if (this.#usesEscapes) stdout.write(bracketedPaste.off);
  }

  readonly #onData = (chunk: Uint8Array): void => {
    clearTimeout(this.#timer);
    for (const event of this.#parser.push(chunk)) this.#take(event);
    if (this.#pieces.length > 0) this.#timer = setTimeout(this.#endPaste, pastePieceMs);
    else if (this.#parser.isHolding) this.#timer = setTimeout(this.#endSequence, incompleteMs);
  };

  readonly #endPaste = (): void => {
    const pieces = this.#pieces;
    this.#pieces = [];
    if (pieces.length > 0) this.#handler?.({ kind: 'paste', bytes: joined(pieces) });
  };

  readonly #endSequence = (): void => {
    for (const event of this.#parser.flush()) this.#take(event);
  };

  /** Keys right behind a piece of a paste belong to it, unless it is Ctrl-C. */
  #take(event: InputEvent): void {
    if (event.kind === 'paste' || (event.kind === 'keys' && this.#pieces.length > 0 && !isInterrupt(event))) {
      this.#pieces.push(event.bytes);
      return;
    }
    this.#endPaste();
    this.#handler?.(event);
  }
}

/** Ctrl-C among the keys. */
export function isInterrupt(event: InputEvent): boolean {
  return event.kind === 'keys' && event.bytes.includes(0x03);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}
