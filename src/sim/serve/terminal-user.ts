import type { Client, LiveBoard, Session } from './live-board.js';

/** What the system tells of a terminal. Handed in: the board shares no code with the ports that open it. */
export interface TerminalTools {
  /** Looks at which rate programs use it; undefined where the system does not tell. */
  openLineRate(path: string): Promise<LineRate | undefined>;
  /** Which program has it open, this one aside: `mpremote (process 1234)`. Not there where the system does not tell. */
  findHolder?(path: string): Promise<string | undefined>;
}

interface LineRate {
  /** In bits per second. */
  read(): Promise<number | undefined>;
  close(): Promise<void>;
}

export const noTools: TerminalTools = { openLineRate: () => Promise.resolve(undefined) };

/** What a terminal has until a program says otherwise. */
export const usualRate = 115_200;
/** A program may change the rate in the middle, and what comes then is for the new one. */
const lookForRateMs = 20;
/** So long after the last byte the rate is not looked at any more. */
const restsAfterMs = 1000;
/** Where the system does not tell who has a terminal open, its user is gone after so long without a byte. */
const patienceMs = 10_000;
/** Whoever types in vain is told, but not for each byte. */
const toldAgainMs = 2000;
/** In the words of ser2net, as on the network. */
const refusal = new TextEncoder().encode('\r\nPort already in use\r\n');

interface TerminalUserOptions {
  readonly path: string;
  readonly tools: TerminalTools;
  readonly lineRate: LineRate | undefined;
  write(bytes: Uint8Array): void;
  /** Somebody types while another one has the board. */
  onRefused(name: string): void;
}

/** Whoever has the pseudo-terminal open: it has the board from its first byte on, until it has closed the terminal and another one comes. */
export class TerminalUser implements Client {
  readonly #board: LiveBoard;
  readonly #options: TerminalUserOptions;
  /** Always there, for what the board says. */
  readonly #listening: Pick<Session, 'end'>;
  #session: Session | undefined;
  #holder: string | undefined;
  #baudRate: number | undefined;
  #lastByteMs = 0;
  #toldMs = -Infinity;
  #rateTimer: NodeJS.Timeout | undefined;
  /** What comes is taken in its order, each piece at its rate. */
  #turn: Promise<void> = Promise.resolve();

  constructor(board: LiveBoard, options: TerminalUserOptions) {
    this.#board = board;
    this.#options = options;
    this.#listening = board.listen({
      name: options.path,
      onData: (bytes) => {
        this.#noteBytes();
        options.write(bytes);
      },
      onGone: () => undefined,
    });
  }

  get name(): string {
    const { path } = this.#options;
    return this.#holder === undefined ? `whoever has ${path} open` : `${this.#holder}, on ${path}`;
  }

  /** What the board says comes to the listener. */
  onData(): void {
    // As it does while another one has the board.
  }

  onGone(): void {
    // The terminal stays open until the server ends.
  }

  async isThere(): Promise<boolean> {
    const { tools, path } = this.#options;
    if (tools.findHolder === undefined) return performance.now() - this.#lastByteMs < patienceMs;
    this.#holder = await tools.findHolder(path);
    return this.#holder !== undefined;
  }

  /** Bytes that a program has written to the terminal. */
  receive(bytes: Uint8Array): void {
    this.#turn = this.#turn.then(() => this.#take(bytes));
  }

  close(): void {
    clearTimeout(this.#rateTimer);
    this.#session?.end();
    this.#listening.end();
    void this.#options.lineRate?.close();
  }

  async #take(bytes: Uint8Array): Promise<void> {
    await this.#claim();
    if (this.#session === undefined) {
      await this.#refuse();
      return;
    }
    await this.#followRate();
    this.#noteBytes();
    this.#session.write(bytes);
  }

  async #claim(): Promise<void> {
    if (this.#board.isHeldBy(this)) return;
    this.#session = undefined;
    this.#baudRate = undefined;
    await this.#board.checkHolder();
    this.#session = this.#board.claim(this);
  }

  async #refuse(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#toldMs < toldAgainMs) return;
    this.#toldMs = nowMs;
    this.#options.write(refusal);
    await this.isThere();
    this.#options.onRefused(this.name);
  }

  #noteBytes(): void {
    this.#lastByteMs = performance.now();
    if (this.#rateTimer === undefined && this.#session !== undefined) this.#watchRate();
  }

  #watchRate(): void {
    if (this.#options.lineRate === undefined) return;
    this.#rateTimer = setTimeout(() => {
      this.#rateTimer = undefined;
      void this.#followRate();
      if (performance.now() - this.#lastByteMs < restsAfterMs) this.#watchRate();
    }, lookForRateMs).unref();
  }

  async #followRate(): Promise<void> {
    const baudRate = (await this.#options.lineRate?.read()) ?? usualRate;
    if (baudRate === this.#baudRate || !this.#board.isHeldBy(this)) return;
    this.#baudRate = baudRate;
    this.#session?.setBaudRate(baudRate);
  }
}
