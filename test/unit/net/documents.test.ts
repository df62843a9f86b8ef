import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { DocumentRequest } from '../../../src/net/documents.js';
import { type Net, openNet } from '../../../src/net/net.js';
import { type WebServer, startWebServer } from '../../support/web-server.js';

let server: WebServer;
let folder: string;
let net: Net;
let request: DocumentRequest;

beforeAll(async () => {
  server = await startWebServer(() => undefined);
});
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upyw-documents-'));
  net = openNet({
    env: { UPYW_CACHE_DIR: folder },
    signal: new AbortController().signal,
    timeouts: { connectMs: 500, idleMs: 300 },
    retries: { pausesMs: [5], longestWaitMs: 50 },
  });
  server.requests.length = 0;
  server.answer = (_, response) => void response.setHeader('etag', '"1"').end('{"new": true}');
  const from = { kind: 'web', url: new URL('index.json', server.url) } as const;
  request = { from, maxAgeMs: 60_000, maxBytes: 1000, expects: 'json' };
  return async () => {
    await net.close();
    rmSync(folder, { recursive: true });
  };
});

it('asks once, and then not before it is too old', async () => {
  expect((await net.documents.read(request)).text).toBe('{"new": true}');
  expect((await net.documents.read(request)).text).toBe('{"new": true}');
  expect(server.requests).toHaveLength(1);
  server.answer = (asked, response) => {
    expect(asked.headers['if-none-match']).toBe('"1"');
    response.writeHead(304).end();
  };
  expect((await net.documents.read({ ...request, maxAgeMs: 0 })).text).toBe('{"new": true}');
  expect(server.requests).toHaveLength(2);
});

it('uses the one that it has where nothing newer can be had, and says why', async () => {
  await net.documents.read(request);
  server.answer = (_, response) => void response.writeHead(500).end();
  const old = await net.documents.read({ ...request, maxAgeMs: 0 });
  expect(old).toMatchObject({ text: '{"new": true}', failure: { code: 'net/server-failed' } });
});

it('takes no login page for an index, nor what is far too long', async () => {
  server.answer = (_, response) => void response.end('<html><title>Log in</title></html>');
  await expect(net.documents.read(request)).rejects.toMatchObject({ code: 'net/web-page' });
  server.answer = (_, response) => void response.end('x'.repeat(1001));
  await expect(net.documents.read(request)).rejects.toMatchObject({ code: 'net/too-large' });
});

it('asks again where what it has is not whole', async () => {
  await net.documents.read(request);
  const [kept = ''] = readdirSync(join(folder, 'documents'));
  writeFileSync(join(folder, 'documents', kept), '{"url": "http');
  await net.documents.read(request);
  expect(server.requests).toHaveLength(2);
});

it('goes on where it cannot keep anything', async () => {
  writeFileSync(join(folder, 'documents'), '');
  expect((await net.documents.read(request)).text).toBe('{"new": true}');
});

it('reads a folder at each time', async () => {
  const path = join(folder, 'index.json');
  for (const text of ['1', '2']) {
    writeFileSync(path, text);
    expect((await net.documents.read({ ...request, from: { kind: 'folder', path } })).text).toBe(text);
  }
});
