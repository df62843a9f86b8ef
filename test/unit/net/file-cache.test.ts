import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FileCache, type FileRequest, sha256Of } from '../../../src/net/file-cache.js';
import { below, parseLocation } from '../../../src/net/location.js';
import { type Net, openNet } from '../../../src/net/net.js';
import { UpywError } from '../../../src/errors.js';
import { type WebServer, serveFile, startWebServer } from '../../support/web-server.js';

const content = new Uint8Array(300_000).map((_, index): number => (index * 7919) >> 3);
const page = '<!DOCTYPE html><html><head><title>Log in to\n Hotel Wi-Fi</title></head></html>';
const quick = { timeouts: { connectMs: 500, idleMs: 300 }, retries: { pausesMs: [5, 5], longestWaitMs: 50 } };

let server: WebServer;
let folder: string;
let net: Net;
let files: FileCache;
let request: FileRequest;
let controller: AbortController;

beforeAll(async () => {
  server = await startWebServer(serveFile(content));
});
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upyw-cache-'));
  controller = new AbortController();
  net = openNet({ env: { UPYW_CACHE_DIR: folder }, signal: controller.signal, ...quick });
  files = net.files('firmware');
  request = { name: 'a.bin', from: { kind: 'web', url: new URL('a.bin', server.url) }, maxBytes: 1e6 };
  server.requests.length = 0;
  server.answer = serveFile(content);
  return async () => {
    await net.close();
    rmSync(folder, { recursive: true });
  };
});

/** What an attempt is told. */
async function failing(wanted: FileRequest = request): Promise<{ code: string; message: string }> {
  const error: unknown = await files.obtain(wanted).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UpywError)) throw new Error(`not refused: ${String(error)}`);
  const { code, message } = error as UpywError;
  return { code, message };
}

const hidden = () => readdirSync(join(folder, 'firmware')).filter((name) => name.startsWith('.'));

describe('a file that comes whole', () => {
  it('is kept with its SHA-256, and not asked for again', async () => {
    const steps: number[] = [];
    const first = await files.obtain({ ...request, onProgress: (done) => steps.push(done) });
    expect(Buffer.compare(first.bytes, content)).toBe(0);
    expect(first).toMatchObject({ sha256: sha256Of(content), wasKept: false });
    expect(steps.at(-1)).toBe(content.length);
    expect(readFileSync(join(folder, 'firmware', 'a.bin.sha256'), 'utf8')).toBe(
      `${sha256Of(content)}  a.bin\n`,
    );
    expect(hidden()).toEqual([]);
    expect(await files.obtain(request)).toMatchObject({ wasKept: true, sha256: sha256Of(content) });
    expect(server.requests).toHaveLength(1);
    expect((await files.list()).map(({ name }) => name)).toEqual(['a.bin']);
  });

  it('is loaded anew when it has been damaged, or is not the one that is wanted', async () => {
    await files.obtain(request);
    writeFileSync(join(folder, 'firmware', 'a.bin'), 'damaged');
    expect(await files.find('a.bin')).toBeUndefined();
    expect(await files.obtain(request)).toMatchObject({ wasKept: false, sha256: sha256Of(content) });
    expect(await files.find('a.bin', 'abcd')).toBeUndefined();
  });

  it('counts when somebody has put it there by hand', async () => {
    await mkdir(join(folder, 'firmware'));
    writeFileSync(join(folder, 'firmware', 'b.bin'), content);
    expect(await files.find('b.bin')).toMatchObject({ sha256: sha256Of(content) });
  });

  it('comes from a folder as well, such as one on a USB stick', async () => {
    const from = below(parseLocation(folder, { cwd: '/', name: 'x' }), 'stick/a.bin');
    expect(await failing({ ...request, from })).toMatchObject({ code: 'file/not-found' });
    await mkdir(join(folder, 'stick'));
    writeFileSync(join(folder, 'stick', 'a.bin'), content);
    expect(await files.obtain({ ...request, from })).toMatchObject({ sha256: sha256Of(content) });
    expect(server.requests).toHaveLength(0);
  });

  it('stays in memory where the cache cannot be written', async () => {
    // A file where the folder should be: nobody, root included, can write there.
    writeFileSync(join(folder, 'firmware'), '');
    expect(await files.obtain(request)).toMatchObject({ path: undefined, sha256: sha256Of(content) });
    rmSync(join(folder, 'firmware'));
  });

  it('cannot lead out of the folder by its name', async () => {
    for (const name of ['../a', 'a/../../b', '/etc/passwd', '.hidden', 'a//b', String.raw`a\b`]) {
      expect(await failing({ ...request, name })).toMatchObject({ code: 'file/failed' });
    }
  });

  it('is used from a folder that may only be read', async () => {
    await files.obtain(request);
    chmodSync(join(folder, 'firmware'), 0o555);
    expect(await files.obtain(request)).toMatchObject({ wasKept: true });
    chmodSync(join(folder, 'firmware'), 0o755);
  });
});

