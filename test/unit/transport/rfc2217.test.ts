import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ByteReader } from '../../../src/transport/byte-reader.js';
import type { Port } from '../../../src/transport/port.js';
import { openRfc2217Port } from '../../../src/transport/rfc2217/rfc2217.js';
import { Rfc2217Server, type Rfc2217ServerBehaviour } from '../../support/rfc2217-server.js';

const baudRate = 115_200;
const timeoutMs = 5000;

async function start(behaviour?: Rfc2217ServerBehaviour): Promise<Rfc2217Server> {
  const server = await Rfc2217Server.start(behaviour);
  onTestFinished(() => server.stop());
  return server;
}

async function open(server: Rfc2217Server, urlOptions = ''): Promise<Port> {
  const port = await openRfc2217Port(server.name + urlOptions, { baudRate });
  onTestFinished(() => port.close());
  return port;
}

const requests = (server: Rfc2217Server) => server.log.filter((entry) => /^\d/.test(entry));

describe('opening', () => {
  it('agrees on BINARY, SGA and COM-PORT and never answers an answer', async () => {
    const server = await start();
    await open(server);
    const talk = server.log.filter((entry) => /^[A-Z]/.test(entry));
    expect(talk.toSorted()).toEqual(
      ['WILL 0', 'WILL 3', 'WILL 44', 'DO 0', 'DO 3', 'DONT 1', 'DONT 44'].toSorted(),
    );
  });

  it('sets 8N1 at the rate, empties the buffers, and lets RTS go before DTR', async () => {
    const server = await start();
    const port = await open(server);
    expect(requests(server)).toEqual(['1 0001c200', '2 08', '3 01', '4 01', '12 03', '5 01', '5 0c', '5 09']);
    expect(port).toMatchObject({ kind: 'rfc2217', name: server.name, baudRate });
    expect(port.capabilities).toEqual({ lines: true, baudRate: true });
  });

  it('goes by the answer even when the server says nothing of itself', async () => {
    const server = await start({ greeting: '' });
    await open(server);
    expect(requests(server)).toHaveLength(8);
  });
});

describe('bytes', () => {
  it('arrive unchanged both ways, 0xFF included, however they are cut', async () => {
    const server = await start();
    const port = await open(server);
    const all = Buffer.from(Array.from({ length: 600 }, (_, index) => (index * 7) % 256));
    await port.write(all);
    await port.drain();
    await expect.poll(() => server.payload).toBe(all.toString('hex'));
    const reader = new ByteReader(port);
    const doubled = Buffer.from(
      all.toString('hex').replaceAll(/(..)/g, (byte) => (byte === 'ff' ? 'ffff' : byte)),
      'hex',
    );
    for (const byte of doubled) server.client?.write(Buffer.of(byte));
    expect(Buffer.from(await reader.read(all.length, { timeoutMs })).equals(all)).toBe(true);
  });

  it('pass while the server reports its modem lines', async () => {
    const server = await start();
    const port = await open(server);
    const reader = new ByteReader(port);
    server.client?.write(Buffer.from('41fffa2c6bb0fff042', 'hex'));
    expect(await reader.read(2, { timeoutMs })).toEqual(Uint8Array.of(0x41, 0x42));
  });
});

