const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** Turns the board's `\r\n` into `\n`, also where the two come in different chunks. A `\r` alone stays. */
export class NewlineConverter {
  #heldBack = false;

  /** @param write Gets the converted bytes; never called with none. */
  constructor(private readonly write: (bytes: Uint8Array) => void) {}

  push(bytes: Uint8Array): void {
    const converted = new Uint8Array(bytes.length + 1);
    let length = 0;
    for (const byte of bytes) {
      if (this.#heldBack && byte !== lineFeed) converted[length++] = carriageReturn;
      this.#heldBack = byte === carriageReturn;
      if (!this.#heldBack) converted[length++] = byte;
    }
    if (length > 0) this.write(converted.subarray(0, length));
  }

  /** Lets go of a `\r` that nothing followed. */
  end(): void {
    if (this.#heldBack) this.write(Uint8Array.of(carriageReturn));
    this.#heldBack = false;
  }
}
