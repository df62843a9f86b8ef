import { Buffer } from 'node:buffer';
import { UpywError } from '../errors.js';
import { nativeUsb } from './native-usb.js';
import type { Port } from './port.js';
import { quoteBytes } from './quote-bytes.js';

export interface WaitOptions {
  /** For the whole wait, however the bytes trickle in. `Infinity` where only the far end decides. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ReadUntilOptions extends WaitOptions {
  /** Gets what comes before the marker as soon as it cannot be part of the marker. */
  readonly onData?: ((bytes: Uint8Array) => void) | undefined;
  /** `false`: what `onData` got is not kept for the result, so that an endless output needs no memory. */
  readonly keep?: boolean | undefined;
}

const tailBytes = 64;
const firstCapacityBytes = 4096;

interface Wait {
  /** Looks at what is buffered; `undefined` to go on waiting. */
  attempt(): Uint8Array | undefined;
  settle(result: Uint8Array | Error): void;
}

/**
 * Reads from a port with deadlines. One wait at a time: what is read belongs to whoever asked.
 * Bytes are buffered from construction to `dispose`. Every wait throws `port/silent` at its deadline, `port/lost` when
 * the port closes before enough has come, `run/interrupted` when its signal aborts; none of them loses buffered bytes.
 */
export class ByteReader {
  readonly #port: Port;
  readonly #unsubscribe: () => void;
  /** Unread bytes are `#buffer[#start..#end)`; one growing block, so that searching and copying are single calls. */
  #buffer = Buffer.allocUnsafe(firstCapacityBytes);
  #start = 0;
  #end = 0;
  #tail: Uint8Array = new Uint8Array(0);
  #closed: { readonly reason: Error | undefined } | undefined;
  #wait: Wait | undefined;

