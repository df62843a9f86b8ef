import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { UpywError } from '../../errors.js';
import { chipIdentity } from '../chip/identity.js';
import { checkBoardName, type SimOptions } from '../sim-address.js';
import { describeHolder, takeLock, type BoardLock } from '../state/board-lock.js';
import { makeBoardFolder, openBoardFlash } from '../state/board-state.js';
import { digestOptions } from '../state/options-digest.js';
import { boardFolder } from '../state/state-folder.js';
import { strappingDelayMs, VirtualBoard } from '../virtual-board.js';
import { serveAttached } from './attach-server.js';
import { listen, parseListenAddress, type Listening } from './listen.js';
import { LiveBoard } from './live-board.js';
import { openPseudoTerminal, type PseudoTerminal } from './pseudo-terminal.js';
import { noTools, type TerminalTools } from './terminal-user.js';
import { networkStrappingDelayMs, Rfc2217Session } from './rfc2217-session.js';

export interface ServeOptions {
  readonly name: string;
  readonly options: SimOptions;
  /** `HOST:PORT`; port 0 takes a free one. */
  readonly listen: string;
  /** Also offer a pseudo-terminal. */
  readonly pty?: boolean;
  /** What the system tells of it. */
  readonly terminalTools?: TerminalTools;
  /** Ends the server. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ServeEvent) => void;
}

export type ServeEvent =
  /** `client` is the other side: an address, or `upyw (process 4711)`. */
  | { readonly kind: 'connected' | 'disconnected' | 'refused'; readonly client: string }
  /** So many bytes found MicroPython's input ring full, a moment ago. */
  | { readonly kind: 'input-lost'; readonly sizeBytes: number }
  /** The board's program has failed as a whole; the chip reboots. */
  | { readonly kind: 'panic'; readonly reason: string };

/** A board that is switched on and can be reached. */
export interface ServedBoard {
  /** `rfc2217://127.0.0.1:2217` */
  readonly url: string;
  /** The pseudo-terminal's path, where one was asked for. */
  readonly ptyPath?: string;
  /** Resolves when the server has ended and the board is switched off; rejects when the board failed (`sim/state`). */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/**
 * Keeps a board switched on and offers it to other programs: over RFC 2217, on a pseudo-terminal, and to other upyw as `sim:NAME`.
 * Resolves when all of that is ready.
 * @throws UpywError `sim/bad-name`, `sim/state`, `sim/listen`, `sim/no-pty`, `port/busy`
 */
export async function serveBoard(options: ServeOptions): Promise<ServedBoard> {
  const server = new BoardServer(options);
  try {
    return await server.start();
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** From the first byte that is lost until it is said. */
const tellLossAfterMs = 500;

class BoardServer {
  readonly #options: ServeOptions;
  readonly #token = randomBytes(16).toString('hex');
  readonly #servers: Listening[] = [];
  #lock: BoardLock | undefined;
  #board: LiveBoard | undefined;
  #device: VirtualBoard | undefined;
  #pty: PseudoTerminal | undefined;
  #closing: Promise<void> | undefined;
  #failure: Error | undefined;
  #lostBytes = 0;
  #lossTimer: NodeJS.Timeout | undefined;
  #onClosed: () => void = () => undefined;

  constructor(options: ServeOptions) {
    this.#options = options;
  }

  async start(): Promise<ServedBoard> {
    const { name, options, listen: asked, pty, terminalTools = noTools, signal } = this.#options;
    const folder = boardFolder(checkBoardName(name));
    const address = parseListenAddress(asked);
    makeBoardFolder(folder);
    // Connections are taken only once there is a board, a few lines below and before anyone can be told of the port.
    const attach = await listen({ host: '127.0.0.1', port: 0 }, (socket) => {
      this.#serveAttached(socket);
    });
    this.#servers.push(attach);
    this.#lock = this.#takeLock(folder, attach.port);
    const flash = openBoardFlash(folder);
    const board = new LiveBoard((events) => {
      this.#device = new VirtualBoard({
        ...options,
        flash,
        identity: chipIdentity(name, options.silicon),
        events,
        onInputLost: (sizeBytes) => {
          this.#countLost(sizeBytes);
        },
        onPanic: (reason) => this.#options.onEvent?.({ kind: 'panic', reason }),
      });
      return this.#device;
    }, this.#onGone);
    this.#board = board;
    const network = await listen(address, (socket) => {
      void board.checkHolder().then(() => {
        this.#serveRfc2217(socket, board, (delayMs) => {
          if (this.#device) this.#device.strappingDelayMs = delayMs;
        });
      });
    });
    this.#servers.push(network);
    if (pty === true) {
      this.#pty = await openPseudoTerminal(board, terminalTools, (client) => {
        this.#tell('refused', client);
      });
    }
    const ended = this.#whenEnded(signal);
    const host = address.host.includes(':') ? `[${address.host}]` : address.host;
    return {
      url: `rfc2217://${host}:${network.port}`,
      ...(this.#pty && { ptyPath: this.#pty.path }),
      ended,
      close: () => this.close(),
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #takeLock(folder: string, port: number): BoardLock {
    const { name, options } = this.#options;
    const optionsDigest = digestOptions(options, this.#token);
    const lock = takeLock(folder, { port, token: this.#token, optionsDigest });
    if ('release' in lock) return lock;
    throw new UpywError('port/busy', { port: `sim:${name}`, holder: describeHolder(lock) });
  }

  #serveRfc2217(socket: Socket, board: LiveBoard, setStrappingDelay: (delayMs: number) => void): void {
    const client = `${socket.remoteAddress ?? 'a client'}:${socket.remotePort ?? 0}`;
    const isServed = Rfc2217Session.start(socket, board, () => {
      setStrappingDelay(strappingDelayMs);
      this.#tell('disconnected', client);
    });
    if (isServed) setStrappingDelay(networkStrappingDelayMs);
    else refuse(socket);
    this.#tell(isServed ? 'connected' : 'refused', client);
  }

  #serveAttached(socket: Socket): void {
    if (this.#board === undefined || this.#device === undefined) {
      socket.destroy();
      return;
    }
    serveAttached(socket, this.#board, this.#device, this.#token, (name, isThere) => {
      this.#tell(isThere ? 'connected' : 'disconnected', name);
    });
  }

  #tell(kind: 'connected' | 'disconnected' | 'refused', client: string): void {
    if (kind === 'disconnected') this.#tellLost();
    if (this.#closing === undefined) this.#options.onEvent?.({ kind, client });
  }

  /** Bytes go one by one: they are told of together. */
  #countLost(sizeBytes: number): void {
    if (this.#lostBytes === 0) {
      this.#lossTimer = setTimeout(() => {
        this.#tellLost();
      }, tellLossAfterMs).unref();
    }
    this.#lostBytes += sizeBytes;
  }

  #tellLost(): void {
    clearTimeout(this.#lossTimer);
    const sizeBytes = this.#lostBytes;
    this.#lostBytes = 0;
    if (sizeBytes > 0) this.#options.onEvent?.({ kind: 'input-lost', sizeBytes });
  }

  readonly #onGone = (reason?: Error): void => {
    this.#failure = reason;
    void this.close();
  };

  async #whenEnded(signal: AbortSignal | undefined): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#onClosed = resolve;
    });
    if (signal?.aborted === true) void this.close();
    else signal?.addEventListener('abort', () => void this.close(), { once: true });
    await closed;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #close(): Promise<void> {
    this.#pty?.close();
    await Promise.all(this.#servers.map((server) => server.close()));
    await this.#board?.close();
    this.#tellLost();
    this.#lock?.release();
    this.#onClosed();
  }
}

/** Says so in the words of ser2net, and waits for nobody: what else this client sends is dropped until it hangs up. */
function refuse(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.resume();
  socket.end('Port already in use\r\n');
}
