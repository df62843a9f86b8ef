import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runOnDevice } from '../support/device-code.js';
import { describeWithPeers } from '../support/peers.js';

let server: Server;
let base: string;
/** What arrived, as method, path, content type and body. */
let requests: string[];
let openSockets: number;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function sorted(json: string): string {
  return JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json) as object).sort()));
}

beforeEach(async () => {
  requests = [];
  openSockets = 0;
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      requests.push([request.method, request.url, request.headers['content-type'], body].join(' ').trim());
      if (request.url === '/hang-up') request.socket.destroy();
      else if (request.url === '/text') response.end('plain');
      else {
        response.writeHead(request.method === 'POST' ? 201 : 200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ title: 'žlutý kůň', method: request.method }));
      }
    });
  });
  server.on('connection', (socket) => {
    openSockets += 1;
    socket.on('close', () => (openSockets -= 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
});

/** Real time and real sockets here. */
const run = (code: string[], config = `api_base_url = '${base}/'`) =>
  runOnDevice(code.join('\n'), { 'config.py': config }, { clock: 'real' });

describeWithPeers('api_test on real MicroPython', ['micropython'], () => {
  it('gets, posts and puts JSON', async () => {
    const { lines, errors } = await run(['import api_test', 'api_test.test()']);
    expect(errors).toBe('');
    // A dict of MicroPython has no order.
    expect(requests.map((line) => line.replace(/\{.*\}/, (body) => sorted(body)))).toEqual([
      'GET /posts/1 application/json',
      'POST /posts application/json {"title":"workshop","value":10}',
      'PUT /posts/1 application/json {"title":"workshop","value":11}',
    ]);
    expect(lines.filter((line) => line.startsWith('status'))).toEqual([
      'status: 200 OK',
      'status: 201 Created',
      'status: 200 OK',
    ]);
  });

  it('returns the status and the decoded answer, sends other alphabets whole', async () => {
    const { lines, errors } = await run([
      'import api_test',
      "status, answer = api_test.put('posts/1', {'title': 'žlutý'})",
      "print(status, answer['title'])",
      "print(api_test.get('/text'))",
      `print(api_test.get('${base}/text')[0])`,
    ]);
    expect(errors).toBe('');
    expect(requests[0]).toBe('PUT /posts/1 application/json {"title": "žlutý"}');
    expect(lines).toContain('200 žlutý kůň');
    expect(lines).toContain("(200, 'plain')");
  });

  it('closes every response, also when reading it fails', async () => {
    const { lines } = await run([
      'import api_test',
      'requests = api_test.requests',
      'closed = []',
      'class Response(requests.Response):',
      '    def close(self): closed.append(1); super().close()',
      'requests.Response = Response',
      'for _ in range(20): api_test.get()',
      'print(len(closed))',
      'class Broken(Response):',
      '    @property',
      '    def text(self): raise OSError(104)',
      'requests.Response = Broken',
      'try: api_test.get()',
      'except OSError: print(len(closed))',
    ]);
    expect(lines.filter((line) => /^\d+$/.test(line))).toEqual(['20', '21']);
    await expect.poll(() => openSockets).toBe(0);
  });

  it.each([
    ['OSError(23)', /not closed, or RAM ran out/],
    ['OSError(-4290)', /not closed, or RAM ran out/],
    ["OSError(-17040, 'MBEDTLS_ERR_RSA_PUBLIC_FAILED+MBEDTLS_ERR_MPI_ALLOC_FAILED')", /RAM ran out/],
    ["MemoryError('memory allocation failed, allocating 4096 bytes')", /RAM ran out/],
    ["IndexError('list index out of range')", /^no network/],
    ['OSError(-202)', /^no network/],
    ["OSError('Wifi Internal Error')", /^no network/],
    ["IndexError('queue overflow')", /^too many async events/],
    ["IndexError('full')", /^too many async events/],
    ["RuntimeError('schedule queue full')", /^too many async events/],
    ['OSError(116)', /did not answer in time/],
    ["ValueError('mine')", /^None$/],
    ["IndexError('bytes index out of range')", /^None$/],
    ['OSError(2)', /^None$/],
  ])('explains %s', async (error, expected) => {
    const { lines } = await run(['import api_test', `print(api_test.explain(${error}))`]);
    expect(lines.at(-1)).toMatch(expected);
  });

  it('prints the explanation and raises the exception', async () => {
    const { lines, errors } = await run(['import api_test', "api_test.get('http://no-such-host.invalid/')"]);
    expect(lines.at(-1)).toMatch(/^api_test: no network/);
    expect(errors).toContain('OSError');
  });

  it('works with the urequests of v1.19, which knows no timeout', async () => {
    const { lines, errors } = await run([
      'import sys',
      'try: import requests',
      'except ImportError: import urequests as requests',
      'def request(method, url, data=None, json=None, headers={}, stream=None):',
      "    print('asked the old way')",
      '    return send(method, url, data, json, headers, stream)',
      'send, requests.request = requests.request, request',
      "sys.modules.pop('requests', None)",
      "sys.modules['urequests'] = requests",
      "with open('requests.py', 'w') as file: file.write('raise ImportError')",
      'import api_test',
      "api_test.post('/posts', {})",
    ]);
    expect(errors).toBe('');
    expect(lines.filter((line) => line.startsWith('asked'))).toHaveLength(1);
    expect(requests).toEqual(['POST /posts application/json {}']);
  });

  it('has a default where config.py names no service', async () => {
    const { lines } = await run(
      [
        'import api_test',
        'def request(method, url, **rest): raise OSError(-202)',
        'api_test.requests.request = request',
        'try: api_test.get("/posts/1")',
        'except OSError: pass',
      ],
      '',
    );
    expect(lines[0]).toBe('GET http://jsonplaceholder.typicode.com/posts/1');
  });
});
