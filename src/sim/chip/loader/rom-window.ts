const windowSizeBytes = 0x8000;

/** A piece of flash to be programmed. */
export interface WindowPiece {
  readonly bytes: Uint8Array;
  /** How many of them the stream yielded; what follows was left in RAM by an earlier window. */
  readonly freshBytes: number;
}

/**
 * The 32 KiB of RAM into which the ROM inflates. It programs them when they are full, and at the end of a stream once more in whole:
 * so up to 28 KiB behind the region get what an earlier window left there, where programming clears bits that nobody erased.
 * Seen on the mask ROM of a revision 3; a stub does not do it.
 */
export class RomWindow {
  readonly #bytes = new Uint8Array(windowSizeBytes);
  #filledBytes = 0;

  /** A new stream begins at the start of the window. */
  begin(): void {
    this.#filledBytes = 0;
  }

  /** Takes what was inflated; returns what is to be programmed now. */
  push(inflated: Uint8Array, isEnd: boolean): WindowPiece[] {
    const pieces: WindowPiece[] = [];
    for (let taken = 0; taken < inflated.length;) {
      const part = inflated.subarray(taken, taken + windowSizeBytes - this.#filledBytes);
      this.#bytes.set(part, this.#filledBytes);
      this.#filledBytes += part.length;
      taken += part.length;
      if (this.#filledBytes === windowSizeBytes) pieces.push(this.#writeOut());
    }
    if (isEnd && this.#filledBytes > 0) pieces.push(this.#writeOut());
    return pieces;
  }

  #writeOut(): WindowPiece {
    const piece = { bytes: this.#bytes.slice(), freshBytes: this.#filledBytes };
    this.#filledBytes = 0;
    return piece;
  }
}
