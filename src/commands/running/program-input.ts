import { Buffer } from 'node:buffer';
import type { Input } from '../../world.js';
import { EchoWindow } from './echo-window.js';

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
/** Ctrl-D, which `input()` takes for the end of the file. */
const endOfFile = Uint8Array.of(0x04);

/**
 * What is typed or piped into `upyw run`, on its way to the program on the board, where a line ends with `\r`. Its input ring is
 * small: as long as the program echoes, as `input()` does, no more is sent than it has read.
 */
export class ProgramInput {
  readonly #stdin: Input;
  readonly #ended = new AbortController();
  readonly #echo: EchoFilter | undefined;
  #window: EchoWindow | undefined;
  #sending: Promise<void> = Promise.resolve();

  constructor(stdin: Input) {
    this.#stdin = stdin;
    // A terminal has shown what was typed. Elsewhere the echo is output like any other.
    this.#echo = stdin.isTTY === true ? new EchoFilter() : undefined;
  }

  /** Begins to read; `send` brings bytes to the program. */
  start(send: (bytes: Uint8Array) => Promise<void>): void {
    this.#window = new EchoWindow(send);
    this.#stdin.on('data', this.#onData);
    this.#stdin.once('end', this.#onEnd);
  }

  /** Hears what the program prints, and returns it without the echo of what a person typed. */
  heard(bytes: Uint8Array): Uint8Array {
    this.#window?.heard(bytes);
    return this.#echo?.remove(bytes) ?? bytes;
  }

  /** Lets go of stdin. */
  end(): void {
    this.#ended.abort();
    this.#stdin.off('data', this.#onData);
    this.#stdin.off('end', this.#onEnd);
    this.#stdin.pause();
  }

  readonly #onData = (chunk: Uint8Array | string): void => {
    // Bytes as characters, so that no character of several bytes is cut.
    const text = Buffer.from(chunk as Uint8Array).toString('latin1');
    const bytes = Buffer.from(text.replaceAll(/\r?\n/g, '\r'), 'latin1');
    this.#echo?.expect(bytes);
    this.#queue(bytes);
  };

  readonly #onEnd = (): void => {
    this.#queue(endOfFile);
  };

  #queue(bytes: Uint8Array): void {
    const send = async () => this.#window?.send(bytes, this.#ended.signal);
    // A port that is gone is told by whoever reads from it.
    this.#sending = this.#sending.then(send).catch(() => undefined);
  }
}

/** Takes lines out of a stream that are the echo of what was typed. */
class EchoFilter {
  /** The echo that is to come: lines that end with `\r\n`. */
  readonly #expected: number[] = [];
  /** The beginning of it that may have come. */
  #held: number[] = [];

  expect(typed: Uint8Array): void {
    for (const byte of typed) this.#expected.push(...(byte === carriageReturn ? [byte, lineFeed] : [byte]));
  }

  remove(bytes: Uint8Array): Uint8Array {
    const kept: number[] = [];
    for (const byte of bytes) {
      if (byte !== this.#expected[this.#held.length]) {
        kept.push(...this.#held, byte);
        this.#held = [];
        continue;
      }
      this.#held.push(byte);
      if (byte !== lineFeed) continue;
      this.#expected.splice(0, this.#held.length);
      this.#held = [];
    }
    return Uint8Array.from(kept);
  }
}
