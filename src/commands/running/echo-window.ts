/** How long to wait for a board that has stopped echoing before going on without it. */
const echoTimeoutMs = 1500;

/**
 * Sends no more than a window ahead of the echo. A board's input ring holds 260 bytes on the ESP32 and drops what does not
 * fit (shared/runtime/interrupt_char.c); while it compiles or runs a line it reads nothing. The echo tells what it has read.
 */
export class EchoWindow {
  readonly #windowBytes: number;
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #expected: number[] = [];
  #progress: (() => void) | undefined;

  constructor(write: (bytes: Uint8Array) => Promise<void>, windowBytes = 96) {
    this.#write = write;
    this.#windowBytes = windowBytes;
  }

  /** What the board said, echo or not. Its own prompts in between do not confuse the count by more than a few bytes. */
  heard(bytes: Uint8Array): void {
    let matched = 0;
    for (const byte of bytes) if (byte === this.#expected[matched]) matched += 1;
    if (matched === 0) return;
    this.#expected.splice(0, matched);
    this.#progress?.();
  }

  /** Sends it all, as fast as it is echoed. Stops early when the signal aborts. */
  async send(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    for (let sent = 0; sent < bytes.length && !signal.aborted;) {
      const room = this.#windowBytes - this.#expected.length;
      if (room <= 0) {
        await this.#waitForEcho(signal);
        continue;
      }
      const piece = bytes.subarray(sent, sent + room);
      sent += piece.length;
      this.#expected.push(...piece);
      await this.#write(piece);
    }
  }

  /** Waits until everything sent has been echoed, or the board has gone quiet. */
  async settle(signal: AbortSignal): Promise<void> {
    while (this.#expected.length > 0 && !signal.aborted) await this.#waitForEcho(signal);
  }

  /** Resolves at the next echoed byte; a board that echoes nothing (a program reads the keys) is taken to have read all. */
  #waitForEcho(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#progress = undefined;
        resolve();
      };
      const timer = setTimeout(() => {
        this.#expected = [];
        done();
      }, echoTimeoutMs);
      signal.addEventListener('abort', done, { once: true });
      this.#progress = done;
    });
  }
}
