import { constants, Inflate } from 'pako';
import { concatBytes } from '../bytes.js';

/** A zlib stream that arrives in pieces, inflated as it arrives. (Node's own inflater does not tell where a stream ends.) */
export class Inflater {
  readonly #inflate = new Inflate();
  #output: Uint8Array[] = [];
  /** zlib's, once the stream has ended or turned out to be damaged. */
  #endStatus: number | undefined;

  constructor() {
    this.#inflate.onData = (chunk) => {
      this.#output.push(new Uint8Array(chunk));
    };
    this.#inflate.onEnd = (status) => {
      this.#endStatus = status;
    };
  }

  /** Nothing more comes. */
  get hasEnded(): boolean {
    return this.#endStatus === constants.Z_OK;
  }

  /** What one more piece inflates to; nothing behind the end of the stream. Throws when the stream is damaged. */
  push(piece: Uint8Array): Uint8Array {
    if (this.#endStatus === undefined) this.#inflate.push(piece, constants.Z_SYNC_FLUSH);
    if (this.#endStatus !== undefined && !this.hasEnded) throw new Error(`zlib status ${this.#endStatus}`);
    const output = this.#output;
    this.#output = [];
    return concatBytes(output);
  }
}
