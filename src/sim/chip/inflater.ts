import { createInflate } from 'node:zlib';
import { concatBytes } from './bytes.js';

/** A zlib stream that arrives in pieces, inflated as it arrives. */
export class Inflater {
  readonly #stream = createInflate();
  #output: Uint8Array[] = [];
  #ended = false;
  #settle: ((error?: Error) => void) | undefined;

  constructor() {
    this.#stream.on('data', (chunk: Uint8Array) => this.#output.push(chunk));
    this.#stream.on('end', () => {
      this.#ended = true;
      this.#settle?.();
    });
    this.#stream.on('error', (error) => {
      this.#ended = true;
      this.#settle?.(error);
    });
  }

  /** What one more piece inflates to; nothing behind the end of the stream. Rejects when the stream is damaged. */
  async push(piece: Uint8Array): Promise<Uint8Array> {
    if (!this.#ended) await this.#write(piece);
    const output = this.#output;
    this.#output = [];
    return concatBytes(output);
  }

  close(): void {
    this.#ended = true;
    this.#stream.destroy();
  }

  #write(piece: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = (error) => {
        this.#settle = undefined;
        if (error === undefined) resolve();
        else reject(error);
      };
      this.#stream.write(piece, () => {
        // The last output is handed out a turn after the write is reported done.
        setImmediate(() => this.#settle?.());
      });
    });
  }
}
