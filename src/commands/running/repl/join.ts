import { UpywError } from '../../../errors.js';
import type { Port } from '../../../transport/port.js';
import type { InputEvent } from '../../../ui/terminal/input-parser.js';
import { Paste } from './paste.js';
import { type Terminal, isInterrupt } from '../../../ui/terminal/terminal.js';

/** At the prompt it shows the banner and a fresh prompt, in a raw REPL that was left behind it leads back; a running program ignores it. */
const ctrlB = Uint8Array.of(0x02);

/** Joins terminal and board until the user leaves or the board is gone. Throws `run/interrupted`. */
export async function join(
  port: Port,
  terminal: Terminal,
  onOutput: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<'left' | 'lost'> {
  const session = new Session(port, onOutput);
  try {
    return await session.run(terminal, signal);
  } finally {
    terminal.handle(undefined);
    session.stop();
  }
}

class Session {
  readonly #port: Port;
  readonly #paste: Paste;
  readonly #onOutput: (bytes: Uint8Array) => void;
  #unsubscribe: () => void = () => undefined;
  /** What is to be typed, in order. */
  #typing: Promise<void> = Promise.resolve();
  #cancelPaste = new AbortController();

  constructor(port: Port, onOutput: (bytes: Uint8Array) => void) {
    this.#port = port;
    this.#onOutput = onOutput;
    this.#paste = new Paste((bytes) => this.#write(bytes));
  }

  run(terminal: Terminal, signal: AbortSignal): Promise<'left' | 'lost'> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        reject(new UpywError('run/interrupted', {}));
      };
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#unsubscribe = this.#port.subscribe({
        data: (bytes) => {
          this.#onOutput(bytes);
          this.#paste.heard(bytes);
        },
        close: () => {
          signal.removeEventListener('abort', onAbort);
          resolve('lost');
        },
      });
      terminal.handle((event) => {
        if (event.kind === 'leave') {
          signal.removeEventListener('abort', onAbort);
          resolve('left');
        } else this.#type(event);
      });
      void this.#write(ctrlB);
    });
  }

  stop(): void {
    this.#cancelPaste.abort();
    this.#unsubscribe();
  }

  #type(event: Exclude<InputEvent, { kind: 'leave' }>): void {
    if (isInterrupt(event)) {
      this.#cancelPaste.abort();
      this.#cancelPaste = new AbortController();
    }
    const { signal } = this.#cancelPaste;
    this.#typing = this.#typing.then(() =>
      event.kind === 'paste' ? this.#paste.send(event.bytes, signal) : this.#write(event.bytes),
    );
  }

  /** A write that fails is no news: the port's end tells the same. */
  async #write(bytes: Uint8Array): Promise<void> {
    await this.#port.write(bytes).catch(() => undefined);
  }
}
