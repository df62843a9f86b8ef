import { Buffer } from 'node:buffer';
import { protocolError } from '../rawrepl/send-code.js';
import type { RawChannel } from '../rawrepl/raw-repl.js';

/** What device/helpers/send.py says; 0x04 is the raw REPL's own "the program has ended". */
const sign = { ended: 0x04, piece: 0x0e, file: 0x11 } as const;
const digestBytes = 32;
/** The sender's buffer: a larger length was garbled on its way. */
const maxPieceBytes = 2048;
/** The longest silence of a board that reads its flash. */
const silenceMs = 3_000;

export interface SentFile {
  readonly bytes: Uint8Array;
  /** As the board computed it. */
  readonly sha256: string;
}

/** Takes apart what device/helpers/send.py sends. Between frames, what a program prints from an interrupt is skipped. */
export class DownloadFrames {
  readonly #channel: RawChannel;
  readonly #signal: AbortSignal | undefined;
  readonly #msPerByte: number;

  constructor(channel: RawChannel, signal: AbortSignal | undefined) {
    this.#channel = channel;
    this.#signal = signal;
    // Ten bits a byte; twice that, since a board shares its time.
    this.#msPerByte = 20_000 / channel.port.baudRate;
  }

  /** The next file, or `undefined` when the program on the board has ended. `onBytes` hears of each piece's length. */
  async next(onBytes: (count: number) => void): Promise<SentFile | undefined> {
    if (!(await this.#skipTo(sign.file))) return undefined;
    // The size may have been garbled too: nothing is allocated on its word.
    const sizeBytes = await this.#number(4);
    const pieces: Uint8Array[] = [];
    let doneBytes = 0;
    for (;;) {
      if (!(await this.#skipTo(sign.piece))) return undefined;
      const count = await this.#number(2);
      if (count === 0) break;
      if (count > maxPieceBytes) throw protocolError(this.#channel, 'a piece of the file');
      pieces.push(await this.#read(count));
      doneBytes += count;
      onBytes(count);
    }
    if (doneBytes !== sizeBytes) throw protocolError(this.#channel, `${sizeBytes} bytes of the file`);
    return {
      bytes: Buffer.concat(pieces),
      sha256: Buffer.from(await this.#read(digestBytes)).toString('hex'),
    };
  }

  async #skipTo(wanted: number): Promise<boolean> {
    for (;;) {
      const [byte] = await this.#read(1);
      if (byte === wanted) return true;
      if (byte !== sign.ended) continue;
      this.#channel.reader.unread(Uint8Array.of(sign.ended));
      return false;
    }
  }

  /** Little endian. */
  async #number(byteCount: number): Promise<number> {
    const bytes = await this.#read(byteCount);
    return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
  }

  #read(count: number): Promise<Uint8Array> {
    const timeoutMs = silenceMs + count * this.#msPerByte;
    return this.#channel.reader.read(count, { timeoutMs, signal: this.#signal });
  }
}
