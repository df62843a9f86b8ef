import type { Socket } from 'node:net';
import { UpywError } from '../../errors.js';
import { parseNetworkAddress } from './network-address.js';
import { PortListeners } from '../port-listeners.js';
import { PortWriter } from '../port-writer.js';
import type { OpenOptions, Port } from '../port.js';
import { closeTcp, connectTcp, listenToTcp, sendTcp } from './tcp.js';

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
  readonly #writer: PortWriter;
  #baudRate: number;
  #closing: Promise<void> | undefined;

  constructor(name: string, socket: Socket, baudRate: number) {
    this.name = name;
    this.#socket = socket;
    this.#baudRate = baudRate;
    this.#writer = new PortWriter(this, this.#listeners, (piece) => sendTcp(name, socket, piece));
    listenToTcp(name, socket, {
      data: (bytes) => {
        this.#listeners.deliver(bytes);
      },
      end: (reason) => {
        this.#listeners.end(reason);
      },
    });
  }

  /** What the far end is said to run at; it is not told. */
  get baudRate(): number {
    return this.#baudRate;
  }

  subscribe(...[listener]: Parameters<Port['subscribe']>): () => void {
    return this.#listeners.subscribe(listener);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#writer.write(bytes);
  }

  drain(): Promise<void> {
    return this.#writer.run(() => Promise.resolve());
  }

  setBaudRate(baudRate: number): Promise<void> {
    return this.#writer.run(() => {
      this.#baudRate = baudRate;
      return Promise.resolve();
    });
  }

  setLines(): Promise<void> {
    return Promise.reject(new UpywError('port/no-lines', { port: this.name }));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#shutDown());
  }

  async #shutDown(): Promise<void> {
    await this.#writer.finish();
    this.#listeners.end();
    await closeTcp(this.#socket);
  }
}