  constructor(port: Port) {
    this.#port = port;
    this.#unsubscribe = port.subscribe({
      data: (bytes) => {
        this.#remember(bytes);
        this.#append(bytes);
        this.#pump();
      },
      close: (reason) => {
        this.#closed = { reason };
        this.#wait?.settle(this.#lostError());
      },
    });
  }

  /** How many bytes are here, unread. */
  get bufferedBytes(): number {
    return this.#end - this.#start;
  }

  /** The last bytes ever received (at most 64), read or not, for messages: `quoteBytes(reader.tail)`. */
  get tail(): Uint8Array {
    return this.#tail;
  }

  /** Exactly `count` bytes. */
  read(count: number, options: WaitOptions): Promise<Uint8Array> {
    // No timer for what is here already: transfers read thousands of single bytes.
    const isHere =
      this.bufferedBytes >= count && this.#wait === undefined && options.signal?.aborted !== true;
    if (isHere) return Promise.resolve(this.#consume(count));
    return this.#waitFor(options, () => (this.bufferedBytes >= count ? this.#consume(count) : undefined));
  }

  /** Everything up to and including `marker`; what follows it stays buffered. */
  readUntil(marker: Uint8Array | string, options: ReadUntilOptions): Promise<Uint8Array> {
    const wanted = typeof marker === 'string' ? Buffer.from(marker) : marker;
    return this.#waitFor(options, this.#searcher(wanted, options));
  }

  /** Drops everything up to and including `marker`. */
  async skipUntil(marker: Uint8Array | string, options: WaitOptions): Promise<void> {
    await this.readUntil(marker, { ...options, keep: false, onData: () => undefined });
  }

  /** Hands over one by one what is here already, up to the first byte that is not `taken`: that one stays. No promise for each. */
  takeWhile(taken: (byte: number) => boolean): void {
    while (this.bufferedBytes > 0 && taken(this.#buffer[this.#start] ?? 0)) this.#skip(1);
  }

  /** All that is buffered, perhaps nothing. */
  take(): Uint8Array {
    return this.#consume(this.bufferedBytes);
  }

  /** Puts bytes back in front of what is buffered: they were read, but belong to a later reader. */
  unread(bytes: Uint8Array): void {
    const rest = this.take();
    this.#append(bytes);
    this.#append(rest);
  }

  /** Stops listening to the port (which stays open) and ends a wait that is still going on with `port/lost`. */
  dispose(): void {
    this.#unsubscribe();
    this.#closed ??= { reason: undefined };
    this.#wait?.settle(this.#lostError());
  }

  #searcher(marker: Uint8Array, { onData, keep = true }: ReadUntilOptions): Wait['attempt'] {
    let searched = 0; // no marker begins in the first so many buffered bytes
    let told = 0; // so many buffered bytes went to onData
    return () => {
      const unread = this.#buffer.subarray(this.#start, this.#end);
      const at = unread.indexOf(marker, searched);
      searched = at >= 0 ? at : unread.length - partialMatch(unread, marker, searched);
      if (onData !== undefined && searched > told) {
        onData(new Uint8Array(unread.subarray(told, searched)));
        told = searched;
      }
      if (!keep && onData !== undefined) {
        this.#start += told;
        searched = told = 0;
        return at >= 0 ? this.#consume(marker.length) : undefined;
      }
      return at >= 0 ? this.#consume(at + marker.length) : undefined;
    };
  }

  #waitFor({ timeoutMs, signal }: WaitOptions, attempt: Wait['attempt']): Promise<Uint8Array> {
    if (this.#wait !== undefined) throw new Error('ByteReader: a second wait began before the first ended');
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        settle(new UpywError('run/interrupted', {}));
      };
      const timer = Number.isFinite(timeoutMs)
        ? setTimeout(() => {
            settle(this.#silentError(timeoutMs));
          }, timeoutMs)
        : undefined;
      const settle = (result: Uint8Array | Error) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#wait = undefined;
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      const wait = { attempt, settle };
      this.#wait = wait;
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted === true) onAbort();
      else this.#pump();
      if (this.#closed !== undefined && this.#wait === wait) settle(this.#lostError());
    });
  }

  /** Lets the wait look at the buffer; an error out of its `onData` becomes the wait's. */
  #pump(): void {
    const wait = this.#wait;
    if (wait === undefined) return;
    try {
      const result = wait.attempt();
      if (result !== undefined) wait.settle(result);
    } catch (error) {
      wait.settle(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #consume(count: number): Uint8Array {
    const bytes = new Uint8Array(this.#buffer.subarray(this.#start, this.#start + count));
    this.#skip(count);
    return bytes;
  }

  #skip(count: number): void {
    this.#start += count;
    if (this.#start === this.#end) this.#start = this.#end = 0;
  }

  /** Doubles the block when it is more than half full of unread bytes and moves them down otherwise: linear in all. */
  #append(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#buffer.length) {
      const neededBytes = this.bufferedBytes + bytes.length;
      const target =
        neededBytes * 2 > this.#buffer.length ? Buffer.allocUnsafe(neededBytes * 2) : this.#buffer;
      this.#buffer.copy(target, 0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
      this.#buffer = target;
    }
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #remember(bytes: Uint8Array): void {
    const recent = bytes.length >= tailBytes ? bytes : Buffer.concat([this.#tail, bytes]);
    this.#tail = new Uint8Array(recent.subarray(-tailBytes));
  }

  #lastBytes(): { lastBytes?: string } {
    return this.#tail.length === 0 ? {} : { lastBytes: quoteBytes(this.#tail) };
  }

  #lostError(): Error {
    const details = { port: this.#port.name, ...this.#lastBytes(), ...nativeUsb(this.#port) };
    return new UpywError('port/lost', details, { cause: this.#closed?.reason });
  }

  #silentError(waitedMs: number): Error {
    return new UpywError('port/silent', {
      port: this.#port.name,
      waitedMs,
      ...this.#lastBytes(),
      ...nativeUsb(this.#port),
    });
  }
}

/** How many of the last bytes could be the beginning of `marker`, looking no further back than `from`. */
function partialMatch(bytes: Uint8Array, marker: Uint8Array, from: number): number {
  const longest = Math.min(marker.length - 1, bytes.length - from);
  for (let length = longest; length > 0; length -= 1) {
    if (Buffer.compare(bytes.subarray(bytes.length - length), marker.subarray(0, length)) === 0)
      return length;
  }
  return 0;
}
