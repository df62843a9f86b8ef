import { UpywError } from '../errors.js';
import type { OpenOptions, Port, PortLines, PortListener } from '../transport/port.js';
import { chipIdentity } from './chip/identity.js';
import { parseSimAddress } from './sim-address.js';
import { makeBoardFolder, openBoardFlash } from './state/board-state.js';
import { takeLock, type BoardLock } from './state/board-lock.js';
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
  const lock = takeLock(folder);
  if (!('release' in lock))
    throw new UpywError('port/busy', { port: address, holder: `another upyw (process ${lock.pid})` });
  try {
    const flash = openBoardFlash(folder);
    const port = new SimPort(
      address,
      baudRate,
      lock,
      (onData) => new VirtualBoard({ ...options, flash, identity: chipIdentity(name), onData }),
    );
    return port;
  } catch (error) {
    lock.release();
    throw error;
  }
}

class SimPort implements Port {
  readonly kind = 'sim';
  readonly capabilities = { lines: true, baudRate: true };
  readonly name: string;
  readonly #board: VirtualBoard;
  readonly #lock: BoardLock;
  readonly #listeners = new Set<PortListener>();
  #baudRate: number;
  #lines: PortLines = { dtr: false, rts: false };
  #queuedBytes = 0;
  #whenRoom: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  constructor(
    name: string,
    baudRate: number,
    lock: BoardLock,
    switchOn: (onData: (bytes: Uint8Array) => void) => VirtualBoard,
  ) {
    this.name = name;
    this.#baudRate = baudRate;
    this.#lock = lock;
    this.#board = switchOn((bytes) => {
      for (const listener of [...this.#listeners]) listener.data(bytes);
    });
    this.#board.setHostBaudRate(baudRate);
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
      if (this.#queuedBytes <= writeBufferBytes) for (const resolve of this.#whenRoom.splice(0)) resolve();
    });
    if (this.#queuedBytes <= writeBufferBytes) return;
    await new Promise<void>((resolve) => {
      this.#whenRoom.push(resolve);
    });
    this.#mustBeOpen();
  }

  async drain(): Promise<void> {
    this.#mustBeOpen();
    await this.#board.drain();
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.drain();
    this.#mustBeOpen();
    this.#baudRate = baudRate;
    this.#board.setHostBaudRate(baudRate);
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
    this.#lock.release();
    for (const resolve of this.#whenRoom.splice(0)) resolve();
    for (const listener of [...this.#listeners]) listener.close();
    this.#listeners.clear();
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw new UpywError('port/lost', { port: this.name });
  }
}
