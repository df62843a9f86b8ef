import { parseHttpRequest, type HttpRequest } from './http-request.js';

const lastId = 100;
const listLength = 3;
const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * The web service behind every name on the virtual board's network, in the manner of the public test APIs: `/posts/1` and the like are
 * records that can be read, made and changed (nothing is kept), `/status/404` gives that status, and `/get`, `/post`, `/put`,
 * `/anything` and what is not known otherwise tell what was asked.
 * @returns the response; undefined while the request is not complete
 */
export function answerHttp(received: Uint8Array, scheme: 'http' | 'https' = 'http'): Uint8Array | undefined {
  const request = parseHttpRequest(received);
  if (request === undefined) return undefined;
  const { status, body } = request === 'bad' ? { status: 400, body: undefined } : answer(request, scheme);
  const isHead = request !== 'bad' && request.method === 'HEAD';
  return response(status, body === undefined ? '' : JSON.stringify(body), isHead);
}

function response(status: number, text: string, isHead: boolean): Uint8Array {
  const body = new TextEncoder().encode(text);
  const head = [
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Unknown'}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  const start = new TextEncoder().encode(`${head.join('\r\n')}\r\n\r\n`);
  const bytes = new Uint8Array(start.length + (isHead ? 0 : body.length));
  bytes.set(start);
  if (!isHead) bytes.set(body, start.length);
  return bytes;
}

function answer(request: HttpRequest, scheme: string): Answer {
  const [, first = '', second] = request.path.split('/');
  const status = Number(first === 'status' ? second : NaN);
  if (status >= 200 && status <= 599) return { status };
  const isRecord = second === undefined ? first.endsWith('s') : /^\d+$/.test(second);
  return isRecord ? answerRecord(request, first, second) : { status: 200, body: echo(request, scheme) };
}

function answerRecord(request: HttpRequest, kind: string, id: string | undefined): Answer {
  const given = parseJson(request.body);
  const fields = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
  if (id === undefined) {
    if (request.method === 'POST') return { status: 201, body: { ...fields, id: lastId + 1 } };
    if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, body: {} };
    return { status: 200, body: Array.from({ length: listLength }, (_, at) => record(kind, at + 1)) };
  }
  const number = Number(id);
  if (number < 1 || number > lastId) return { status: 404, body: {} };
  switch (request.method) {
    case 'PUT':
      return { status: 200, body: { ...fields, id: number } };
    case 'PATCH':
      return { status: 200, body: { ...record(kind, number), ...fields } };
    case 'DELETE':
      return { status: 200, body: {} };
    case 'GET':
    case 'HEAD':
      return { status: 200, body: record(kind, number) };
    default:
      return { status: 405, body: {} };
  }
}

function record(kind: string, id: number): object {
  return { userId: Math.ceil(id / 10), id, title: `${kind} ${id}`, body: 'from the virtual network' };
}

function echo({ method, host, path, query, headers, body }: HttpRequest, scheme: string): object {
  const data = new TextDecoder().decode(body);
  return { method, url: `${scheme}://${host}${path}`, args: query, headers, data, json: parseJson(body) };
}

/** Null where it is no JSON. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return null;
  }
}
