/** A request as it came over the connection. */
export interface HttpRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const headEnd = '\r\n\r\n';

/** Reads a request as far as it has come; undefined while there is more to come, `bad` when it is none. */
export function parseHttpRequest(bytes: Uint8Array): HttpRequest | 'bad' | undefined {
  const text = new TextDecoder('latin1').decode(bytes);
  const end = text.indexOf(headEnd);
  if (end === -1) return undefined;
  const [start = '', ...lines] = text.slice(0, end).split('\r\n');
  const match = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(start);
  const headers = parseHeaders(lines);
  const url = parseUrl(match?.[2] ?? '', headers['host']);
  if (match === null || url === undefined) return 'bad';
  const body = readBody(bytes.subarray(end + headEnd.length), headers);
  if (body === undefined || body === 'bad') return body;
  return {
    method: match[1] ?? '',
    host: url.host,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    body,
  };
}

function parseHeaders(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function parseUrl(target: string, host = 'localhost'): URL | undefined {
  try {
    return new URL(target, `http://${host}`);
  } catch {
    return undefined;
  }
}

function readBody(
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Uint8Array | 'bad' | undefined {
  if (headers['transfer-encoding'] === 'chunked') return readChunks(bytes);
  const length = Number(headers['content-length'] ?? '0');
  if (!Number.isSafeInteger(length) || length < 0) return 'bad';
  return bytes.length < length ? undefined : bytes.slice(0, length);
}

function readChunks(bytes: Uint8Array): Uint8Array | 'bad' | undefined {
  const body: number[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf(10, at);
    if (lineEnd === -1) return undefined;
    const length = Number.parseInt(new TextDecoder().decode(bytes.subarray(at, lineEnd)), 16);
    if (!(length >= 0)) return 'bad';
    const start = lineEnd + 1;
    if (bytes.length < start + length + 2) return undefined;
    if (length === 0) return Uint8Array.from(body);
    body.push(...bytes.subarray(start, start + length));
    at = start + length + 2;
  }
}
