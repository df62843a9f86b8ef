import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ByteReader } from '../../../src/transport/byte-reader.js';
import { openSocketPort } from '../../../src/transport/network/socket.js';

const options = { baudRate: 115_200 };

/** A server whose clients are the test's to play with. */
async function serve(): Promise<{ name: string; accepted: Promise<Socket>; stop(): Promise<unknown> }> {
  const server = createServer();
  const accepted = once(server, 'connection').then(([socket]) => {
    (socket as Socket).on('error', () => undefined);
    onTestFinished(() => void (socket as Socket).destroy());
    return socket as Socket;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    name: `socket://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted,
    stop: () => {
      const stopped = once(server, 'close');
      server.close();
      return stopped;
    },
  };
}

describe('socket://', () => {
  it('carries every byte both ways', async () => {
    const server = await serve();
    const port = await openSocketPort(server.name, options);
    (await server.accepted).pipe(await server.accepted);
    const reader = new ByteReader(port);
    const all = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
    void port.write(all);
    await port.drain();
    expect(Buffer.from(await reader.read(all.length, { timeoutMs: 5000 })).equals(all)).toBe(true);
    await port.close();
  });

  it('has no lines and keeps the rate it was told', async () => {
    const server = await serve();
    const port = await openSocketPort(server.name, options);
    expect(port.capabilities).toEqual({ lines: false, baudRate: false });
    await expect(port.setLines({ rts: true })).rejects.toMatchObject({ code: 'port/no-lines' });
    await port.setBaudRate(9600);
    expect(port.baudRate).toBe(9600);
    await port.close();
  });

  it('says that nobody is there', async () => {
    const server = await serve();
    await server.stop();
    await expect(openSocketPort(server.name, options)).rejects.toMatchObject({
      code: 'port/refused',
      exitCode: 3,
      details: { port: server.name, reason: 'nothing listens there' },
    });
  });

  it('says that the host is unknown', async () => {
    await expect(openSocketPort('socket://no-such-host.invalid:9000', options)).rejects.toMatchObject({
      code: 'port/refused',
    });
  });

  it('does not connect for someone who has given up', async () => {
    const server = await serve();
    const opening = openSocketPort(server.name, { ...options, signal: AbortSignal.abort() });
    await expect(opening).rejects.toMatchObject({ code: 'run/interrupted' });
  });

  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'is lost when the far end goes away (%s)',
    async (how) => {
      const server = await serve();
      const port = await openSocketPort(server.name, options);
      const ends: (Error | undefined)[] = [];
      const ended = new Promise((resolve) =>
        port.subscribe({
          data: () => undefined,
          close: (reason) => {
            ends.push(reason);
            resolve(reason);
          },
        }),
      );
      (await server.accepted)[how]();
      expect(await ended).toMatchObject({ code: 'port/lost', details: { port: server.name } });
      await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'port/lost' });
      await port.close();
      expect(ends).toHaveLength(1);
    },
  );

  it('sends what was written before it closes, even while the far end talks without pause', async () => {
    const server = await serve();
    const port = await openSocketPort(server.name, options);
    const far = await server.accepted;
    let heard = '';
    far.on('data', (bytes) => (heard += bytes.toString()));
    const talking = setInterval(() => far.writable && far.write('x'.repeat(1000)), 1);
    const farEnded = once(far, 'end');
    const words = 'last words '.repeat(10_000);
    void port.write(Buffer.from(words));
    await port.close();
    await farEnded;
    clearInterval(talking);
    expect(heard).toBe(words);
  });

  it('closes soon although the far end neither reads nor hangs up', async () => {
    const server = await serve();
    const port = await openSocketPort(server.name, options);
    (await server.accepted).pause();
    const writing = port.write(new Uint8Array(20_000_000));
    const startedAt = performance.now();
    await Promise.all([port.close(), port.close()]);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await expect(writing).rejects.toMatchObject({ code: 'port/lost' });
  });

  it('tells of its end also those who come late', async () => {
    const server = await serve();
    const port = await openSocketPort(server.name, options);
    await port.close();
    const reason = await new Promise((resolve) => port.subscribe({ data: () => undefined, close: resolve }));
    expect(reason).toBeUndefined();
  });
});
