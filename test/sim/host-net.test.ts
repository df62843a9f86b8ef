import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { useSimFolder } from '../support/sim-folder.js';
import { switchOn } from '../support/switched-on.js';

/** `sim:?net=host`: programs on the board meet what listens on this computer. */
useSimFolder();

let port: Port;
let repl: ReplClient;
const servers: Server[] = [];

beforeAll(async () => {
  port = await openPort('sim:net?unpaced&net=host');
  repl = new ReplClient(port);
  await repl.enterRaw();
  await repl.output('import socket, select, asyncio, time, errno');
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

afterAll(() => port.close());

async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  servers.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const tcp = (serve: (socket: Socket) => void, host?: string): Promise<number> =>
  listening(createTcpServer(serve), host);

const echo = (socket: Socket): void => void socket.pipe(socket);

it('an HTTP API answers requests', async () => {
  const api = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      response.setHeader('Content-Type', 'application/json');
      response.end(
        JSON.stringify({ method: request.method, url: request.url, body, long: 'x'.repeat(20_000) }),
      );
    });
  });
  const at = await listening(api);
  const code = `
import requests
answer = requests.post("http://localhost:${at}/things", json={"a": 1})
said = answer.json()
print(answer.status_code, said["method"], said["url"], said["body"], len(said["long"]))
answer.close()`;
  expect(await repl.output(code)).toBe('200 POST /things {"a": 1} 20000\r\n');
});

it('a connection takes both directions, with timeouts, polls and an end', async () => {
  const at = await tcp(echo);
  const code = `
s = socket.socket()
s.connect(socket.getaddrinfo("127.0.0.1", ${at})[0][-1])
poller = select.poll(); poller.register(s, select.POLLIN)
print(poller.poll(0), s.send(b"hello\\nworld\\n"), poller.poll(1000)[0][1])
print(s.readline(), s.recv(100))
s.settimeout(0.05)
try: s.recv(1)
except OSError as error: print(error)
s.setblocking(False)
try: s.recv(1)
except OSError as error: print(error)
print(s.read(1), s.readline())
s.setblocking(True)
data = bytes(range(256)) * 200
s.setblocking(False); sent = s.write(data); s.setblocking(True); s.write(data[sent:])
print(0 < sent < len(data), s.read(len(data)) == data)
s.close()`;
  expect(await repl.output(code)).toBe(
    [
      '[] 12 1',
      "b'hello\\n' b'world\\n'",
      '[Errno 116] ETIMEDOUT',
      '[Errno 11] EAGAIN',
      'None None',
      'True True',
      '',
    ].join('\r\n'),
  );
});

it('the other side ends, or was never there', async () => {
  const at = await tcp((socket) => socket.end('bye'));
  expect(
    await repl.output(
      `s = socket.socket(); s.connect(("localhost", ${at})); print(s.read(), s.recv(5)); s.close()`,
    ),
  ).toBe("b'bye' b''\r\n");
  servers[0]?.close();
  expect(await repl.failure(`socket.socket().connect(("127.0.0.1", ${at}))`)).toBe(
    'OSError: [Errno 104] ECONNRESET',
  );
});

it('asyncio connects, and serves', async () => {
  const at = await tcp(echo);
  const talk = `
async def talk():
    reader, writer = await asyncio.open_connection("127.0.0.1", ${at})
    writer.write(b"one\\n" + b"x" * 30000 + b"\\n")
    await writer.drain()
    print(await reader.readline(), len(await reader.readexactly(30001)))
    writer.close(); await writer.wait_closed()
asyncio.run(talk())`;
  expect(await repl.output(talk)).toBe("b'one\\n' 30001\r\n");
  const free = createTcpServer();
  const taken = await listening(free);
  expect(await repl.failure(`s = socket.socket(); s.bind(("127.0.0.1", ${taken})); s.listen(1)`)).toBe(
    'OSError: [Errno 112] EADDRINUSE',
  );
  free.close();
  await once(free, 'close');
  await repl.start(`
async def serve(reader, writer):
    writer.write(b"you said " + await reader.readline())
    await writer.drain()
    writer.close(); await writer.wait_closed()
    done.set()
async def main():
    global done
    done = asyncio.Event()
    async with await asyncio.start_server(serve, "0.0.0.0", ${taken}):
        print("ready")
        await done.wait()
asyncio.run(main())`);
  await repl.until('ready');
  const socket = connect(taken, '127.0.0.1');
  socket.write('hello\n');
  const [said] = (await once(socket, 'data')) as [Uint8Array];
  expect(Buffer.from(said).toString()).toBe('you said hello\n');
  expect((await repl.end()).error).toBe('');
});

it('a connection does not wait where the program does not want to', async () => {
  const at = await tcp(echo);
  const code = `
s = socket.socket(); s.setblocking(False)
try: s.connect(("127.0.0.1", ${at}))
except OSError as error: print(error.errno == errno.EINPROGRESS)
poller = select.poll(); poller.register(s, select.POLLOUT)
print(poller.poll(2000)[0][1]); s.close()`;
  expect(await repl.output(code)).toBe('True\r\n4\r\n');
});

it('a server that listens on IPv6 alone is reached, too', async () => {
  const at = await tcp((socket) => socket.end('six'), '::1').catch(() => undefined);
  if (at === undefined) return;
  expect(
    await repl.output(`s = socket.socket(); s.connect(("localhost", ${at})); print(s.read()); s.close()`),
  ).toBe("b'six'\r\n");
});

it('sockets end with the program', async (test) => {
  let ended = 0;
  const at = await tcp((socket) => {
    socket.on('error', () => undefined);
    socket.on('close', () => (ended += 1));
  });
  const other = await switchOn('sim:other?unpaced&net=host', test);
  await other.repl.output(`import socket; s = socket.socket(); s.connect(("127.0.0.1", ${at}))`);
  await other.repl.send('\x04');
  await other.repl.until('soft reboot');
  await expect.poll(() => ended).toBe(1);
});

it('nothing is reached without net=host', async (test) => {
  const at = await tcp(echo);
  const other = await switchOn('sim:alone?unpaced', test);
  await other.repl.output('import socket');
  expect(await other.repl.failure(`socket.socket().connect(("127.0.0.1", ${at}))`)).toBe(
    'OSError: [Errno 104] ECONNRESET',
  );
});
