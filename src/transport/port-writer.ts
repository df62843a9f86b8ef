import { UpywError } from '../errors.js';
import { succeedsWithin, withDeadline } from './deadline.js';
import type { PortListeners } from './port-listeners.js';

/** Short enough that closing cuts a long write off, long enough that handing pieces over costs nothing. */
const pieceBytes = 16_384;
/** How long closing waits for bytes that nobody waited for. */
const graceMs = 300;
/** On top of twice the time a piece takes on the wire: for servers and bridges that hold bytes back. */
const patienceMs = 10_000;

/** Runs tasks one after the other, whether or not those before succeeded. A result nobody waits for may fail unnoticed. */
export class TaskChain {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when all that was asked for so far is over. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

/** The writing half of a port, the same for all kinds: order, deadlines, and an end as soon as the port closes. */
export class PortWriter {
  readonly #chain = new TaskChain();
  readonly #port: { readonly name: string; readonly baudRate: number };
  readonly #listeners: PortListeners;
  readonly #send: (piece: Uint8Array) => Promise<void>;
  #state: 'open' | 'finishing' | 'cut' = 'open';

  /** `send` resolves when the operating system has taken the piece; its errors are `UpywError`s already. */
  constructor(
    port: { readonly name: string; readonly baudRate: number },
    listeners: PortListeners,
    send: (piece: Uint8Array) => Promise<void>,
  ) {
    this.#port = port;
    this.#listeners = listeners;
    this.#send = send;
  }

  /** As `Port.write`. Throws `port/lost` when the port is closed, `port/failed` when nobody takes the bytes. */
  write(bytes: Uint8Array): Promise<void> {
    const written = this.run(() => this.#sendPieces(bytes));
    // Nobody need wait for a write: that the port is lost is told to those who listen.
    written.catch(() => undefined);
    return written;
  }

  /** Does something to the port between the writes before and after it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#state !== 'open') return Promise.reject(this.#listeners.lostError(this.#port.name));
    return this.#chain.run(() => {
      this.#throwIfCut();
      return task();
    });
  }

  /** Takes nothing new, and gives what was asked for a moment to be done. False when it was cut off instead. */
  async finish(): Promise<boolean> {
    this.#state = 'finishing';
    const finished = await succeedsWithin(this.#chain.idle(), graceMs);
    this.#state = 'cut';
    return finished;
  }

  async #sendPieces(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      this.#throwIfCut();
      const piece = bytes.subarray(at, at + pieceBytes);
      const wireMs = (piece.length * 10_000) / this.#port.baudRate;
      await withDeadline(this.#send(piece), patienceMs + 2 * wireMs, () => {
        return new UpywError('port/failed', { port: this.#port.name, reason: 'it takes no more data' });
      });
    }
  }

  #throwIfCut(): void {
    if (this.#state === 'cut' || this.#listeners.closed) throw this.#listeners.lostError(this.#port.name);
  }
}
