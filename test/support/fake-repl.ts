import { ScriptedPort } from './scripted-port.js';

export interface Execution {
  readonly output?: string | Uint8Array;
  /** The traceback; empty when all went well. */
  readonly error?: string;
  /** Runs until a Ctrl-C, which ends it with a KeyboardInterrupt. */
  readonly forever?: boolean;
}

export interface FakeReplOptions {
  /** What the firmware makes of the raw-paste request: does it, answers `R\x00`, or takes the Ctrl-A for itself. */
  readonly rawPaste?: 'yes' | 'declined' | 'unknown';
  readonly windowBytes?: number;
  readonly execute?: (code: string) => Execution;
  /** How answers are cut into chunks: as they are, into single bytes, or in two at this point of the whole stream. */
  readonly cut?: 'whole' | 'bytes' | number;
}

type Mode = 'friendly' | 'paste' | 'raw' | 'raw-paste' | 'giving-up' | 'running' | 'deaf';

/**
 * The prompt side of a board, after shared/runtime/pyexec.c, with a function in place of the VM. It fails the test
 * (`complaints`) when the host sends more than the windows it was given.
 */
export class FakeRepl extends ScriptedPort {
  mode: Mode = 'friendly';
  /** Every program it was given, in order, but for those that only ask whether it is in step. */
  readonly programs: string[] = [];
  readonly complaints: string[] = [];
  readonly #options: Required<FakeReplOptions>;
  #line: number[] = [];
  #freeBytes = 0;
  #unacknowledged = 0;
  #said = 0;
  #afterRun: () => void = () => undefined;

  constructor(options: FakeReplOptions = {}) {
    super();
    this.#options = {
      rawPaste: 'yes',
      windowBytes: 16,
      execute: (code) => ({ output: `ran ${code.length}\r\n` }),
      cut: 'whole',
      ...options,
    };
    this.onWrite = (bytes) => {
      setImmediate(() => {
        for (const byte of bytes) this.#receive(byte);
      });
    };
  }

  /** How many bytes it has said in all. */
  get saidBytes(): number {
    return this.#said;
  }

  /** Starts something that runs until Ctrl-C, as main.py would, and goes on in `then` after it. */
  occupy(
    then: () => void = () => {
      this.#prompt();
    },
  ): void {
    this.mode = 'running';
    this.#afterRun = then;
  }

  /** Says `text` in the chunks asked for. */
  answer(text: string | Uint8Array): void {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    const { cut } = this.#options;
    if (cut === 'bytes') for (const byte of bytes) this.say(Uint8Array.of(byte));
    else if (cut === 'whole' || cut <= this.#said || cut >= this.#said + bytes.length) this.say(bytes);
    else {
      this.say(bytes.subarray(0, cut - this.#said));
      const rest = bytes.subarray(cut - this.#said);
      this.say(rest);
    }
    this.#said += bytes.length;
  }

  #prompt(): void {
    this.mode = 'friendly';
    this.#line = [];
    this.answer('\r\n>>> ');
  }

  #receive(byte: number): void {
    switch (this.mode) {
      case 'deaf':
        return;
      case 'running':
        if (byte === 3) this.#afterRun();
        return;
      case 'raw-paste':
        this.#receiveRawPaste(byte);
        return;
      case 'giving-up':
        if (byte === 3 || byte === 4) this.#finish({ error: 'SyntaxError: invalid syntax\r\n' });
        return;
      case 'paste':
        if (byte === 3) this.#prompt();
        return;
      case 'raw':
        this.#receiveRaw(byte);
        return;
      case 'friendly':
        this.#receiveFriendly(byte);
    }
  }

  #receiveFriendly(byte: number): void {
    if (byte === 1) this.#enterRaw('\r\n');
    else if (byte === 3 || byte === 13) this.#prompt();
    else if (byte === 5) {
      this.mode = 'paste';
      this.answer('\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ');
    } else this.answer(Uint8Array.of(byte));
  }

  #enterRaw(before = ''): void {
    this.mode = 'raw';
    this.#line = [];
    this.answer(`${before}raw REPL; CTRL-B to exit\r\n>`);
  }

  #receiveRaw(byte: number): void {
    if (byte === 1) {
      const asked = this.#line.length === 2 && this.#line[0] === 5;
      this.#line = [];
      if (asked) this.#answerRawPaste();
      else this.#enterRaw();
    } else if (byte === 2) this.#prompt();
    else if (byte === 3) this.#line = [];
    else if (byte === 4) {
      this.answer('OK');
      this.#run();
    } else this.#line.push(byte);
  }

  #answerRawPaste(): void {
    const { rawPaste, windowBytes } = this.#options;
    if (rawPaste === 'unknown') this.#enterRaw();
    else if (rawPaste === 'declined') this.answer('R\x00>');
    else {
      this.mode = 'raw-paste';
      this.#freeBytes = 2 * windowBytes;
      this.#unacknowledged = 0;
      this.answer(Uint8Array.of(0x52, 1, windowBytes & 255, windowBytes >> 8, 1));
    }
  }

  #receiveRawPaste(byte: number): void {
    if (byte === 3 || byte === 4) {
      this.answer('\x04');
      if (byte === 4) this.#run();
      else this.#finish({ error: 'KeyboardInterrupt: \r\n' });
      return;
    }
    if (this.#freeBytes === 0) this.complaints.push('more was sent than the windows allow');
    this.#freeBytes -= 1;
    this.#line.push(byte);
    this.#unacknowledged += 1;
    if (this.#text().endsWith('!!syntax!!')) {
      this.mode = 'giving-up';
      this.answer('\x04');
    } else if (this.#unacknowledged === this.#options.windowBytes) {
      this.#unacknowledged = 0;
      // A board acknowledges later than it reads, and the host has time to send too much.
      setImmediate(() => {
        this.#freeBytes += this.#options.windowBytes;
        if (this.mode === 'raw-paste') this.answer('\x01');
      });
    }
  }

  #text(): string {
    return Buffer.from(this.#line).toString('utf8');
  }

  #run(): void {
    const code = this.#text();
    const own = /^print\('([0-9a-f]{8})',end=''\)$/.exec(code);
    if (own === null) this.programs.push(code);
    const execution = own === null ? this.#options.execute(code) : { output: own[1] ?? '' };
    if (execution.forever !== true) {
      this.#finish(execution);
      return;
    }
    this.answer(execution.output ?? '');
    this.mode = 'running';
    this.#afterRun = () => {
      this.#finish({ error: 'Traceback (most recent call last):\r\nKeyboardInterrupt: \r\n' });
    };
  }

  #finish({ output = '', error = '' }: Execution): void {
    this.mode = 'raw';
    this.#line = [];
    this.answer(output);
    this.answer(`\x04${error}\x04>`);
  }
}
