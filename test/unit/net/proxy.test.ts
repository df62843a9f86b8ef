import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNet } from '../../../src/net/net.js';
import { type WebServer, startWebServer } from '../../support/web-server.js';

let proxy: WebServer;
const asked: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'upyw-proxy-'));

beforeAll(async () => {
  proxy = await startWebServer((request, response) => {
    asked.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`);
    if (request.headers['proxy-authorization'] === undefined) response.writeHead(407).end();
    else response.end('{}');
  });
  proxy.server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url ?? ''}`);
    const status = request.headers['proxy-authorization'] === undefined ? '407 Login' : '403 Filter';
    socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
  });
});
afterAll(async () => {
  await proxy.close();
  rmSync(folder, { recursive: true });
});

async function read(address: string, env: Record<string, string>): Promise<unknown> {
  asked.length = 0;
  const net = openNet({
    env: { UPYW_CACHE_DIR: folder, ...env },
    signal: new AbortController().signal,
    timeouts: { connectMs: 500, idleMs: 300 },
    retries: { pausesMs: [], longestWaitMs: 0 },
  });
  try {
    const from = { kind: 'web', url: new URL(address) } as const;
    const { text } = await net.documents.read({ from, maxAgeMs: 0, maxBytes: 1000, expects: 'json' });
    return text;
  } catch (error) {
    return error;
  } finally {
    await net.close();
  }
}

const withPassword = () => `http://me:geheim@${proxy.url.host}`;

it('goes through the proxy of HTTP_PROXY with its name and password, which is written without a scheme, too', async () => {
  // The name ends in .invalid: nobody but the proxy could know it (RFC 6761).
  expect(await read('http://mirror.invalid/a', { HTTP_PROXY: withPassword() })).toBe('{}');
  expect(asked).toEqual([`http://mirror.invalid/a Basic ${btoa('me:geheim')}`]);
  const error = await read('http://mirror.invalid/b', { http_proxy: proxy.url.host });
  expect(error).toMatchObject({ code: 'net/proxy-login' });
});

it('asks the proxy of HTTPS_PROXY for a tunnel, and tells what it says', async () => {
  const login = await read('https://mirror.invalid/a', { HTTPS_PROXY: proxy.url.href });
  expect(login).toMatchObject({ code: 'net/proxy-login' });
  const filter = await read('https://mirror.invalid/b', { HTTPS_PROXY: withPassword() });
  expect(filter).toMatchObject({ code: 'net/proxy-failed' });
  expect(asked).toEqual(['CONNECT mirror.invalid:443']);
  expect(String(filter)).toContain('403');
  expect(String(filter)).not.toContain('geheim');
});

it('leaves the proxy out where NO_PROXY says so, and for this computer', async () => {
  const here = await startWebServer((_, response) => void response.end('here'));
  const error = await read('http://mirror.invalid/c', { HTTP_PROXY: withPassword(), NO_PROXY: '.invalid' });
  expect(error).toMatchObject({ code: 'net/unreachable' });
  expect(await read(here.url.href, { HTTP_PROXY: withPassword() })).toBe('here');
  expect(asked).toEqual([]);
  await here.close();
});

it('tells of a proxy that is none', async () => {
  expect(await read('http://mirror.invalid/d', { HTTP_PROXY: 'http://' })).toMatchObject({
    code: 'net/proxy-failed',
  });
});
