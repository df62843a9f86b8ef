import { isUpywError } from '../errors.js';
import type { RawChannel } from '../rawrepl/raw-repl.js';
import { encodeText } from '../rawrepl/control-bytes.js';

/** The receiver reads so many bytes at a time and says one ACK for them. */
const windowBytes = 32;

/** What device/helpers/receive.py says; 0x04 is the raw REPL's own "the program has ended". */
const sign = { ended: 0x04, ack: 0x06, done: 0x0e, ready: 0x11, refused: 0x15 } as const;
const digestBytes = 32;

/** The longest time without a sign: a flash that tidies itself up may be busy for a while. */
const silenceMs = 3_000;
/** The receiver gives up 2 s after the last byte that it got. */
const receiverGivesUpMs = 3_000;

/** Thrown when the receiver ends on its own: the exception that it raised follows. */
export class ReceiverEnded extends Error {}

export interface UploadListener {
  readonly signal?: AbortSignal | undefined;
  /** The board has taken so many more bytes of files. */
  onDelivered(payloadBytes: number): void;
  /** The next file is in its place; its SHA-256 as the board found it on its flash. */
  onFinished(digest: Uint8Array): void;
}

/**
 * The host's half of the receiver's flow control: never more under way than the board's input ring holds, since what
 * overflows it is lost without a trace. What a program prints from an interrupt is none of the signs and is skipped.
 */
export class UploadSigns {
  readonly #channel: RawChannel;
  readonly #options: UploadListener;
  readonly #stop: Uint8Array;
  #freeWindows: number;
  /** Payload bytes of the windows under way, oldest first. */
  readonly #underWay: number[] = [];
  #finishedFiles = 0;
  #state: 'starting' | 'receiving' | 'refused' | 'ended' = 'starting';

  /** `tag` four times over is the window that stops the receiver. */
  constructor(channel: RawChannel, tag: string, options: UploadListener) {
    this.#channel = channel;
    this.#options = options;
    this.#stop = encodeText(tag.repeat(4));
    this.#freeWindows = Math.floor(channel.inFlightBytes / windowBytes);
  }

  /** How much longer than usual the board may say nothing, because of what it was given to do. */
  extraPatienceMs = 0;

  /** Resolves when the receiver has looked at the files' places, switched Ctrl-C off and listens. */
  async ready(): Promise<void> {
    while (this.#state === 'starting') await this.#hear();
  }

  /** Sends a file's bytes, the last window filled up with zeros, as fast as the board takes them. */
  async send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      await this.#freeWindow();
      const part = bytes.subarray(at, at + this.#freeWindows * windowBytes);
      at += part.length;
      await this.#sendWindows(part, part.length);
    }
  }

  /** Sends the SHA-256 that the file just sent must have: one window, no payload. */
  async sendDigest(digest: Uint8Array): Promise<void> {
    await this.#freeWindow();
    await this.#sendWindows(digest, 0);
  }

  /** Resolves when the board has put so many files in their places. */
  async finished(files: number): Promise<void> {
    while (this.#finishedFiles < files) await this.#hear();
  }

  /**
   * Brings the receiver to its end after `failure`, so that it removes its temporary file and gives Ctrl-C back;
   * afterwards 0x04 and its exception are next to be read. Throws `port/silent` when it does not answer.
   */
  async end(failure: unknown): Promise<void> {
    const { port, reader } = this.#channel;
    const inStep = !isUpywError(failure, 'port/silent') && (await this.#reachesNextWindow());
    if (this.#state === 'ended') return;
    // A receiver that misses bytes sits in the middle of a window: it gets that filled and then notices the silence.
    await port.write(inStep ? this.#stop : new Uint8Array(2 * windowBytes).fill(3));
    await reader.readUntil(Uint8Array.of(sign.ended), {
      timeoutMs: silenceMs + receiverGivesUpMs,
      keep: false,
      onData: () => undefined,
    });
    reader.unread(Uint8Array.of(sign.ended));
  }

  /** Whether the receiver will take what comes next as a window of its own. One that has refused reads on without ACKs. */
  async #reachesNextWindow(): Promise<boolean> {
    try {
      while (this.#state === 'starting' || (this.#state === 'receiving' && this.#freeWindows === 0)) {
        await this.#hear(null);
      }
      return true;
    } catch (error) {
      if (error instanceof ReceiverEnded) return true;
      if (isUpywError(error, 'port/silent')) return false;
      throw error;
    }
  }

  async #freeWindow(): Promise<void> {
    while (this.#freeWindows === 0 || this.#channel.reader.bufferedBytes > 0) await this.#hear();
  }

  async #sendWindows(bytes: Uint8Array, payloadBytes: number): Promise<void> {
    const count = Math.ceil(bytes.length / windowBytes);
    for (let index = 0; index < count; index += 1) {
      this.#underWay.push(Math.max(0, Math.min(windowBytes, payloadBytes - index * windowBytes)));
    }
    this.#freeWindows -= count;
    const windows = new Uint8Array(count * windowBytes);
    windows.set(bytes);
    await this.#channel.port.write(windows);
  }

  async #hear(signal: AbortSignal | null = this.#options.signal ?? null): Promise<void> {
    const { reader } = this.#channel;
    const wait = { timeoutMs: silenceMs + this.extraPatienceMs, signal: signal ?? undefined };
    const [byte] = await reader.read(1, wait);
    switch (byte) {
      case sign.ready:
        if (this.#state === 'starting') this.#state = 'receiving';
        return;
      case sign.ack:
        this.#freeWindows += 1;
        this.#options.onDelivered(this.#underWay.shift() ?? 0);
        return;
      case sign.done:
        this.#finishedFiles += 1;
        this.#options.onFinished(await reader.read(digestBytes, wait));
        return;
      case sign.refused:
        this.#state = 'refused';
        throw new ReceiverEnded();
      case sign.ended:
        this.#state = 'ended';
        reader.unread(Uint8Array.of(sign.ended));
        throw new ReceiverEnded();
      default: // printed by something else
    }
  }
}
