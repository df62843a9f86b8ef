import { writeSync } from 'node:fs';

/** A reader who is slow, but reads, gets all of it: a board without a wire's pace prints more than anyone takes in at once. */
const maxQueuedBytes = 16 * 1024 * 1024;
const retryMs = 5;
/** After so long without a reader, what waits is dropped, as a serial port's input is that nobody has open. */
const patienceMs = 1000;

/**
 * Writes to a pseudo-terminal's master without ever waiting for a reader. Node's own TTY stream would: libuv tries again and again
 * in one call when the terminal is full (UV_HANDLE_BLOCKING_WRITES).
 */
export class TerminalWriter {
  readonly #file: number;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #stuckSinceMs: number | undefined;

  constructor(file: number) {
    this.#file = file;
  }

  write(bytes: Uint8Array): void {
    if (this.#queuedBytes + bytes.length > maxQueuedBytes) return;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#timer === undefined) this.#flush();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#drop();
  }

  readonly #flush = (): void => {
    this.#timer = undefined;
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const written = this.#attempt(first);
      if (written === 0) {
        this.#wait();
        return;
      }
      this.#stuckSinceMs = undefined;
      this.#queuedBytes -= written;
      if (written === first.length) this.#queue.shift();
      else this.#queue[0] = first.subarray(written);
    }
  };

  #attempt(bytes: Uint8Array): number {
    try {
      return writeSync(this.#file, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }

  #wait(): void {
    this.#stuckSinceMs ??= performance.now();
    if (performance.now() - this.#stuckSinceMs > patienceMs) this.#drop();
    else this.#timer = setTimeout(this.#flush, retryMs);
  }

  #drop(): void {
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#stuckSinceMs = undefined;
  }
}
