import { UpywError } from '../../errors.js';
import type { Port } from '../../transport/port.js';
import { quoteBytes } from '../../transport/quote-bytes.js';
import type { Quiet } from './quiet.js';
import { encodeSlip, SlipDecoder } from './slip.js';

const tailSizeBytes = 512;

interface Waiter {
  resolve(frame: Uint8Array): void;
  reject(error: Error): void;
}

/**
 * SLIP frames over a port, with deadlines. One reader at a time. All waits end at once when the port closes (`port/lost`)
 * or when `signal` aborts (`run/interrupted`), so that nothing built on it can hang.
 */
export class FrameChannel {
  readonly port: Port;
  /** Called when the first byte of a frame is here; reading flash acknowledges that early. */
  onFrameStart: (() => void) | undefined;
  readonly #unsubscribe: () => void;
  readonly #decoder: SlipDecoder;
  #frames: Uint8Array[] = [];
  #waiter: Waiter | undefined;
  #closed: { readonly reason: Error | undefined } | undefined;
  #signal: AbortSignal | undefined;
  #tail = new Uint8Array(0);
  #heardAtMs = 0;

  constructor(port: Port, signal?: AbortSignal) {
    this.port = port;
    this.#decoder = new SlipDecoder({
      frame: (payload) => {
        this.#deliver(payload);
      },
      start: () => this.onFrameStart?.(),
    });
    this.#unsubscribe = port.subscribe({
      data: (bytes) => {
        this.#heardAtMs = performance.now();
        this.#remember(bytes);
        this.#decoder.push(bytes);
      },
      close: (reason) => {
        this.#closed = { reason };
        this.#waiter?.reject(this.#lostError());
      },
    });
    this.signal = signal;
  }

  get signal(): AbortSignal | undefined {
    return this.#signal;
  }

  /** Ends every wait from now on. Operations set theirs and put back what was there. */
  set signal(signal: AbortSignal | undefined) {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
  }

  /** The last bytes received, as text: the boot messages of a board that did not enter its loader. */
  get tailText(): string {
    return new TextDecoder('latin1').decode(this.#tail);
  }

  /** The last few bytes received, quoted for a message. */
  get lastBytes(): string {
    return quoteBytes(this.#tail.subarray(-64));
  }

  /** Whether a frame, or the first bytes of one, is here unread. */
  get hasFrame(): boolean {
    return this.#frames.length > 0 || this.#decoder.isInFrame;
  }

  /** Throws `run/interrupted` or `port/lost` where going on makes no sense. */
  check(): void {
    if (this.#signal?.aborted === true) throw new UpywError('run/interrupted', {});
    if (this.#closed !== undefined) throw this.#lostError();
  }

  /** Encodes and writes one frame. */
  async send(payload: Uint8Array): Promise<void> {
    await this.sendEncoded(encodeSlip(payload));
  }

  /** Writes a frame that is encoded already. */
  async sendEncoded(frame: Uint8Array): Promise<void> {
    this.check();
    await this.port.write(frame);
  }

  /** The next frame. Throws `loader/silent` after `timeoutMs`. */
  receive(timeoutMs: number): Promise<Uint8Array> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise((resolve, reject) => {
      this.check();
      const timer = setTimeout(() => {
        const lastBytes = this.lastBytes;
        this.#waiter?.reject(
          new UpywError('loader/silent', { port: this.port.name, waitedMs: timeoutMs, lastBytes }),
        );
      }, timeoutMs);
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiter = undefined;
        settle();
      };
      this.#waiter = {
        resolve: (arrived) => {
          finish(() => {
            resolve(arrived);
          });
        },
        reject: (error) => {
          finish(() => {
            reject(error);
          });
        },
      };
    });
  }

  /** Forgets what has arrived. */
  flush(): void {
    this.#frames = [];
    this.#decoder.reset();
  }

  /** Waits until the line is quiet, and forgets what came. */
  async drain({ quietMs, mostMs }: Quiet): Promise<void> {
    const startMs = performance.now();
    for (;;) {
      this.check();
      const nowMs = performance.now();
      const quietSinceMs = nowMs - Math.max(this.#heardAtMs, startMs);
      const leftMs = Math.min(quietMs - quietSinceMs, startMs + mostMs - nowMs);
      if (leftMs <= 0) break;
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(leftMs)));
    }
    this.flush();
  }

  /** Lets go of the port, which stays open. */
  dispose(): void {
    this.#unsubscribe();
    this.signal = undefined;
    this.#waiter?.reject(this.#lostError());
  }

  readonly #onAbort = (): void => {
    this.#waiter?.reject(new UpywError('run/interrupted', {}));
  };

  #deliver(payload: Uint8Array): void {
    if (this.#waiter === undefined) this.#frames.push(payload);
    else this.#waiter.resolve(payload);
  }

  #remember(bytes: Uint8Array): void {
    const kept = new Uint8Array(Math.min(tailSizeBytes, this.#tail.length + bytes.length));
    const fromNew = Math.min(bytes.length, kept.length);
    kept.set(bytes.subarray(bytes.length - fromNew), kept.length - fromNew);
    const fromOld = kept.length - fromNew;
    kept.set(this.#tail.subarray(this.#tail.length - fromOld), 0);
    this.#tail = kept;
  }

  #lostError(): Error {
    return this.#closed?.reason ?? new UpywError('port/lost', { port: this.port.name });
  }
}
