import { connect, createServer, type Server, type Socket } from 'node:net';
import type { MessagePort } from 'node:worker_threads';
import { errorCode } from '../../errors/local-error.js';
import { type FromHost, isLoopback, type ToHost, windowBytes } from './host-messages.js';

/** Where `127.0.0.1` leads: what listens on this computer does so on one of these, or on both. */
const loopbacks = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Whoever connects knows it first, as with lwIP: a program may be both. */
const acceptMs = 2;

/**
 * This computer's end of a board's sockets, for `sim:?net=host`: connections to its own loopback addresses and from there, and nowhere else.
 * It works for the VM's thread, which cannot wait for callbacks.
 */
export class HostNet {
  readonly #port: MessagePort;
  readonly #sockets = new Map<number, Socket>();
  readonly #servers = new Map<number, Server>();
  /** How many bytes of a connection the program has not read. */
  readonly #unread = new Map<number, number>();
  #accepted = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (message: ToHost) => {
      this.#handle(message);
    });
  }

  /** The board is off, or its program has ended. */
  close(): void {
    this.#port.close();
    for (const socket of this.#sockets.values()) socket.destroy();
    for (const server of this.#servers.values()) server.close();
  }

  #handle(message: ToHost): void {
    const { connection } = message;
    switch (message.kind) {
      case 'connect':
        this.#connect(connection, message.host, message.port);
        break;
      case 'listen':
        this.#listen(connection, message.host, message.port);
        break;
      case 'send':
        this.#sockets.get(connection)?.write(message.bytes, () => {
          this.#tell({ kind: 'sent', connection, sizeBytes: message.bytes.length });
        });
        break;
      case 'taken':
        this.#count(connection, -message.sizeBytes);
        break;
      case 'close':
        this.#end(connection);
    }
  }

  #tell(message: FromHost): void {
    this.#port.postMessage(message);
  }

  #connect(connection: number, host: string, port: number): void {
    if (!isLoopback(host)) {
      this.#tell({ kind: 'failed', connection, code: 'EHOSTUNREACH' });
      return;
    }
    const isUsual = host === 'localhost' || host === '127.0.0.1';
    const socket = connect({
      host: isUsual ? 'localhost' : host,
      port,
      autoSelectFamily: true,
      // No name server has a say in where this leads.
      ...(isUsual && {
        lookup: (_name, _options, found) => {
          found(null, loopbacks);
        },
      }),
    });
    socket.once('connect', () => {
      this.#tell({ kind: 'open', connection });
    });
    this.#serve(connection, socket);
  }

  #listen(connection: number, host: string, port: number): void {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      setTimeout(() => {
        this.#accept(connection, socket);
      }, acceptMs);
    });
    this.#servers.set(connection, server);
    server.once('error', (error) => {
      this.#tell({ kind: 'failed', connection, code: errorCode(error) ?? '' });
    });
    // Also what a program has for all addresses is for this computer alone.
    server.listen(port, isLoopback(host) ? host : '127.0.0.1', () => {
      this.#tell({ kind: 'open', connection });
    });
  }

  #accept(listener: number, socket: Socket): void {
    this.#accepted += 1;
    const connection = -this.#accepted;
    const from = { host: socket.remoteAddress ?? '127.0.0.1', port: socket.remotePort ?? 0 };
    this.#tell({ kind: 'accepted', listener, connection, ...from });
    this.#serve(connection, socket);
    socket.resume();
  }

  #serve(connection: number, socket: Socket): void {
    this.#sockets.set(connection, socket);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Uint8Array) => {
      this.#tell({ kind: 'data', connection, bytes: Uint8Array.from(chunk) });
      this.#count(connection, chunk.length);
    });
    socket.once('end', () => {
      this.#tell({ kind: 'end', connection });
    });
    socket.once('error', (error) => {
      this.#tell({ kind: 'failed', connection, code: errorCode(error) ?? '' });
    });
    socket.once('close', () => {
      this.#sockets.delete(connection);
      this.#unread.delete(connection);
    });
  }

  /** What the program does not read waits on the other side, as for a real board. */
  #count(connection: number, sizeBytes: number): void {
    const socket = this.#sockets.get(connection);
    if (socket === undefined) return;
    const unread = (this.#unread.get(connection) ?? 0) + sizeBytes;
    this.#unread.set(connection, unread);
    if (unread >= windowBytes) socket.pause();
    else if (socket.isPaused()) socket.resume();
  }

  /** What was sent before still leaves. */
  #end(connection: number): void {
    this.#sockets.get(connection)?.end();
    this.#sockets.get(connection)?.resume();
    this.#servers.get(connection)?.close();
    this.#servers.delete(connection);
  }
}
