import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { UpywError } from '../../errors.js';
import type { RawChannel } from '../../rawrepl/raw-repl.js';
import { protocolError } from '../../rawrepl/send-code.js';
import { busyShare, busySign, endedSign } from '../helpers/helper-signs.js';
import { restartText } from '../restart-text.js';

/** What device/helpers/send.py sends, besides the sign that it is busy. */
const frameKinds = { piece: 0x0e, digest: 0x0f, size: 0x11 } as const;
const headerBytes = 3;
const crcBytes = 4;
/** The sender's buffer: a larger length was garbled on its way. */
const maxContentBytes = 1024;

export interface DownloadFrame {
  readonly kind: keyof typeof frameKinds;
  readonly content: Uint8Array;
}

/** Takes apart what device/helpers/send.py sends. Between frames, what a program prints from an interrupt is skipped. */
export class DownloadFrames {
  readonly #channel: RawChannel;
  readonly #signal: AbortSignal | undefined;
  readonly #silenceMs: number;
  readonly #msPerByte: number;
  /** Over all frames so far. */
  #crc = 0;
  #heardAt = performance.now();
  /** When the last frame came. */
  #advancedAt = performance.now();

  /** `patienceMs`: half of the longest silence, as a board that reads its flash may keep. */
  constructor(channel: RawChannel, patienceMs: number, signal: AbortSignal | undefined) {
    this.#channel = channel;
    this.#silenceMs = 1.9 * patienceMs;
    this.#signal = signal;
    // Ten bits a byte; twice that, since a board shares its time.
    this.#msPerByte = 20_000 / channel.port.baudRate;
  }

  /**
   * The next frame, or `undefined` when the program on the board has ended. Throws `rawrepl/protocol` for one that was
   * garbled, `run/restarted`, `port/silent`.
   */
  async next(): Promise<DownloadFrame | undefined> {
    const kind = await this.#nextKind();
    if (kind === undefined) return undefined;
    const header = Uint8Array.of(frameKinds[kind], ...(await this.#read(headerBytes - 1)));
    const countBytes = (header[1] ?? 0) + (header[2] ?? 0) * 256;
    if (countBytes > maxContentBytes) throw protocolError(this.#channel, 'a piece of the file');
    const rest = await this.#read(countBytes + crcBytes);
    const content = rest.subarray(0, countBytes);
    this.#crc = crc32(content, crc32(header, this.#crc));
    if (this.#crc !== Buffer.from(rest).readUInt32LE(countBytes)) {
      throw protocolError(this.#channel, 'an undamaged piece of the file');
    }
    this.#heardAt = this.#advancedAt = performance.now();
    return { kind, content };
  }

  /** Skips what is no frame; however much of it comes, it is no sign of life. */
  async #nextKind(): Promise<DownloadFrame['kind'] | undefined> {
    const { reader } = this.#channel;
    for (;;) {
      const [byte = 0] = await this.#read(1);
      const found = Object.entries(frameKinds).find(([, sign]) => sign === byte);
      if (found !== undefined) return found[0] as DownloadFrame['kind'];
      if (byte === endedSign) {
        reader.unread(Uint8Array.of(endedSign));
        return undefined;
      }
      const isCredible = performance.now() - this.#advancedAt < busyShare * this.#silenceMs;
      if (byte === busySign && isCredible) this.#heardAt = performance.now();
      if (restartText.test(Buffer.from(reader.tail).toString('latin1')))
        throw new UpywError('run/restarted', {});
      if (reader.bufferedBytes === 0 && performance.now() - this.#heardAt > this.#silenceMs) {
        throw protocolError(this.#channel, 'a piece of the file');
      }
    }
  }

  #read(count: number): Promise<Uint8Array> {
    const timeoutMs = this.#silenceMs + count * this.#msPerByte;
    return this.#channel.reader.read(count, { timeoutMs, signal: this.#signal });
  }
}
