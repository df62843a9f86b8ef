import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { ByteReader } from '../../src/transport/byte-reader.js';
import { openRfc2217Port } from '../../src/transport/rfc2217/rfc2217.js';
import { describeWithPeers } from '../support/peers.js';
import { openPty } from '../support/pty.js';

const baudRate = 115_200;
const timeoutMs = 10_000;

describeWithPeers('our client, a server of pyserial', ['peer-python'], () => {
  /** What the server told, line by line, and its address. */
  async function startServer(): Promise<{ name: string; told: unknown[] }> {
    const server = execa('peer-python', [join(import.meta.dirname, 'pyserial_server.py')], { buffer: false });
    server.catch(() => undefined);
    onTestFinished(() => void server.kill());
    const told: unknown[] = [];
    const started = new Promise<number>((resolve) => {
      void (async () => {
        for await (const line of server) {
          const event = JSON.parse(line) as { tcpPort?: number };
          if (event.tcpPort === undefined) told.push(event);
          else resolve(event.tcpPort);
        }
      })().catch(() => undefined);
    });
    return { name: `rfc2217://127.0.0.1:${await started}`, told };
  }

  it('sets rate and format, lets RTS go before DTR, and is understood about every line', async () => {
    const { name, told } = await startServer();
    const port = await openRfc2217Port(name, { baudRate });
    const format = { byteSize: 8, parity: 'N', stopBits: 1 };
    await expect.poll(() => told).toContainEqual({ baudRate, ...format });
    await expect.poll(() => told.slice(-2)).toEqual([{ rts: false }, { dtr: false }]);

    told.length = 0;
    await port.setLines({ dtr: false, rts: true });
    await port.setLines({ dtr: true, rts: false });
    await port.setLines({ dtr: false });
    await port.setBaudRate(921_600);
    await expect
      .poll(() => told)
      .toEqual([
        { dtr: false },
        { rts: true },
        { dtr: true },
        { rts: false },
        { dtr: false },
        { baudRate: 921_600, ...format },
      ]);

    await port.setLines({ rts: true });
    await port.close();
    await expect.poll(() => told.at(-1)).toEqual({ dtr: false, rts: false, gone: true });
  });

  it('gets back every byte it sent', async () => {
    const { name } = await startServer();
    const port = await openRfc2217Port(name, { baudRate });
    const sent = Buffer.concat([
      Buffer.alloc(1000, 0xff),
      randomBytes(100_000),
      Buffer.from('\r\n\r\0\xff', 'latin1'),
    ]);
    const reader = new ByteReader(port);
    void port.write(sent);
    expect(Buffer.from(await reader.read(sent.length, { timeoutMs })).equals(sent)).toBe(true);
    await port.close();
  });

  it('finds the server free again after closing', async () => {
    const { name } = await startServer();
    for (let round = 0; round < 3; round += 1) await (await openRfc2217Port(name, { baudRate })).close();
  });
});

describeWithPeers('our client, ser2net, a pseudo-terminal', ['ser2net'], () => {
  async function freeTcpPort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  async function startSer2net(device: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'upyw-ser2net-'));
    const tcpPort = await freeTcpPort();
    const config = [
      'connection: &board',
      `  accepter: telnet(rfc2217),tcp,127.0.0.1,${tcpPort}`,
      `  connector: serialdev,${device},9600n81,local`,
      '',
    ].join('\n');
    await writeFile(join(folder, 'ser2net.yaml'), config);
    const server = execa('ser2net', ['-n', '-c', join(folder, 'ser2net.yaml'), '-P', join(folder, 'pid')]);
    server.catch(() => undefined);
    onTestFinished(async () => {
      server.kill();
      await server.catch(() => undefined);
      await rm(folder, { recursive: true });
    });
    await expect.poll(() => accepts(tcpPort), { timeout: 5000 }).toBe(true);
    return `rfc2217://127.0.0.1:${tcpPort}`;
  }

  function accepts(tcpPort: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(tcpPort, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
  }

  it('carries every byte both ways at the rate that was asked for', async () => {
    const pty = (await openPty())!;
    onTestFinished(() => pty.hangUp());
    const port = await openRfc2217Port(await startSer2net(pty.path), { baudRate });
    onTestFinished(() => port.close());
    expect((await execa('stty', ['-F', pty.path, 'speed'])).stdout).toBe('115200');

    const sent = Buffer.concat([
      Buffer.alloc(500, 0xff),
      randomBytes(3000),
      Buffer.from('\r\n\r\0', 'latin1'),
    ]);
    const heard: Buffer[] = [];
    pty.master.on('data', (bytes: Buffer) => heard.push(bytes));
    await port.write(sent);
    await expect.poll(() => Buffer.concat(heard).equals(sent)).toBe(true);
    const reader = new ByteReader(port);
    pty.master.write(sent);
    expect(Buffer.from(await reader.read(sent.length, { timeoutMs })).equals(sent)).toBe(true);

    await port.setBaudRate(921_600);
    expect((await execa('stty', ['-F', pty.path, 'speed'])).stdout).toBe('921600');
  });

  it('is busy for a second client', async () => {
    const pty = (await openPty())!;
    onTestFinished(() => pty.hangUp());
    const name = await startSer2net(pty.path);
    const port = await openRfc2217Port(name, { baudRate });
    onTestFinished(() => port.close());
    await expect(openRfc2217Port(name, { baudRate })).rejects.toMatchObject({
      code: 'port/busy',
      exitCode: 3,
    });
    await port.close();
    await (await openRfc2217Port(name, { baudRate })).close();
  });
});
