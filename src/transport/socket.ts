import type { Socket } from 'node:net';
import { UpywError } from '../errors.js';
import { parseNetworkAddress } from './network-address.js';
import { PortListeners } from './port-listeners.js';
import type { OpenOptions, Port } from './port.js';
import { closeTcp, connectTcp } from './tcp.js';

/** Opens `socket://host:port`: the bytes as they are, no lines, no baud rate. Throws `port/refused`. */
export async function openSocketPort(name: string, options: OpenOptions): Promise<Port> {
  const socket = await connectTcp(name, parseNetworkAddress(name), options.signal);
  return new SocketPort(name, socket, options.baudRate);
}

class SocketPort implements Port {
  readonly name: string;
  readonly kind = 'socket';
  readonly capabilities = { lines: false, baudRate: false };
  readonly #socket: Socket;
  readonly #listeners = new PortListeners();
  #baudRate: number;
  #lastWrite: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(name: string, socket: Socket, baudRate: number) {
    this.name = name;
    this.#socket = socket;
    this.#baudRate = baudRate;
    socket.on('data', (bytes: Uint8Array) => {
      this.#listeners.deliver(bytes);
    });
    socket.on('error', (cause) => {
      this.#listeners.end(new UpywError('port/lost', { port: name }, { cause }));
    });
    // 'end' comes when the far end says goodbye, 'close' when all is over: whichever is first.
    const onEnd = () => {
      this.#listeners.end(new UpywError('port/lost', { port: name }));
    };
    socket.on('end', onEnd);
    socket.on('close', onEnd);
  }

  /** What the far end is said to run at; it is not told. */
  get baudRate(): number {
    return this.#baudRate;
  }

  subscribe(...[listener]: Parameters<Port['subscribe']>): () => void {
    return this.#listeners.subscribe(listener);
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#listeners.closed) return Promise.reject(this.#listeners.lostError(this.name));
    this.#lastWrite = new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error) reject(new UpywError('port/lost', { port: this.name }, { cause: error }));
        else resolve();
      });
    });
    this.#lastWrite.catch(() => undefined); // a write nobody waits for is told by `close`
    return this.#lastWrite;
  }

  drain(): Promise<void> {
    return this.#lastWrite;
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.drain();
    this.#baudRate = baudRate;
  }

  setLines(): Promise<void> {
    return Promise.reject(new UpywError('port/no-lines', { port: this.name }));
  }

  close(): Promise<void> {
    this.#listeners.end();
    return (this.#closing ??= closeTcp(this.#socket));
  }
}
