import { describe, expect, test } from 'vitest';
import { Paste } from '../../../src/commands/repl/paste.js';

/**
 * The far end: a board's input ring of 260 bytes that drops what does not fit, read a byte at a time, with the echo and the
 * paste mode of MicroPython's friendly REPL (shared/runtime/pyexec.c).
 */
class Board {
  readonly programs: string[] = [];
  typed = '';
  dropped = 0;
  onOutput: (bytes: Uint8Array) => void = () => undefined;
  #ring: number[] = [];
  #pasted: number[] | undefined;

  constructor(private readonly options: { echo: boolean } = { echo: true }) {}

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#ring.length < 260) this.#ring.push(byte);
      else this.dropped += 1;
    }
  }

  /** Reads until nothing comes for a while. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const byte of this.#ring.splice(0, 7)) this.#read(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #read(byte: number): void {
    if (!this.options.echo) {
      this.typed += String.fromCharCode(byte);
    } else if (byte === 5) {
      this.#pasted = [];
      this.#say('\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ');
    } else if (this.#pasted === undefined) {
      this.typed += String.fromCharCode(byte);
      this.#say(String.fromCharCode(byte));
    } else if (byte === 4) {
      this.programs.push(Buffer.from(this.#pasted).toString());
      this.#pasted = undefined;
      this.#say('\r\n>>> ');
    } else {
      this.#pasted.push(byte);
      this.onOutput(Uint8Array.of(byte));
      if (byte === 13) this.#say('\n=== ');
    }
  }

  #say(text: string): void {
    this.onOutput(Buffer.from(text));
  }
}

async function paste(text: string, board = new Board()): Promise<Board> {
  const stop = new AbortController();
  const running = board.run(stop.signal);
  const sender = new Paste((bytes) => {
    board.receive(bytes);
    return Promise.resolve();
  });
  board.onOutput = (bytes) => {
    sender.heard(bytes);
  };
  await sender.send(Buffer.from(text), new AbortController().signal);
  await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  await running;
  return board;
}

const program = Array.from({ length: 200 }, (_, line) => `    value_${line} = "=== čaj ${line}"`);

describe('paste', () => {
  test('many lines go through paste mode, none lost, indentation as it was', async () => {
    const board = await paste(['if True:', ...program, ''].join('\n'));
    expect(board.dropped).toBe(0);
    expect(board.programs).toEqual([['if True:', ...program, ''].join('\r')]);
  });

  test('Windows line ends are one line end, and control characters cannot end the paste', async () => {
    const board = await paste('a = 1\r\nb\u0004\u0003 = 2\r\n');
    expect(board.programs).toEqual(['a = 1\rb = 2\r']);
  });

  test('one line is typed as it is, at the pace of the echo', async () => {
    const line = 'x = [' + '1, '.repeat(300) + ']';
    const board = await paste(line);
    expect([board.typed, board.dropped, board.programs]).toEqual([line, 0, []]);
  });

  test('a program that reads the keys gets the text without paste mode', async () => {
    const board = await paste('one\ntwo\n', new Board({ echo: false }));
    expect(board.typed.replace('\u0005', '')).toBe('one\rtwo\r');
  });

  test('an aborted paste stops sending', async () => {
    const sent: Uint8Array[] = [];
    const stop = new AbortController();
    const sender = new Paste((bytes) => {
      sent.push(bytes);
      stop.abort();
      return Promise.resolve();
    });
    await sender.send(Buffer.from('x'.repeat(5000)), stop.signal);
    expect(Buffer.concat(sent).length).toBeLessThan(260);
  });
});