describe('lines', () => {
  it.each([
    [{ dtr: true }, ['5 08']],
    [{ rts: false }, ['5 0c']],
    [{ dtr: false, rts: true }, ['5 09', '5 0b']],
    [{ dtr: true, rts: false }, ['5 08', '5 0c']],
    [{ dtr: true, rts: true }, ['5 08', '5 0b']],
    [{ dtr: false, rts: false }, ['5 0c', '5 09']],
  ])('%j are asked for in an order that does not reset by the way', async (lines, expected) => {
    const server = await start();
    const port = await open(server);
    server.log.length = 0;
    await port.setLines(lines);
    expect(server.log).toEqual(expected);
  });

  it('are released before the connection ends', async () => {
    const server = await start();
    const port = await open(server);
    await port.setLines({ dtr: true, rts: true });
    server.log.length = 0;
    await port.close();
    await expect.poll(() => server.log).toEqual(['5 0c', '5 09']);
  });

  it('that are off already are left alone at the end', async () => {
    const server = await start();
    const port = await open(server);
    await port.setLines({ rts: true });
    await port.setLines({ rts: false });
    server.log.length = 0;
    await port.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.log).toEqual([]);
  });

  it('may be answered wrongly, as sredird does', async () => {
    const server = await start({ answer: (command, value) => (command === 5 ? Uint8Array.of(1) : value) });
    const port = await open(server);
    const startedAt = performance.now();
    await port.setLines({ dtr: false, rts: true });
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('may be answered not at all: that is waited for once', async () => {
    const server = await start({ answer: (command, value) => (command === 5 ? undefined : value) });
    const port = await open(server);
    const startedAt = performance.now();
    await port.setLines({ dtr: false, rts: true });
    await port.setLines({ dtr: false, rts: false });
    expect(performance.now() - startedAt).toBeLessThan(500);
    await expect.poll(() => requests(server).slice(-2)).toEqual(['5 0c', '5 09']);
  });

  it('are not waited for with ?ign_set_control', async () => {
    const server = await start({ answer: (command, value) => (command === 5 ? undefined : value) });
    const startedAt = performance.now();
    const port = await open(server, '?ign_set_control');
    await port.setLines({ dtr: true });
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe('baud rate', () => {
  it('changes after the bytes before it and before those after it', async () => {
    const server = await start();
    const port = await open(server);
    server.log.length = 0;
    void port.write(Uint8Array.of(1));
    const changing = port.setBaudRate(921_600);
    void port.write(Uint8Array.of(2));
    await changing;
    expect(port.baudRate).toBe(921_600);
    expect(server.log).toEqual(['1 000e1000']);
    await port.drain();
    await expect.poll(() => server.payload).toBe('0102');
  });

  it('that the far end cannot do is refused, and the old one stays known', async () => {
    const slow = Uint8Array.of(0, 1, 0xc2, 0);
    const server = await start({ answer: (command, value) => (command === 1 ? slow : value) });
    const port = await open(server);
    await expect(port.setBaudRate(3_000_000)).rejects.toMatchObject({
      code: 'port/failed',
      details: { reason: 'it runs at 115200 baud, not at the 3000000 it was asked for' },
    });
    expect(port.baudRate).toBe(115_200);
  });

  it('may come back a little off, or with more bytes than it has (sredird)', async () => {
    const server = await start({
      answer: (command, value) =>
        command === 1 ? Uint8Array.of(...value.slice(0, 3), 0x40, 0, 0, 0, 0) : value,
    });
    const port = await open(server);
    await port.setBaudRate(115_000);
    expect(port.baudRate).toBe(115_000);
  });
});

describe('a server that will not', () => {
  const opening = (server: Rfc2217Server, urlOptions = '', signal?: AbortSignal) =>
    openRfc2217Port(server.name + urlOptions, { baudRate, ...(signal && { signal }) });

  it('is told apart when it has no port control', async () => {
    await expect(opening(await start({ comPort: 'DONT' }))).rejects.toMatchObject({
      code: 'port/refused',
      details: { reason: expect.stringContaining('no RFC 2217 port control') as unknown },
    });
  });

  it('is not waited for longer than ?timeout, and quoted', async () => {
    const server = await start({ comPort: undefined, greeting: Buffer.from('>>> ').toString('hex') });
    await expect(opening(server, '?timeout=0.2')).rejects.toMatchObject({
      code: 'port/refused',
      details: {
        reason: expect.stringMatching(/^no RFC 2217 answer within 0.2 s.*it said: >>> $/) as unknown,
      },
    });
  });

  it('is silent when it does not set the rate', async () => {
    const server = await start({ answer: () => undefined });
    await expect(opening(server, '?timeout=0.2')).rejects.toMatchObject({ code: 'port/silent', exitCode: 3 });
  });

  it('is busy when it says so', async () => {
    const server = createServer((socket) => socket.end('Port already in use\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const name = `rfc2217://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(openRfc2217Port(name, { baudRate })).rejects.toMatchObject({
      code: 'port/busy',
      exitCode: 3,
    });
  });

  it('is left at once when we are interrupted', async () => {
    const server = await start({ comPort: undefined });
    const controller = new AbortController();
    const waiting = opening(server, '', controller.signal);
    setTimeout(() => {
      controller.abort();
    }, 50);
    await expect(waiting).rejects.toMatchObject({ code: 'run/interrupted', exitCode: 130 });
  });

  it.each(['?speed=9600', '?timeout=soon', '?timeout=0'])('is not asked with %s', async (urlOptions) => {
    await expect(openRfc2217Port(`rfc2217://127.0.0.1:1${urlOptions}`, { baudRate })).rejects.toMatchObject({
      code: 'usage/bad-port',
    });
  });
});

describe('the end', () => {
  it('is told when the server goes away, and ends what was waited for', async () => {
    const server = await start({
      answer: (command, value) => (command === 5 && value[0] === 8 ? undefined : value),
    });
    const port = await open(server);
    const ended = new Promise((resolve) => port.subscribe({ data: () => undefined, close: resolve }));
    const setting = port.setLines({ dtr: true });
    server.client?.destroy();
    await expect(setting).rejects.toMatchObject({ code: 'port/lost' });
    expect(await ended).toMatchObject({ code: 'port/lost' });
    await expect(port.setBaudRate(9600)).rejects.toMatchObject({ code: 'port/lost' });
    await port.close();
  });

  it('comes soon even when the server has stopped reading in the middle of a write', async () => {
    const server = await start();
    const port = await open(server);
    server.client?.pause();
    const writing = port.write(new Uint8Array(20_000_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const startedAt = performance.now();
    await Promise.all([port.close(), port.close()]);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await expect(writing).rejects.toMatchObject({ code: 'port/lost' });
  });
});
