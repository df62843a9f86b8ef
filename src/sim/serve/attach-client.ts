import { connect, type Socket } from 'node:net';
import { UpywError } from '../../errors.js';
import type { BoardEvents, BoardLink } from '../board-link.js';
import type { AttachAddress } from '../state/board-lock.js';
import { decodeNumber, encodeFrame, encodeNumber, Frame, FrameReceiver } from './attach-frames.js';

const connectTimeoutMs = 5000;
const closeTimeoutMs = 2000;

/**
 * Attaches to a board that `upyw sim serve` keeps switched on.
 * @throws UpywError `port/busy` when another client has it, `port/failed` when the server does not answer
 */
export function attachBoard(port: string, address: AttachAddress, events: BoardEvents): Promise<BoardLink> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new UpywError('port/failed', { port, reason }));
    };
    const socket = connect({ host: '127.0.0.1', port: address.port, noDelay: true });
    const timer = setTimeout(fail, connectTimeoutMs, 'its server (upyw sim serve) does not answer');
    const link = new AttachedBoard(socket, events);
    const receiver = new FrameReceiver((kind, body) => {
      if (kind === Frame.welcome) {
        clearTimeout(timer);
        resolve(link);
      } else if (kind === Frame.busy) {
        clearTimeout(timer);
        reject(new UpywError('port/busy', { port, holder: new TextDecoder().decode(body) }));
        socket.destroy();
      } else link.handle(kind, body);
    });
    socket.on('connect', () => {
      const hello = JSON.stringify({ token: address.token, pid: process.pid });
      socket.write(encodeFrame(Frame.hello, new TextEncoder().encode(hello)));
    });
    socket.on('data', (chunk) => {
      receiver.receive(chunk);
    });
    socket.on('error', (error) => {
      clearTimeout(timer);
      fail(error.message);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      fail('its server (upyw sim serve) closed the connection');
      link.end();
    });
  });
}

class AttachedBoard implements BoardLink {
  readonly #socket: Socket;
  readonly #events: BoardEvents;
  readonly #unsent: (() => void)[] = [];
  #isClosed = false;

  constructor(socket: Socket, events: BoardEvents) {
    this.#socket = socket;
    this.#events = events;
  }

  write(bytes: Uint8Array, onSent: () => void): void {
    this.#unsent.push(onSent);
    this.#socket.write(encodeFrame(Frame.data, bytes));
  }

  setBaudRate(baudRate: number): void {
    this.#socket.write(encodeNumber(Frame.baudRate, baudRate));
  }

  setLines({ dtr, rts }: { dtr: boolean; rts: boolean }): void {
    this.#socket.write(encodeNumber(Frame.lines, (dtr ? 1 : 0) | (rts ? 2 : 0)));
  }

  /** Resolves when the server knows, so that the next one to come finds the board free. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#socket.closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#socket.destroy(), closeTimeoutMs);
      this.#socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.end();
    });
  }

  handle(kind: number, body: Uint8Array): void {
    if (kind === Frame.data) this.#events.onData(body);
    else if (kind === Frame.sent && decodeNumber(body) >= 0) this.#unsent.shift()?.();
  }

  end(): void {
    if (!this.#isClosed) this.#events.onGone();
    this.#isClosed = true;
  }
}
