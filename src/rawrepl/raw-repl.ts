import { Buffer } from 'node:buffer';
import { UpywError, isUpywError } from '../errors.js';
import { ByteReader } from '../transport/byte-reader.js';
import type { Port } from '../transport/port.js';
import { boardExceptionError } from './board-exception.js';
import { ctrlB, ctrlD, encodeText } from './control-bytes.js';
import { enterRawRepl } from './enter-raw-repl.js';
import { recoverRawRepl } from './recover-raw-repl.js';
import { readAnswer } from './read-answer.js';
import { hasRestarted } from './restarted.js';
import type { Link } from './send-code.js';
import { openRawPaste, protocolError, sendPlain, sendRawPaste } from './send-code.js';

export interface EnterRawReplOptions {
  /** How long to try; default 10 000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The line, or the board, was in trouble just now. */
  readonly afterTrouble?: boolean | undefined;
  /** The board has just been reset: it is interrupted as it starts. */
  readonly isStarting?: boolean | undefined;
}

export interface ExecOptions {
  /** The longest silence to accept while the code runs; default 10 000, `Infinity` for code that may say nothing for hours. */
  readonly timeoutMs?: number | undefined;
  /** Interrupts the code on the board; `run/interrupted` is thrown once the board is back at its prompt. */
  readonly signal?: AbortSignal | undefined;
  /** Gets what the code prints as it comes, unchanged; `exec` then returns nothing of it. */
  readonly onOutput?: ((bytes: Uint8Array) => void) | undefined;
  /** How long the whole answer of code that is not the user's may take; default 15 minutes. */
  readonly longestMs?: number | undefined;
  /** The code is the user's: it may print any byte, 0x04 included, and call `sys.exit()`, which throws `run/exit`. */
  readonly isUsers?: boolean | undefined;
}

/** How a program of ours is started and ends. */
export interface SessionOptions extends Pick<ExecOptions, 'signal' | 'isUsers'> {
  /** How long the board may take to take the code. */
  readonly startTimeoutMs?: number | undefined;
}

/** Both directions of the wire while a program of ours runs on the board. */
export interface RawChannel extends Link {
  /** How many bytes may be under way to the board unread: what its input ring surely holds. */
  readonly inFlightBytes: number;
}

const defaultTimeoutMs = 10_000;
/** For answers that need no work from the board. */
const answerTimeoutMs = 5_000;
/** The same in a session, which its caller can begin again. */
const sessionTimeoutMs = 1_900;
/** Up to this length the plain raw REPL cannot overrun an input ring, and it saves the handshake's round trip. */
const plainLimitBytes = 240;
/** The ring of firmware that tells no window is at least this large. */
const cautiousInFlightBytes = 128;
/** Where it tells one, two of its windows fit in the ring, which is no larger than this on an ESP32. */
const ringBytes = 256;

/**
 * A board held at its raw REPL: runs code and returns what it prints. One thing at a time. The protocol is that of
 * MicroPython's shared/runtime/pyexec.c.
 */
export class RawRepl {
  readonly #link: Link;
  /** While the console's rate may be above the usual one: that one, then those that it may have. Else empty. */
  possibleRates: readonly number[] = [];
  /** Of the last raw paste; 0 before the first. */
  #windowBytes = 0;
  /** How often in a row the firmware seemed to have no raw paste: once, the line may have garbled its answer. */
  #pasteRefusals = 0;
  /** Whether the answer to the code just sent is the last thing that the board will say. */
  #inStep = true;
  /** Let go: the board is its own again. */
  #left = false;
  #isAtPrompt = true;
  #hasHeardOdd = false;

