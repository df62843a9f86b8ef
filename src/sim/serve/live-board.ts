import type { BoardEvents, BoardLink } from '../board-link.js';
import type { Lines } from '../reset-circuit.js';

/** One user of a board that stays switched on. */
export interface Client {
  /** For messages to others: `127.0.0.1:53912`, `upyw (process 4711)`. */
  readonly name: string;
  onData(bytes: Uint8Array): void;
  /** The board is gone. */
  onGone(): void;
  /** Whether somebody is still there; where that is not asked, the client says so itself when it goes. */
  isThere?(): Promise<boolean>;
}

export interface Session {
  write(bytes: Uint8Array, onSent?: () => void): void;
  /** Takes effect when what was written before has left; `onSet` runs then. */
  setBaudRate(baudRate: number, onSet?: () => void): void;
  setLines(lines: Partial<Lines>): void;
  readonly lines: Lines;
  /** How many bytes wait for the wire. */
  readonly queuedBytes: number;
  /** Lets go of the lines; the board runs on. */
  end(): void;
}

/**
 * A board between its clients: one at a time has it, by RFC 2217, from another upyw or on a pseudo-terminal. What the others type goes
 * nowhere, so that none can break into what another one runs.
 */
export class LiveBoard {
  readonly #board: BoardLink;
  readonly #clients = new Set<Client>();
  #holder: Client | undefined;
  #holding: Session | undefined;
  #lines: Lines = { dtr: false, rts: false };
  #queuedBytes = 0;
  #whenSent: (() => void)[] = [];

  /** `onGone` runs after the clients heard that the board is gone. */
  constructor(switchOn: (events: BoardEvents) => BoardLink, onGone: (reason?: Error) => void) {
    this.#board = switchOn({
      onData: (bytes) => {
        for (const client of [...this.#clients]) client.onData(bytes);
      },
      onGone: (reason) => {
        for (const client of [...this.#clients]) client.onGone();
        onGone(reason);
      },
    });
  }

  /** Who has the board. */
  get holder(): string | undefined {
    return this.#holder?.name;
  }

  isHeldBy(client: Client): boolean {
    return this.#holder === client;
  }

  /** Whoever has the board, and has gone without a word, loses it. */
  async checkHolder(): Promise<void> {
    const session = this.#holding;
    if ((await this.#holder?.isThere?.()) === false) session?.end();
  }

  /** Takes the board for this client; undefined when another one has it. */
  claim(client: Client): Session | undefined {
    if (this.#holder !== undefined) return undefined;
    this.#holder = client;
    this.#holding = this.#join(client, () => {
      this.#holder = undefined;
      this.#setLines({ dtr: false, rts: false });
    });
    return this.#holding;
  }

  /** Hears what the board says, and no more. @returns what ends that */
  listen(client: Client): Pick<Session, 'end'> {
    return this.#join(client, () => undefined);
  }

  async close(): Promise<void> {
    await this.#board.close();
  }

  #join(client: Client, onEnd: () => void): Session {
    this.#clients.add(client);
    const lines = (): Lines => this.#lines;
    const queuedBytes = (): number => this.#queuedBytes;
    return {
      write: (bytes, onSent) => {
        this.#write(bytes, onSent);
      },
      setBaudRate: (baudRate, onSet) => {
        this.#whenAllSent(() => {
          this.#board.setBaudRate(baudRate);
          onSet?.();
        });
      },
      setLines: (changes) => {
        this.#setLines({ ...this.#lines, ...changes });
      },
      get lines() {
        return lines();
      },
      get queuedBytes() {
        return queuedBytes();
      },
      end: () => {
        if (this.#clients.delete(client)) onEnd();
      },
    };
  }

  #write(bytes: Uint8Array, onSent?: () => void): void {
    this.#queuedBytes += bytes.length;
    this.#board.write(bytes, () => {
      this.#queuedBytes -= bytes.length;
      onSent?.();
      if (this.#queuedBytes === 0) for (const action of this.#whenSent.splice(0)) action();
    });
  }

  #whenAllSent(action: () => void): void {
    if (this.#queuedBytes === 0) action();
    else this.#whenSent.push(action);
  }

  #setLines(lines: Lines): void {
    this.#lines = lines;
    this.#board.setLines(lines);
  }
}
