import { UpywError } from '../errors.js';
import type { OpenOptions, Port, PortLines, PortListener } from '../transport/port.js';
import type { BoardEvents, BoardLink } from './board-link.js';
import { chipIdentity } from './chip/identity.js';
import { parseSimAddress, type SimAddress } from './sim-address.js';
import { makeBoardFolder, openBoardFlash } from './state/board-state.js';
import { takeLock } from './state/board-lock.js';
import { boardFolder } from './state/state-folder.js';
import { VirtualBoard } from './virtual-board.js';

/** What an operating system takes before it lets a writer wait. */
const writeBufferBytes = 4096;

/**
 * Opens `sim:[NAME][?key[=value]&…]`: the board is switched on for as long as the port is open, as if it had been on for long.
 * @throws UpywError `sim/bad-name`, `sim/bad-option`, `sim/state`, `port/busy`
 */
export function openSimPort(address: string, options: OpenOptions): Promise<Port> {
  return Promise.resolve().then(() => openSync(address, options));
}

function openSync(address: string, { baudRate }: OpenOptions): Port {
  const { name, options } = parseSimAddress(address);
  const folder = boardFolder(name);
  makeBoardFolder(folder);
  return new SimPort(address, baudRate, (events) => switchOn(address, folder, { name, options }, events));
}

/** Holds the board's lock for as long as it is on. */
function switchOn(
  address: string,
  folder: string,
  { name, options }: SimAddress,
  events: BoardEvents,
): BoardLink {
  const lock = takeLock(folder);
  if (!('release' in lock)) {
    throw new UpywError('port/busy', { port: address, holder: `another upyw (process ${lock.pid})` });
  }
  try {
    const flash = openBoardFlash(folder);
    const board = new VirtualBoard({ ...options, flash, identity: chipIdentity(name), events });
    return {
      write: board.write.bind(board),
      setBaudRate: board.setBaudRate.bind(board),
      setLines: board.setLines.bind(board),
      close: () =>
        board.close().finally(() => {
          lock.release();
        }),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The port of a virtual board, wherever that runs. */
class SimPort implements Port {
  readonly kind = 'sim';
  readonly capabilities = { lines: true, baudRate: true };
  readonly name: string;
  readonly #board: BoardLink;
  readonly #listeners = new Set<PortListener>();
  #baudRate: number;
  #lines: PortLines = { dtr: false, rts: false };
  #queuedBytes = 0;
  /** Wait until no more than so many bytes are queued. */
  #waiting: { readonly maxBytes: number; readonly resolve: () => void }[] = [];
  #closing: Promise<void> | undefined;
  #goneReason: Error | undefined;

  constructor(name: string, baudRate: number, connect: (events: BoardEvents) => BoardLink) {
    this.name = name;
    this.#baudRate = baudRate;
    this.#board = connect({
      onData: (bytes) => {
        for (const listener of [...this.#listeners]) listener.data(bytes);
      },
      onGone: (reason) => {
        this.#lose(reason ?? this.#lost());
      },
    });
    this.#board.setBaudRate(baudRate);
  }

  get baudRate(): number {
    return this.#baudRate;
  }

  subscribe(listener: PortListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
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
    for (const listener of this.#takeListeners()) listener.close();
  }

  #lose(reason: Error): void {
    this.#goneReason ??= reason;
    this.#wake();
    for (const listener of this.#takeListeners()) listener.close(reason);
  }

  #takeListeners(): PortListener[] {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    return listeners;
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
    const isOpen = this.#goneReason === undefined && this.#closing === undefined;
    const isReady = ({ maxBytes }: { maxBytes: number }): boolean => !isOpen || this.#queuedBytes <= maxBytes;
    const ready = this.#waiting.filter(isReady);
    this.#waiting = this.#waiting.filter((each) => !isReady(each));
    for (const { resolve } of ready) resolve();
  }

  #mustBeOpen(): void {
    if (this.#goneReason !== undefined) throw this.#goneReason;
    if (this.#closing !== undefined) throw this.#lost();
  }

  #lost(): UpywError {
    return new UpywError('port/lost', { port: this.name });
  }
}
