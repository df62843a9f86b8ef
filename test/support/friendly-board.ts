import { type AddressInfo, type Socket, createServer } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * The friendly prompt of a board: an input ring of 260 bytes that drops what does not fit, read a few bytes at a time,
 * with the echo and the paste mode of MicroPython (shared/runtime/pyexec.c). No VM: programs are only collected.
 */
export class FriendlyBoard {
  /** What came through paste mode. */
  readonly programs: string[] = [];
  /** What was typed at the prompt. */
  typed = '';
  /** Bytes that did not fit into the ring. */
  dropped = 0;
  onOutput: (bytes: Uint8Array) => void = () => undefined;
  #ring: number[] = [];
  #pasted: number[] | undefined;
  #isReading = false;

  constructor(private readonly options: { echo: boolean } = { echo: true }) {}

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#ring.length < 260) this.#ring.push(byte);
      else this.dropped += 1;
    }
    if (!this.#isReading) setImmediate(this.#readSome);
    this.#isReading = true;
  }

  /** Resolves when all that was received has been read. */
  async idle(): Promise<void> {
    while (this.#isReading) await nextTurn();
  }

  readonly #readSome = (): void => {
    for (const byte of this.#ring.splice(0, 7)) this.#read(byte);
    this.#isReading = this.#ring.length > 0;
    if (this.#isReading) setImmediate(this.#readSome);
  };

  #read(byte: number): void {
    if (!this.options.echo) {
      this.typed += String.fromCharCode(byte);
    } else if (byte === 2) {
      this.#say('\r\nMicroPython of the test\r\n>>> ');
    } else if (byte === 5) {
      this.#pasted = [];
      this.#say('\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ');
    } else if (this.#pasted === undefined) {
      this.typed += String.fromCharCode(byte);
      this.#say(byte === 13 ? '\r\n>>> ' : String.fromCharCode(byte));
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

/** Such a board behind a TCP port: `socket://127.0.0.1:port`. */
export class BoardServer {
  readonly board = new FriendlyBoard();
  #socket: Socket | undefined;
  #port = 0;
  #server = this.#create();

  /** Starts to listen, again at the same port after `unplug`. */
  async plugIn(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return `socket://127.0.0.1:${this.#port}`;
  }

  /** The connection breaks, and nobody listens any more. */
  async unplug(): Promise<void> {
    this.#socket?.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#server = this.#create();
  }

  #create() {
    return createServer((socket) => {
      this.#socket = socket;
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        this.board.receive(bytes);
      });
      this.board.onOutput = (bytes) => {
        if (!socket.destroyed) socket.write(bytes);
      };
    });
  }
}
