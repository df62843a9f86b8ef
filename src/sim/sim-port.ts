import { isDeepStrictEqual } from 'node:util';
import { UpywError } from '../errors.js';
import { shownAddress } from '../shown-address.js';
import type { OpenOptions, Port, PortLines, PortListener } from '../transport/port.js';
import type { BoardEvents, BoardLink } from './board-link.js';
import { attachBoard } from './serve/attach-client.js';
import {
  defaultOptions,
  knownOptions,
  parseSimAddress,
  type SimAddress,
  type SimOptions,
} from './sim-address.js';
import { lockHolder, type AttachAddress } from './state/board-lock.js';
import { boardFolder } from './state/state-folder.js';

/** What an operating system takes before it lets a writer wait. */
const writeBufferBytes = 4096;

/**
 * Opens `sim:[NAME][?key[=value]&…]`: the board is switched on for as long as the port is open, as if it had been on for long.
 * The port's name is the address without its passwords.
 * @throws UpywError `sim/bad-name`, `sim/bad-option`, `sim/state`, `port/busy`
 */
export async function openSimPort(address: string, { baudRate }: OpenOptions): Promise<Port> {
  const { name, options } = parseSimAddress(address);
  const folder = boardFolder(name);
  const shown = shownAddress(address);
  const listeners = new BoardListeners(() => new UpywError('port/lost', { port: shown }));
  const attach = lockHolder(folder)?.attach;
  const isFresh = attach === undefined;
  const board = await connect(shown, folder, { name, options }, { attach, events: listeners });
  return new SimPort(shown, { baudRate, isFresh }, board, listeners);
}

/** The board of this process, or the one that `upyw sim serve` keeps on. */
async function connect(
  address: string,
  folder: string,
  asked: SimAddress,
  { attach, events }: { readonly attach: AttachAddress | undefined; readonly events: BoardEvents },
): Promise<BoardLink> {
  if (attach === undefined) {
    // Who talks to a board that another process keeps on needs none of its own.
    const { switchOn } = await import('./switch-on.js');
    return switchOn(address, folder, asked, events);
  }
  await mustBeSame(asked.options, attach);
  return attachBoard(address, attach, events);
}

/** A board that is on already stays as it was switched on. @throws UpywError `sim/bad-option` */
async function mustBeSame(asked: SimOptions, { token, optionsDigest }: AttachAddress): Promise<void> {
  if (isDeepStrictEqual(asked, defaultOptions)) return;
  const { digestOptions } = await import('./state/options-digest.js');
  if (digestOptions(asked, token) === optionsDigest) return;
  const reason = 'upyw sim serve keeps this board switched on; give the option there, or wait for its end';
  throw new UpywError('sim/bad-option', { option: 'after ?', reason, known: [...knownOptions] });
}

/** Who listens to a port, and whether its board is still there. */
class BoardListeners implements BoardEvents {
  readonly #listeners = new Set<PortListener>();
  readonly #lost: () => UpywError;
  /** Set once the board is gone: why. */
  goneReason: Error | undefined;
  /** Runs before the listeners hear that the board is gone. */
  beforeGone: () => void = () => undefined;

  /** `lost` is the reason where there is no better one. */
  constructor(lost: () => UpywError) {
    this.#lost = lost;
  }

  add(listener: PortListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  onData(bytes: Uint8Array): void {
    for (const listener of [...this.#listeners]) listener.data(bytes);
  }

  onGone(reason?: Error): void {
    this.goneReason ??= reason ?? this.#lost();
    this.beforeGone();
    this.end(this.goneReason);
  }

  end(reason?: Error): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener.close(reason);
  }
}

/** The port of a virtual board, wherever that runs. */
class SimPort implements Port {
  readonly kind = 'sim';
  readonly capabilities = { lines: true, baudRate: true };
  readonly name: string;
  readonly isFresh: boolean;
  readonly #board: BoardLink;
  readonly #listeners: BoardListeners;
  #baudRate: number;
  #lines: PortLines = { dtr: false, rts: false };
  #queuedBytes = 0;
  /** Wait until no more than so many bytes are queued. */
  #waiting: { readonly maxBytes: number; readonly resolve: () => void }[] = [];
  #closing: Promise<void> | undefined;

  constructor(
    name: string,
    { baudRate, isFresh }: { readonly baudRate: number; readonly isFresh: boolean },
    board: BoardLink,
    listeners: BoardListeners,
  ) {
    this.name = name;
    this.isFresh = isFresh;
    this.#baudRate = baudRate;
    this.#board = board;
    this.#listeners = listeners;
    listeners.beforeGone = () => {
      this.#wake();
    };
    board.setBaudRate(baudRate);
  }

  get baudRate(): number {
    return this.#baudRate;
  }

  subscribe(listener: PortListener): () => void {
    return this.#listeners.add(listener);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    this.#queuedBytes += bytes.length;
    this.#board.write(bytes.slice(), () => {
      this.#queuedBytes -= bytes.length;
      this.#wake();
    });
    await this.#untilQueued(writeBufferBytes);
  }

  async drain(): Promise<void> {
    this.#mustBeOpen();
    await this.#untilQueued(0);
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.drain();
    this.#baudRate = baudRate;
    this.#board.setBaudRate(baudRate);
  }

  setLines(lines: Partial<PortLines>): Promise<void> {
    return Promise.resolve().then(() => {
      this.#mustBeOpen();
      this.#lines = { ...this.#lines, ...lines };
      this.#board.setLines(this.#lines);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#board.close();
    this.#wake();
    this.#listeners.end();
  }

  async #untilQueued(maxBytes: number): Promise<void> {
    if (this.#queuedBytes > maxBytes) {
      await new Promise<void>((resolve) => {
        this.#waiting.push({ maxBytes, resolve });
      });
    }
    this.#mustBeOpen();
  }

  #wake(): void {
    const isOpen = this.#listeners.goneReason === undefined && this.#closing === undefined;
    const isReady = ({ maxBytes }: { maxBytes: number }): boolean => !isOpen || this.#queuedBytes <= maxBytes;
    const ready = this.#waiting.filter(isReady);
    this.#waiting = this.#waiting.filter((each) => !isReady(each));
    for (const { resolve } of ready) resolve();
  }

  #mustBeOpen(): void {
    if (this.#listeners.goneReason !== undefined) throw this.#listeners.goneReason;
    if (this.#closing !== undefined) throw new UpywError('port/lost', { port: this.name });
  }
}