describe('a bad line', () => {
  it('goes on where it was cut, by a range', async () => {
    server.answer = serveFile(content, { cutAfter: 100_000 });
    expect(await files.obtain(request)).toMatchObject({ sha256: sha256Of(content) });
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
  });

  it('begins anew where the file has changed meanwhile', async () => {
    const other = content.map((byte) => byte ^ 1);
    server.answer = (asked, response) => {
      serveFile(content, { cutAfter: 100_000 })(asked, response);
      server.answer = serveFile(other, { tag: '"2"' });
    };
    expect(await files.obtain(request)).toMatchObject({ sha256: sha256Of(other) });
  });

  it.each([
    ['another beginning', 'bytes 5-299999/300000', 100_000],
    ['no range at all', '', 100_000],
    ['nonsense', 'bytes */300000', 100_000],
  ])('does not put together what a server serves wrongly: %s', async (_, range, from) => {
    server.answer = (asked, response) => {
      if (asked.headers.range === undefined) {
        serveFile(content, { cutAfter: server.requests.length === 1 ? 100_000 : Infinity })(asked, response);
        return;
      }
      response.writeHead(206, range === '' ? {} : { 'content-range': range });
      response.end(content.subarray(from));
    };
    expect(await files.obtain(request)).toMatchObject({ sha256: sha256Of(content) });
  });

  it('loads once more what was put together wrongly under the right range', async () => {
    server.answer = (asked, response) => {
      if (asked.headers.range === undefined) {
        serveFile(content, { cutAfter: server.requests.length === 1 ? 100_000 : Infinity })(asked, response);
        return;
      }
      response.writeHead(206, { 'content-range': 'bytes 100000-299999/300000' });
      response.end(content.subarray(0, 200_000));
    };
    const wanted = { ...request, sha256: sha256Of(content) };
    expect(await files.obtain(wanted)).toMatchObject({ sha256: sha256Of(content) });
  });

  it('tries again after 500 and 429, and tells of them when they stay', async () => {
    server.answer = (asked, response) => {
      if (server.requests.length === 3) serveFile(content)(asked, response);
      else response.writeHead(server.requests.length === 1 ? 500 : 429, { 'retry-after': '0' }).end();
    };
    expect(await files.obtain(request)).toMatchObject({ sha256: sha256Of(content) });
    server.answer = (_, response) => void response.writeHead(503).end();
    expect(await failing({ ...request, name: 'b' })).toMatchObject({ code: 'net/server-failed' });
    server.requests.length = 0;
    server.answer = (_, response) => void response.writeHead(429, { 'retry-after': '3600' }).end();
    expect(await failing({ ...request, name: 'b' })).toMatchObject({ code: 'net/too-many-requests' });
    expect(server.requests).toHaveLength(1);
  });

  it('tells what stays short, silent or not HTTP', async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write('only this', () => response.socket?.end());
    };
    expect(await failing()).toMatchObject({ code: 'net/lost' });
    server.answer = (_, response) =>
      void response.writeHead(200, { 'content-length': 100 }).write('only this');
    expect(await failing()).toMatchObject({ code: 'net/timeout' });
    server.answer = (asked) =>
      void asked.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nnonsense\r\n\r\n');
    expect(await failing()).toMatchObject({ code: 'net/lost' });
  });

  it('keeps what has come for the next process, when it is interrupted', async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { 'content-length': content.length, etag: '"1"' });
      response.write(content.subarray(0, 100_000));
    };
    const left = failing.bind(undefined, {
      ...request,
      onProgress: () => {
        controller.abort(new Error('Ctrl-C'));
      },
    });
    await expect(left()).rejects.toThrow('Ctrl-C');
    expect(hidden()).toHaveLength(2);
    // Its process is alive, so nobody takes it.
    const again = openNet({
      env: { UPYW_CACHE_DIR: folder },
      signal: new AbortController().signal,
      ...quick,
    });
    expect(await again.files('firmware').leftovers()).toEqual([]);
    server.answer = serveFile(content);
    await again.files('firmware').obtain(request);
    expect(server.requests.at(-1)?.range).toBeUndefined();
    await again.close();
  });
});

