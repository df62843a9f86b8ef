import { Buffer } from 'node:buffer';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { stall } from '../micropython/console/board-console.js';
import { type FromHost, type ToHost, windowBytes } from './host-messages.js';

/** newlib's numbers, as MicroPython on the ESP32 raises them. What nobody listens to is reset, by lwIP. */
const errnos: Readonly<Record<string, number>> = {
  ECONNREFUSED: 104,
  ECONNRESET: 104,
  EPIPE: 104,
  EADDRINUSE: 112,
  EACCES: 13,
  EHOSTUNREACH: 118,
  ETIMEDOUT: 116,
};
const otherErrno = 5;
/** The wire's thread answers at once, but for what it has to do before. */
const listenMs = 2000;

/** What `select.poll` says of a stream (py/stream.h). */
const Poll = { in: 1, out: 4, error: 8, hangUp: 16 } as const;

interface HostSocket {
  readonly connection: number;
  state: 'connecting' | 'open';
  received: Buffer;
  unsentBytes: number;
  hasEnded: boolean;
  /** Why it failed; 0: it did not. */
  errno: number;
  /** Who came, and was not accepted yet. */
  readonly waiting: [connection: number, host: string, port: number][];
}

/** The VM's end of {@link HostNet}: what has come is looked at when the program asks. Sockets are known by the file that stands for them. */
export class HostSockets {
  readonly #port: MessagePort;
  readonly #byFile = new Map<number, HostSocket>();
  readonly #byConnection = new Map<number, HostSocket>();
  #opened = 0;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  has(file: number): boolean {
    return this.#byFile.has(file);
  }

  connect(file: number, host: string, port: number): void {
    const { connection } = this.#add(file, 'connecting');
    this.#tell({ kind: 'connect', connection, host, port });
  }

  /** @returns an error's number, or 0 */
  listen(file: number, host: string, port: number): number {
    const socket = this.#add(file, 'connecting');
    this.#tell({ kind: 'listen', connection: socket.connection, host, port });
    const endMs = performance.now() + listenMs;
    while (this.opened(file) === undefined && performance.now() < endMs) stall(1);
    return this.opened(file) ?? otherErrno;
  }

  /** @returns 0 when it is open, an error's number, or undefined: not yet */
  opened(file: number): number | undefined {
    const socket = this.#socket(file);
    if (socket === undefined || socket.errno !== 0) return socket?.errno ?? otherErrno;
    return socket.state === 'open' ? 0 : undefined;
  }

  /** Who came first. */
  accept(file: number): readonly [connection: number, host: string, port: number] | undefined {
    return this.#socket(file)?.waiting.shift();
  }

  /** From now on a file stands for a connection that was accepted. */
  adopt(file: number, connection: number): void {
    const socket = this.#byConnection.get(connection);
    if (socket !== undefined) this.#byFile.set(file, socket);
  }

  /** How many bytes can be read; -1 at the end, less than that the number of an error. */
  available(file: number): number {
    const { received, hasEnded = true, errno = 0 } = this.#socket(file) ?? {};
    if (received !== undefined && received.length > 0) return received.length;
    if (errno !== 0) return -errno;
    return hasEnded ? -1 : 0;
  }

  receive(file: number, sizeBytes: number): Uint8Array {
    const socket = this.#socket(file);
    if (socket === undefined) return new Uint8Array(0);
    const bytes = socket.received.subarray(0, sizeBytes);
    socket.received = socket.received.subarray(bytes.length);
    if (bytes.length > 0)
      this.#tell({ kind: 'taken', connection: socket.connection, sizeBytes: bytes.length });
    return bytes;
  }

  /** How many bytes can be sent without waiting; less than 0: the number of an error. */
  room(file: number): number {
    const socket = this.#socket(file);
    if (socket === undefined) return -otherErrno;
    if (socket.errno !== 0) return -socket.errno;
    return socket.state === 'open' ? windowBytes - socket.unsentBytes : 0;
  }

  send(file: number, bytes: Uint8Array): void {
    const socket = this.#socket(file);
    if (socket === undefined) return;
    socket.unsentBytes += bytes.length;
    this.#tell({ kind: 'send', connection: socket.connection, bytes: Uint8Array.from(bytes) });
  }

  poll(file: number): number {
    const socket = this.#socket(file);
    if (socket === undefined) return 0;
    const { received, hasEnded, errno, waiting } = socket;
    const isReadable = received.length > 0 || waiting.length > 0 || hasEnded || errno !== 0;
    return (
      (isReadable ? Poll.in : 0) |
      (this.room(file) > 0 ? Poll.out : 0) |
      (errno === 0 ? 0 : Poll.error | Poll.hangUp)
    );
  }

  close(file: number): void {
    const socket = this.#byFile.get(file);
    if (socket === undefined) return;
    this.#byFile.delete(file);
    for (const [connection] of socket.waiting) this.#forget(connection);
    this.#forget(socket.connection);
  }

  #forget(connection: number): void {
    this.#byConnection.delete(connection);
    this.#tell({ kind: 'close', connection });
  }

  #add(file: number, state: HostSocket['state']): HostSocket {
    this.#opened += 1;
    const socket = newSocket(this.#opened, state);
    this.#byFile.set(file, socket);
    this.#byConnection.set(socket.connection, socket);
    return socket;
  }

  #socket(file: number): HostSocket | undefined {
    this.#lookAround();
    return this.#byFile.get(file);
  }

  #lookAround(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as { message: FromHost } | undefined;
      if (received === undefined) return;
      this.#handle(received.message);
    }
  }

  #handle(message: FromHost): void {
    if (message.kind === 'accepted') {
      const { listener, connection, host, port } = message;
      this.#byConnection.set(connection, newSocket(connection, 'open'));
      this.#byConnection.get(listener)?.waiting.push([connection, host, port]);
      return;
    }
    const socket = this.#byConnection.get(message.connection);
    if (socket === undefined) return;
    if (message.kind === 'open') socket.state = 'open';
    else if (message.kind === 'data') socket.received = Buffer.concat([socket.received, message.bytes]);
    else if (message.kind === 'sent') socket.unsentBytes -= message.sizeBytes;
    else if (message.kind === 'end') socket.hasEnded = true;
    else socket.errno = errnos[message.code] ?? otherErrno;
  }

  #tell(message: ToHost): void {
    this.#port.postMessage(message);
  }
}

function newSocket(connection: number, state: HostSocket['state']): HostSocket {
  return {
    connection,
    state,
    received: Buffer.alloc(0),
    unsentBytes: 0,
    hasEnded: false,
    errno: 0,
    waiting: [],
  };
}
