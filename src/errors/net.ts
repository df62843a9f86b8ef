import { kind } from './define.js';

const seconds = (timeMs: number): string => `${Math.round(timeMs / 100) / 10} s`;
const again = 'Check the connection to the internet and repeat the command; what has arrived is kept';
const proxyHint = (proxy: string | undefined): string =>
  proxy === undefined
    ? 'where everything goes through a proxy, set HTTPS_PROXY'
    : `HTTPS_PROXY or HTTP_PROXY says ${proxy}: is that right?`;

/** Downloads, told apart by what arrived. Every `url` and `proxy` is shown without its password. */
export const netErrors = {
  'net/unreachable': kind<{ host: string; reason: string; proxy?: string }>({
    exitCode: 1,
    message: ({ host, reason }) => `cannot reach ${host}: ${reason}`,
    hint: ({ proxy }) => `Check the connection to the internet; ${proxyHint(proxy)}`,
  }),
  'net/timeout': kind<{ url: string; waitedMs: number; proxy?: string }>({
    exitCode: 1,
    retryable: true,
    message: ({ url, waitedMs }) => `nothing came from ${url} for ${seconds(waitedMs)}`,
    hint: ({ proxy }) => `${again}; ${proxyHint(proxy)}`,
  }),
  'net/too-slow': kind<{ url: string; gotBytes: number; tookMs: number }>({
    exitCode: 1,
    message: ({ url, gotBytes, tookMs }) =>
      `${url} comes too slowly: ${gotBytes} bytes in ${seconds(tookMs)}`,
    hint: () => again,
  }),
  'net/lost': kind<{ url: string; reason: string }>({
    exitCode: 1,
    retryable: true,
    message: ({ url, reason }) => `the connection to ${url} broke off: ${reason}`,
    hint: () => again,
  }),
  'net/incomplete': kind<{ url: string; gotBytes: number; wantedBytes: number }>({
    exitCode: 1,
    retryable: true,
    message: ({ url, gotBytes, wantedBytes }) =>
      `${url} came incomplete: ${gotBytes} of ${wantedBytes} bytes`,
    hint: () => again,
  }),
  'net/too-large': kind<{ url: string; maxBytes: number }>({
    exitCode: 1,
    message: ({ url, maxBytes }) => `${url} is larger than ${maxBytes} bytes, so it is not what was wanted`,
    hint: () => 'Check the address; nothing was kept',
  }),
  'net/not-found': kind<{ url: string }>({
    exitCode: 1,
    message: ({ url }) => `there is nothing at ${url} (404)`,
    hint: () => 'Check the name; old preview builds are taken away by those who publish them',
  }),
  'net/too-many-requests': kind<{ url: string; retryAfterMs?: number }>({
    exitCode: 1,
    retryable: true,
    message: ({ url }) => `${url} has had too many requests from here (429)`,
    hint: ({ retryAfterMs }) =>
      retryAfterMs === undefined
        ? 'Wait a few minutes and repeat the command'
        : `Wait ${seconds(retryAfterMs)} and repeat the command`,
  }),
  'net/server-failed': kind<{ url: string; status: number }>({
    exitCode: 1,
    retryable: true,
    message: ({ url, status }) => `the server of ${url} has a fault (${status})`,
    hint: () => 'The fault is not at your end: repeat the command in a few minutes',
  }),
  'net/refused': kind<{ url: string; status: number }>({
    exitCode: 1,
    message: ({ url, status }) => `the server refuses ${url} (${status})`,
    hint: ({ status }) =>
      status === 401
        ? 'It asks for a name and a password: https://NAME:PASSWORD@host/…'
        : 'Check the address; a network with a filter may be in the way: try another network',
  }),
  'net/redirect-circle': kind<{ url: string; hops: number }>({
    exitCode: 1,
    message: ({ url, hops }) => `${url} leads from one address to the next and nowhere (${hops} times)`,
    hint: () => 'Open it in a browser: this network may ask you to log in first',
  }),
  'net/insecure-redirect': kind<{ url: string; to: string }>({
    exitCode: 1,
    message: ({ url, to }) =>
      `${url} leads to ${to}, which is not encrypted: anybody could have put it there`,
    hint: () => 'Open it in a browser: this network may ask you to log in first',
  }),
  'net/web-page': kind<{ url: string; title?: string; from?: string }>({
    exitCode: 1,
    message: ({ url, title, from }) =>
      `instead of ${url} came a web page${title === undefined ? '' : `, “${title}”`}` +
      (from === undefined ? '' : ` from ${from}`),
    hint: () => 'Open any page in a browser and log in to this network, then repeat the command',
  }),
  'net/wrong-content': kind<{ url: string; expected: string; actual: string }>({
    exitCode: 1,
    message: ({ url, expected, actual }) =>
      `${url} is not the file that it should be: its SHA-256 is ${actual}, not ${expected}`,
    hint: () => 'Nothing of it was kept. Repeat the command; if it goes on, somebody has changed the file',
  }),
  'net/certificate': kind<{ host: string; reason: string; isTime: boolean }>({
    exitCode: 1,
    message: ({ host, reason }) => `the certificate of ${host} cannot be trusted: ${reason}`,
    hint: ({ isTime }) =>
      isTime
        ? 'Check the date and the clock of this computer'
        : "Where a company's or a school's proxy looks into connections, get its certificate and name the file: NODE_EXTRA_CA_CERTS=FILE.pem",
  }),
  'net/proxy-login': kind<{ proxy: string }>({
    exitCode: 1,
    message: ({ proxy }) => `the proxy ${proxy} asks for a name and a password (407)`,
    hint: () => 'Set them in HTTPS_PROXY (and HTTP_PROXY): http://NAME:PASSWORD@host:port',
  }),
  'net/proxy-failed': kind<{ proxy: string; reason: string }>({
    exitCode: 1,
    message: ({ proxy, reason }) => `the proxy ${proxy} does not let this through: ${reason}`,
    hint: () => 'Check HTTPS_PROXY and HTTP_PROXY; what is to be reached without them stands in NO_PROXY',
  }),
  'net/bad-source': kind<{ name: string; source: string; reason: string }>({
    exitCode: 2,
    message: ({ name, source, reason }) => `${name}: ${source} is no place to download from: ${reason}`,
    hint: ({ name }) => `Give ${name} an address (https://…) or a folder`,
  }),
};