describe('what is not the file', () => {
  it('is told apart by what arrived', async () => {
    const cases: [string, typeof server.answer][] = [
      ['net/not-found', (_, response) => response.writeHead(404).end('<html>no</html>')],
      ['net/refused', (_, response) => response.writeHead(403).end()],
      ['net/web-page', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page)],
      ['net/web-page', (_, response) => response.writeHead(200).end(page)],
      ['net/too-large', (_, response) => response.writeHead(200, { 'content-length': 2e6 }).end()],
      ['net/too-large', (_, response) => response.writeHead(200).end(new Uint8Array(1_100_000))],
      [
        'net/redirect-circle',
        ({ url }, response) => response.writeHead(302, { location: url === '/b' ? '/a' : '/b' }).end(),
      ],
      ['net/refused', (_, response) => response.writeHead(302, { location: 'ftp://a/b' }).end()],
      ['net/refused', (_, response) => response.writeHead(302).end()],
    ];
    for (const [code, answer] of cases) {
      server.answer = answer;
      expect(await failing()).toMatchObject({ code });
      expect(hidden()).toEqual([]);
    }
  });

  it('is named: a login page, where a redirect led to it', async () => {
    const login = await startWebServer((_, response) => void response.writeHead(200).end(page), 'localhost');
    server.answer = (_, response) => void response.writeHead(302, { location: login.url.href }).end();
    const { code, message } = await failing();
    expect(code).toBe('net/web-page');
    expect(message).toContain(`“Log in to Hotel Wi-Fi” from ${login.url.host}`);
    await login.close();
  });

  it('is refused by its SHA-256, and by who knows what it should be', async () => {
    expect(await failing({ ...request, sha256: 'abc' })).toMatchObject({ code: 'net/wrong-content' });
    const verify = () => {
      throw new UpywError('file/failed', { path: 'a.bin', reason: 'not what it claims to be' });
    };
    expect(await failing({ ...request, verify })).toMatchObject({ code: 'file/failed' });
    expect(readdirSync(join(folder, 'firmware'))).toEqual([]);
  });

  it('may be a page where that is what is wanted', async () => {
    server.answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    const file = await files.obtain({ ...request, mayBeHtml: true });
    expect(new TextDecoder().decode(file.bytes)).toBe(page);
  });

  it('says of a server that is not there that nobody listens', async () => {
    const gone = await startWebServer(() => undefined);
    await gone.close();
    const from = { kind: 'web', url: gone.url } as const;
    expect(await failing({ ...request, from })).toMatchObject({
      code: 'net/unreachable',
      message: `cannot reach ${gone.url.host}: nobody listens there`,
    });
  });
});
