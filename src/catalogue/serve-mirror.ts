import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileCache } from '../net/file-cache.js';
import { keptReleases } from './kept-releases.js';
import { type Release, parseFileName } from './release.js';

export interface MirrorOptions {
  readonly cache: FileCache;
  readonly host: string;
  readonly port: number;
  readonly signal: AbortSignal;
  /** Called for each file that somebody takes. */
  readonly onFile: (file: string, client: string) => void;
}

export interface ServedMirror {
  readonly url: string;
  /** Resolves when the signal has ended it. */
  readonly ended: Promise<void>;
}

/**
 * Offers the files of a cache by HTTP, in pages of micropython.org's form. Only reads, and only files that are firmware by their name. Rejects with the
 * system's error where it cannot listen.
 */
export async function serveMirror(options: MirrorOptions): Promise<ServedMirror> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch(() => response.destroy());
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const ended = once(server, 'close').then(() => undefined);
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  if (options.signal.aborted) stop();
  else options.signal.addEventListener('abort', stop, { once: true });
  return { url: `http://${host}:${port}/`, ended };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: MirrorOptions,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const [path = '/'] = (request.url ?? '/').split('?');
  const file = /^\/resources\/firmware\/([^/]+)$/.exec(path)?.[1];
  if (file !== undefined) {
    await sendFile(request, response, file, options);
    return;
  }
  const board = /^\/download\/([^/]+)\/?$/.exec(path)?.[1];
  const releases = await keptReleases(options.cache);
  const page = board === undefined ? boardsPage(path, releases) : boardPage(board, releases);
  if (page === undefined)
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
  else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
}

function boardsPage(path: string, releases: readonly Release[]): string | undefined {
  if (!['/', '/download', '/download/'].includes(path)) return undefined;
  const boards = [...new Set(releases.map(({ board }) => board))].sort();
  const cards = boards.map(
    (board) =>
      `<a class="board-card" href="/download/${board}"><div class="board-product">${board}</div><div class="board-vendor"></div></a>`,
  );
  return asPage('MicroPython firmware on this computer', cards);
}

function boardPage(board: string, releases: readonly Release[]): string | undefined {
  const own = releases.filter((each) => each.board === board);
  if (own.length === 0) return undefined;
  const lines = own.map(
    ({ file, version, date }) =>
      `<strong><a href="/resources/firmware/${file}">${version.text} (${date}) .bin</a></strong>`,
  );
  return asPage(board, ['<h2>Firmware</h2>', ...lines]);
}

/** All names in it are of letters, digits, dots, dashes and underscores. */
function asPage(title: string, lines: readonly string[]): string {
  return `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>\n${lines.join('\n')}\n</body></html>\n`;
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: string,
  { cache, onFile }: MirrorOptions,
): Promise<void> {
  const path = join(cache.folder, file);
  const found = parseFileName(file) === undefined ? undefined : await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
    return;
  }
  const tag = `"${found.size.toString(16)}-${Math.round(found.mtimeMs).toString(16)}"`;
  const start = rangeStart(request, tag, found.size);
  response.writeHead(start === 0 ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': found.size - start,
    'accept-ranges': 'bytes',
    etag: tag,
    ...(start === 0 ? {} : { 'content-range': `bytes ${start}-${found.size - 1}/${found.size}` }),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  onFile(file, request.socket.remoteAddress ?? '');
  await pipeline(createReadStream(path, { start }), response);
}

/** Where to begin: of ranges only "from here to the end" is understood, and others get the whole, as RFC 9110 allows. */
function rangeStart({ headers }: IncomingMessage, tag: string, sizeBytes: number): number {
  const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
  const isSame = headers['if-range'] === undefined || headers['if-range'] === tag;
  const start = from === undefined || !isSame ? 0 : Number(from);
  return start < sizeBytes ? start : 0;
}