  private constructor(link: Link) {
    this.#link = {
      ...link,
      onOdd: () => {
        this.#hasHeardOdd = true;
      },
    };
  }

  /** Whether something came where only the prompt speaks: what a program prints may then be garbled, too. */
  get hasHeardOdd(): boolean {
    return this.#hasHeardOdd;
  }

  /**
   * Interrupts whatever runs and enters the raw REPL, without a soft reset. Throws `rawrepl/no-prompt` when the board
   * does not get there in time.
   */
  static async enter(port: Port, options: EnterRawReplOptions = {}): Promise<RawRepl> {
    const { timeoutMs = defaultTimeoutMs, ...others } = options;
    const reader = new ByteReader(port);
    try {
      await enterRawRepl(port, reader, { timeoutMs, ...others });
    } catch (error) {
      reader.dispose();
      throw error;
    }
    return new RawRepl({ port, reader });
  }

  get port(): Port {
    return this.#link.port;
  }

  /** Enters the raw REPL again, after a reset. Throws `rawrepl/no-prompt`. */
  async reenter(): Promise<void> {
    const { port, reader } = this.#link;
    await enterRawRepl(port, reader, { timeoutMs: answerTimeoutMs });
    this.#isAtPrompt = this.#inStep = true;
  }

  /**
   * Runs Python code and returns all that it printed. Throws `board/exception` when it raised one, `port/silent` when
   * it said nothing for too long (it is interrupted then), `run/interrupted`, `port/lost`.
   */
  exec(code: string, options: ExecOptions = {}): Promise<Uint8Array> {
    return this.#guarded(async () => {
      await this.#start(code, options.signal);
      return this.#follow(options);
    });
  }

  /** Whether the board was brought back to its prompt after the last failure; if not, the next call tries that first. */
  get isAtPrompt(): boolean {
    return this.#isAtPrompt;
  }

  /** Starts code and returns as soon as the board has taken it. Only `leave` is of use afterwards. */
  startOnly(code: string, signal?: AbortSignal): Promise<void> {
    return this.#guarded(() => this.#start(code, signal));
  }

  /**
   * Runs code that talks with the host in a protocol of its own: `talk` has the wire until it returns, and the code
   * then has to end; what it raises is thrown. Where a message should begin, 0x04 means that the code has ended:
   * `talk` puts it back (`reader.unread`) and returns. When `talk` throws, the code is interrupted.
   */
  session<Result>(
    code: string,
    talk: (channel: RawChannel) => Promise<Result>,
    options: SessionOptions = {},
  ): Promise<Result> {
    return this.#guarded(async () => {
      await this.#start(code, options.signal, options.startTimeoutMs ?? sessionTimeoutMs);
      // Where its code ends early, what was under way to it may reach the prompt.
      this.#inStep = false;
      const inFlightBytes =
        this.#windowBytes === 0 ? cautiousInFlightBytes : Math.min(2 * this.#windowBytes, ringBytes);
      const result = await talk({ ...this.#link, inFlightBytes });
      // It has nothing left to do.
      const { isUsers, signal } = options;
      await this.#follow({ timeoutMs: sessionTimeoutMs, onOutput: () => undefined, isUsers, signal });
      this.#inStep = true;
      return result;
    });
  }

  /**
   * Leaves for the friendly prompt and restarts MicroPython there, so that boot.py and main.py run. Returns once it has
   * begun to; the board is let go then. Throws `port/silent` when it gives no sign of it.
   */
  async softReset({ signal }: Pick<ExecOptions, 'signal'> = {}): Promise<void> {
    const { port, reader } = this.#link;
    const wait = { timeoutMs: answerTimeoutMs, signal };
    try {
      await port.write(encodeText(ctrlB));
      await reader.skipUntil('>>> ', wait);
      await port.write(encodeText(ctrlD));
      this.#left = true;
      await reader.skipUntil('soft reboot', wait);
    } finally {
      if (this.#left) reader.dispose();
    }
  }

  /** After a session in which more was sent than its code may have read: whatever that made of the prompt, it is there now. */
  settle(): Promise<void> {
    this.#isAtPrompt = false;
    return this.#guarded(() => Promise.resolve());
  }

  /** `rawrepl/protocol` for an answer of our own code that is not what it says. */
  nonsense(expected: string): UpywError {
    return protocolError(this.#link, expected);
  }

  /** Back to the friendly prompt; the port stays open. Never throws: there is nothing a caller could do about it. */
  async leave(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    const { port, reader } = this.#link;
    try {
      await port.write(encodeText(ctrlB));
      await reader.skipUntil('>>> ', { timeoutMs: 500 });
    } catch {
      // The far end is gone, or still busy with code that was started only: it takes the Ctrl-B when it ends.
    }
    reader.dispose();
  }

  async #start(code: string, signal: AbortSignal | undefined, timeoutMs = answerTimeoutMs): Promise<void> {
    const wait = { timeoutMs, signal };
    // Ctrl-D on an empty line is a soft reset (pyexec.c), not the empty program.
    const bytes = encodeText(code === '' ? '\n' : code);
    if (this.#pasteRefusals < 2 && bytes.length > plainLimitBytes) {
      const windowBytes = await openRawPaste(this.#link, wait);
      this.#windowBytes = windowBytes ?? 0;
      this.#pasteRefusals = windowBytes === undefined ? this.#pasteRefusals + 1 : 0;
      if (windowBytes !== undefined) {
        this.#inStep = await sendRawPaste(this.#link, bytes, windowBytes, wait);
        return;
      }
    }
    await sendPlain(this.#link, bytes, wait).catch((error: unknown) => {
      // It was so quick to restart that its OK did not get out.
      const restarted = hasRestarted(this.#link.reader);
      throw restarted && isUpywError(error, 'port/silent') ? new UpywError('run/restarted', {}) : error;
    });
  }

  async #follow(options: ExecOptions): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    const { timeoutMs = defaultTimeoutMs, signal, isUsers = false, longestMs } = options;
    const onOutput = options.onOutput ?? ((bytes: Uint8Array) => void parts.push(bytes));
    const error = await readAnswer(this.#link, { timeoutMs, signal, isUsers, longestMs, onOutput });
    if (error.length > 0) throw boardExceptionError(new TextDecoder().decode(error));
    return Buffer.concat(parts);
  }

  /**
   * After anything but a plain exception the board is brought back to its prompt, so that the next call finds it there. Where
   * that failed it is tried once more: a late answer to that must not be taken for one to the call.
   */
  async #guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!this.#isAtPrompt) await recoverRawRepl(this.#link, this.possibleRates);
    this.#isAtPrompt = true;
    try {
      return await work();
    } catch (error) {
      const atPrompt = isUpywError(error, 'board/exception') && this.#inStep;
      if (!atPrompt && !isUpywError(error, 'port/lost')) await this.#recover();
      throw error;
    }
  }

  /** The error at hand says more than a failure to recover would: that one shows itself at the next call. */
  async #recover(): Promise<void> {
    this.#isAtPrompt = await recoverRawRepl(this.#link, this.possibleRates).then(
      () => true,
      () => false,
    );
    this.#inStep = true;
  }
}
