import { createServer, type Server, type Socket } from 'node:net';
import { UpywError } from '../../errors.js';
import { errorCode } from '../../errors/local-error.js';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const defaultHost = '127.0.0.1';

/** Reads `HOST:PORT`, `[IPV6]:PORT`, `:PORT` or `PORT`; without a host, only this computer can connect. @throws UpywError `usage/bad-value` */
export function parseListenAddress(address: string): ListenAddress {
  const match = /^(?:(?:\[(?<ipv6>[^\]]*)\]|(?<host>[^:]*)):)?(?<port>\d{1,5})$/.exec(address);
  const port = Number(match?.groups?.['port'] ?? NaN);
  if (match === null || port > 65_535) {
    throw new UpywError('usage/bad-value', {
      name: '--listen',
      value: address,
      expected: 'HOST:PORT, as in 127.0.0.1:2217',
    });
  }
  const host = match.groups?.['ipv6'] ?? match.groups?.['host'];
  return { host: host === undefined || host === '' ? defaultHost : host, port };
}

/** A server that listens; closing it ends its connections too. */
export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

const plainReasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses that port number',
  EADDRNOTAVAIL: 'this computer has no such address',
  EACCES: 'this account may not use that port number',
};

/** @throws UpywError `sim/listen` */
export async function listen(
  { host, port }: ListenAddress,
  onConnection: (socket: Socket) => void,
): Promise<Listening> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  await started(server, { host, port });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function started(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const address = `${host}:${port}`;
      const reason = plainReasons[errorCode(error) ?? ''] ?? error.message;
      reject(new UpywError('sim/listen', { address, reason }, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}
