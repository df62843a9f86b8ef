import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this computer alone. What it answers may be changed while it runs. */
export interface WebServer {
  readonly url: URL;
  readonly server: Server;
  /** Of each request so far: its path, and the range that it asked for. */
  readonly requests: { readonly path: string; readonly range: string | undefined }[];
  answer: Answer;
  close(): Promise<void>;
}

export async function startWebServer(answer: Answer, host = '127.0.0.1'): Promise<WebServer> {
  const requests: WebServer['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', range: request.headers.range });
    served.answer(request, response);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const served: WebServer = {
    url: new URL(`http://${host}:${port}/`),
    server,
    requests,
    answer,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return served;
}

/** A file as a good server has it: with its length, a tag, and in ranges. `cutAfter`: the line is cut after so many bytes of each answer. */
export function serveFile(
  content: Uint8Array,
  { cutAfter = Infinity, tag = '"1"' }: { cutAfter?: number; tag?: string } = {},
): Answer {
  return (request, response) => {
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const isRange = from !== undefined && request.headers['if-range'] === tag;
    const start = isRange ? Number(from) : 0;
    const rest = content.subarray(start);
    response.writeHead(isRange ? 206 : 200, {
      'content-type': 'application/octet-stream',
      'content-length': rest.length,
      'accept-ranges': 'bytes',
      etag: tag,
      ...(isRange ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
    });
    if (rest.length <= cutAfter) response.end(rest);
    // What comes together with the end of the line is lost in the stream that it ends.
    else response.write(rest.subarray(0, cutAfter), () => setTimeout(() => request.socket.destroy(), 100));
  };
}
