import { connect, type Socket } from 'node:net';
import { UpywError } from '../../errors.js';
import { throwIfInterrupted } from '../interrupt.js';
import type { NetworkAddress } from './network-address.js';

const connectTimeoutMs = 10_000;
/** A far end that vanished without a word (Wi-Fi gone, laptop asleep) is noticed by probes that start after this. */
const keepAliveAfterMs = 10_000;
const closeTimeoutMs = 500;

const plainReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no host of that name is known',
  EAI_AGAIN: 'the name cannot be looked up now; is the network connected?',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the host does not answer',
  ECONNRESET: 'the server closed the connection at once',
  EACCES: 'this computer does not allow it',
};

/** Connects without delay for small packets. Throws `port/refused`, or `run/interrupted` when `signal` aborts. */
export async function connectTcp(
  name: string,
  { host, tcpPort }: NetworkAddress,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  throwIfInterrupted(signal);
  const socket = connect({
    host,
    port: tcpPort,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveAfterMs,
  });
  let onAbort: (() => void) | undefined;
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
  }, connectTimeoutMs);
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => {
        reject(new UpywError('run/interrupted', {}));
      };
      signal?.addEventListener('abort', onAbort);
      socket.once('connect', resolve);
      socket.once('error', (error) => {
        reject(new UpywError('port/refused', { port: name, reason: plainReason(error) }, { cause: error }));
      });
    });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

/** Hands a piece to the operating system. Throws `port/lost`. */
export function sendTcp(name: string, socket: Socket, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(piece, (error) => {
      if (error) reject(new UpywError('port/lost', { port: name }, { cause: error }));
      else resolve();
    });
  });
}

/** Passes on what comes, and that the far end went away (`port/lost`), however it did so. */
export function listenToTcp(
  name: string,
  socket: Socket,
  to: { data(bytes: Uint8Array): void; end(reason: Error): void },
): void {
  socket.on('data', (bytes: Uint8Array) => {
    to.data(bytes);
  });
  socket.on('error', (cause) => {
    to.end(new UpywError('port/lost', { port: name }, { cause }));
  });
  // 'end' comes when the far end says goodbye, 'close' when all is over: whichever is first.
  const onEnd = () => {
    to.end(new UpywError('port/lost', { port: name }));
  };
  socket.on('end', onEnd);
  socket.on('close', onEnd);
}

/**
 * Sends what was written, then says goodbye and waits for the far end to do the same; after half a second it hangs up.
 * A plain `destroy` would not do: with unread bytes waiting it resets the connection, and what was written last is lost.
 */
export async function closeTcp(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), closeTimeoutMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
    socket.end();
  });
}

function plainReason(error: Error): string {
  // When a name has several addresses, Node collects what happened to each in an AggregateError without a message.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  return plainReasons[code] ?? (first instanceof Error ? first.message : String(first));
}
