import { Buffer } from 'node:buffer';

const lineFeed = 0x0a;

/** Cuts what a board gives out into whole lines, so that those of many boards do not mix. */
export class OutputLines {
  readonly #write: (line: Uint8Array) => void;
  #begun: Uint8Array[] = [];

  constructor(write: (line: Uint8Array) => void) {
    this.#write = write;
  }

  push(bytes: Uint8Array): void {
    let from = 0;
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, from)) {
      this.#write(Buffer.concat([...this.#begun, bytes.subarray(from, end + 1)]));
      this.#begun = [];
      from = end + 1;
    }
    if (from < bytes.length) this.#begun.push(bytes.slice(from));
  }

  /** A last line without an end gets one. */
  end(): void {
    if (this.#begun.length > 0) this.#write(Buffer.concat([...this.#begun, Uint8Array.of(lineFeed)]));
    this.#begun = [];
  }
}
